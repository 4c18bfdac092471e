#include "coxa/phantom/shape_traits.hpp"

#include "random.hpp"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

namespace coxa {

namespace {

using Json = nlohmann::ordered_json;

// Statures of the US Army's survey ANSUR II (Gordon et al. 2014): 175.6 cm and 162.9 cm, against their mean.
constexpr double kFemaleSize = 162.9 / 169.25, kMaleSize = 175.6 / 169.25;

struct Limits {
  const char* what;
  double least;
  double most;
};
constexpr Limits kSize{"size", 0.8, 1.2};
constexpr Limits kPelvicTilt{"pelvic tilt", -25.0, 25.0};
constexpr Limits kFemoralVersion{"femoral version", -40.0, 40.0};
constexpr Limits kNeckShaftAngle{"neck-shaft angle", -20.0, 20.0};
constexpr Limits kAcetabularVersion{"acetabular version", -20.0, 20.0};
constexpr Limits kAcetabularInclination{"acetabular inclination", -20.0, 20.0};
constexpr Limits kDysplasia{"dysplasia", -15.0, 30.0};
constexpr Limits kDislocation{"dislocation", 0.0, 1.5};
constexpr Limits kJointSpace{"joint space", 0.5, 8.0};
constexpr Limits kOsteophytes{"grade of osteophytes", 0.0, 3.0};

std::string shortText(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%g", value);
  return text;
}

Result<void> check(const Limits& limits, double value) {
  if (value >= limits.least && value <= limits.most) return {};
  return fail(ErrorCode::Usage, std::string("The ") + limits.what + " of a virtual patient lies within " +
                                    shortText(limits.least) + " and " + shortText(limits.most) + ", not at " +
                                    shortText(value) + ".");
}

Result<void> check(const HipTraits& hip) {
  return check(kFemoralVersion, hip.femoralVersionDeg)
      .and_then([&] { return check(kNeckShaftAngle, hip.neckShaftAngleDeg); })
      .and_then([&] { return check(kAcetabularVersion, hip.acetabularVersionDeg); })
      .and_then([&] { return check(kAcetabularInclination, hip.acetabularInclinationDeg); })
      .and_then([&] { return check(kDysplasia, hip.dysplasiaDeg); })
      .and_then([&] { return check(kDislocation, hip.dislocation); })
      .and_then([&] { return check(kJointSpace, hip.jointSpaceMm.value_or(kJointSpace.least)); })
      .and_then([&] { return check(kOsteophytes, hip.osteophytes); });
}

/// Draws for both sides of one patient. Sides agree with a correlation of 0.8, by choice.
class BothSides {
 public:
  BothSides(Random& random, double mean, double sd) {
    constexpr double kShared = 0.8;
    const double common = random.normal(0.0, std::sqrt(kShared));
    for (double& value : values_) value = mean + sd * (common + random.normal(0.0, std::sqrt(1.0 - kShared)));
  }
  double operator()(Side side) const { return values_[side == Side::Left ? 0 : 1]; }

