#include "thigh_muscles.hpp"

#include <algorithm>
#include <utility>

namespace coxa {

namespace {

// The junction lies at some 56 % of the thigh from the knee. Greatest sections lie at 67 % in the rectus
// femoris, 67 and 56 % in the vasti lateralis and intermedius, 26 % in the medialis, 67 % in the sartorius,
// 65 % in the gracilis, 50 % in the semimembranosus, 35 % in the biceps and 73 % in the adductors (17 adults,
// Rigakuryoho Kagaku 21(3), 2006). Between these and the muscles' anatomical ends the numbers are by choice.
constexpr std::array kCourses{
    std::pair{std::string_view("rectus_femoris"),
              MuscleCourse{{1.0, 0.75, 0.42, 0.12, 0.0, 0.0, 0.0, 0.0}, 0.0, -40.0, false}},
    std::pair{std::string_view("vastus_lateralis_intermedius"),
              MuscleCourse{{1.0, 1.0, 0.9, 0.65, 0.3, 0.0, 0.0, 0.0}, 18.0, -25.0, true}},
    std::pair{std::string_view("vastus_medialis"),
              MuscleCourse{{1.0, 1.2, 1.4, 1.45, 1.15, 0.5, 0.0, 0.0}, -28.0, -22.0, false}},
    std::pair{std::string_view("sartorius"),
              MuscleCourse{{1.0, 1.0, 0.95, 0.9, 0.8, 0.65, 0.5, 0.35}, -46.0, 26.0, false}},
    std::pair{std::string_view("gracilis"),
              MuscleCourse{{1.0, 0.75, 0.45, 0.25, 0.18, 0.14, 0.12, 0.1}, -42.0, 36.0, false}},
    std::pair{std::string_view("adductors"),
              MuscleCourse{{1.0, 0.8, 0.55, 0.28, 0.06, 0.0, 0.0, 0.0}, -30.0, 10.0, false}},
    std::pair{std::string_view("semimembranosus"),
              MuscleCourse{{1.0, 1.5, 1.9, 2.0, 1.8, 1.2, 0.5, 0.15}, -20.0, 45.0, false}},
    std::pair{std::string_view("semitendinosus"),
              MuscleCourse{{1.0, 0.9, 0.6, 0.3, 0.15, 0.12, 0.1, 0.08}, -30.0, 50.0, false}},
    std::pair{std::string_view("biceps_femoris"),
              MuscleCourse{{1.0, 1.25, 1.45, 1.45, 1.25, 0.8, 0.3, 0.1}, 36.0, 38.0, false}},
};
constexpr MuscleCourse kEndsSoon{{1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0}, 0.0, 0.0, false};

}  // namespace

double MuscleCourse::areaAt(double way) const {
  if (way <= kWays.front()) return areas.front();
  for (std::size_t n = 1; n < kWays.size(); ++n)
    if (way < kWays[n]) {
      const double f = (way - kWays[n - 1]) / (kWays[n] - kWays[n - 1]);
      return (1.0 - f) * areas[n - 1] + f * areas[n];
    }
  return areas.back();
}

MuscleCourse muscleCourse(std::string_view kind) {
  const auto found = std::find_if(kCourses.begin(), kCourses.end(),
                                  [&](const auto& course) { return course.first == kind; });
  return found == kCourses.end() ? kEndsSoon : found->second;
}

}  // namespace coxa
