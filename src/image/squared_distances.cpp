#include "squared_distances.hpp"

#include "lines.hpp"

#include <limits>

namespace coxa {

namespace {

// One line at a time: the lower envelope of the parabolas standing on its values. In double, since the
// crossings of two parabolas far along a line are small differences of large numbers.
class LineTransform {
 public:
  void run(float* first, std::size_t stride, std::size_t length, double spacing) {
    heights_.resize(length);
    for (std::size_t n = 0; n < length; ++n) heights_[n] = static_cast<double>(first[n * stride]);
    if (!findEnvelope(spacing)) return;
    std::size_t parabola = 0;
    for (std::size_t n = 0; n < length; ++n) {
      const double here = static_cast<double>(n) * spacing;
      while (parabola + 1 < feet_.size() && borders_[parabola + 1] < here) ++parabola;
      const double along = here - static_cast<double>(feet_[parabola]) * spacing;
      first[n * stride] = static_cast<float>(along * along + heights_[feet_[parabola]]);
    }
  }

 private:
  // Leaves the parabolas that are lowest somewhere, and from where on each is. False: there is none.
  bool findEnvelope(double spacing) {
    feet_.clear();
    borders_.clear();
    for (std::size_t n = 0; n < heights_.size(); ++n) {
      if (heights_[n] >= kFar) continue;
      double from = -std::numeric_limits<double>::max();
      while (!feet_.empty()) {
        from = crossing(feet_.back(), n, spacing);
        if (from > borders_.back()) break;
        feet_.pop_back();
        borders_.pop_back();
        from = -std::numeric_limits<double>::max();
      }
      feet_.push_back(n);
      borders_.push_back(from);
    }
    return !feet_.empty();
  }

  double crossing(std::size_t before, std::size_t after, double spacing) const {
    const double a = static_cast<double>(before) * spacing, b = static_cast<double>(after) * spacing;
    return (heights_[after] - heights_[before] + b * b - a * a) / (2.0 * (b - a));
  }

  std::vector<double> heights_;
  std::vector<std::size_t> feet_;
  std::vector<double> borders_;
};

}  // namespace

void squaredDistances(ScalarImage& image) {
  for (int axis = 0; axis < 3; ++axis) {
    const std::size_t stride = strideOf(image.grid, axis);
    const auto length = static_cast<std::size_t>(image.grid.size[axis]);
    forEachLine<LineTransform>(image.grid, axis, [&](std::size_t first, LineTransform& line) {
      line.run(image.voxels.data() + first, stride, length, image.grid.spacing[axis]);
    });
  }
}

}  // namespace coxa