 private:
  std::array<double, 2> values_{};
};

double within(const Limits& limits, double value) {
  return std::clamp(value, limits.least, limits.most);
}

void drawDegeneration(HipTraits& hip, Random& random) {
  constexpr double kNone = 0.5, kSmall = 0.7, kMiddle = 0.9, kDislocated = 0.05;  // by choice
  constexpr double kLostPerGradeMm = 1.0, kLeastDysplasiaDeg = 15.0;
  const double share = random.uniform(0.0, 1.0);
  hip.osteophytes = share < kNone ? 0 : share < kSmall ? 1 : share < kMiddle ? 2 : 3;
  const double healthyMm = random.normal(4.19, 0.92);  // at the roof's apex, Lequesne 2004
  hip.jointSpaceMm = within(kJointSpace, healthyMm - kLostPerGradeMm * hip.osteophytes);
  const bool dislocated = random.uniform(0.0, 1.0) < kDislocated;
  const double dislocation = random.uniform(0.1, 1.2);
  if (!dislocated) return;
  hip.dislocation = dislocation;
  hip.dysplasiaDeg = std::max(hip.dysplasiaDeg, kLeastDysplasiaDeg);
}

Json jsonOf(const HipTraits& hip) {
  Json json = {{"femoralVersionDeg", hip.femoralVersionDeg},
               {"neckShaftAngleDeg", hip.neckShaftAngleDeg},
               {"acetabularVersionDeg", hip.acetabularVersionDeg},
               {"acetabularInclinationDeg", hip.acetabularInclinationDeg},
               {"dysplasiaDeg", hip.dysplasiaDeg},
               {"dislocation", hip.dislocation},
               {"croweGrade", croweGrade(hip.dislocation)},
               {"jointSpaceMm", nullptr},
               {"osteophytes", hip.osteophytes}};
  if (hip.jointSpaceMm) json["jointSpaceMm"] = *hip.jointSpaceMm;
  return json;
}

}  // namespace

const char* name(Sex sex) {
  switch (sex) {
    case Sex::Female:
      return "female";
    case Sex::Male:
      return "male";
    case Sex::Unspecified:
      break;
  }
  return "unspecified";
}

double sizeFactor(const ShapeTraits& traits) {
  if (traits.sex == Sex::Unspecified) return traits.size;
  return traits.size * (traits.sex == Sex::Female ? kFemaleSize : kMaleSize);
}

int croweGrade(double dislocation) {
  if (dislocation <= 0.0) return 0;
  return dislocation < 0.5 ? 1 : dislocation < 0.75 ? 2 : dislocation <= 1.0 ? 3 : 4;
}

double dislocationOf(int croweGrade) {
  constexpr std::array<double, 5> kMiddles{0.0, 0.35, 0.625, 0.875, 1.1};
  return kMiddles[static_cast<std::size_t>(std::clamp(croweGrade, 0, 4))];
}

Result<void> checkTraits(const ShapeTraits& traits) {
  return check(kSize, traits.size)
      .and_then([&] { return check(kPelvicTilt, traits.pelvicTiltDeg); })
      .and_then([&] { return check(traits.left); })
      .and_then([&] { return check(traits.right); });
}

ShapeTraits drawnShapeTraits(std::uint64_t seed, Sex sex) {
  constexpr std::uint64_t kOwnStream = 0x5ba9e7a175ULL;
  Random random(seed ^ kOwnStream);
  ShapeTraits traits;
  const Sex drawn = random.uniform(0.0, 1.0) < 0.5 ? Sex::Female : Sex::Male;
  traits.sex = sex == Sex::Unspecified ? drawn : sex;
  // Half the sexes' difference is added or taken away.
  const double womanhood = traits.sex == Sex::Female ? 1.0 : -1.0;
  traits.pelvicTiltDeg = random.normal(0.0, 6.4);                         // supine, Murphy 2013
  const BothSides femoralVersion(random, womanhood * 2.15, 9.6);          // Hartel 2016
  const BothSides neckShaftAngle(random, womanhood * 0.75, 5.7);          // Hartel 2016
  const BothSides acetabularVersion(random, womanhood * 1.66, 6.4);       // Tohtz 2010
  const BothSides acetabularInclination(random, womanhood * -0.29, 6.4);  // Tohtz 2010
  const BothSides dysplasia(random, womanhood * 0.55, 6.1);               // Engesæter 2013
  for (const Side side : {Side::Left, Side::Right}) {
    HipTraits& hip = traits.side(side);
    hip.femoralVersionDeg = within(kFemoralVersion, femoralVersion(side));
    hip.neckShaftAngleDeg = within(kNeckShaftAngle, neckShaftAngle(side));
    hip.acetabularVersionDeg = within(kAcetabularVersion, acetabularVersion(side));
    hip.acetabularInclinationDeg = within(kAcetabularInclination, acetabularInclination(side));
    hip.dysplasiaDeg = within(kDysplasia, dysplasia(side));
    drawDegeneration(hip, random);
  }
  return traits;
}

std::string toJson(const ShapeTraits& traits) {
  const Json json = {{"sex", name(traits.sex)},          {"size", traits.size},
                     {"sizeFactor", sizeFactor(traits)}, {"pelvicTiltDeg", traits.pelvicTiltDeg},
                     {"left", jsonOf(traits.left)},      {"right", jsonOf(traits.right)}};
  return json.dump(2);
}

}  // namespace coxa
