#include "deshear.hpp"

#include <oneapi/tbb/parallel_for.h>

#include <cmath>

namespace coxa {
namespace {

constexpr std::int16_t kOutsideHu = -1024;

/// The tilted slices' grid, grown sideways so that every slice fits.
Grid uprightGrid(const Grid& tilted, const Eigen::Vector2d& driftPixels) {
  Grid grid = tilted;
  Vec3 first = Vec3::Zero();
  for (int axis = 0; axis < 2; ++axis) {
    const double total = driftPixels(axis) * (tilted.size.z() - 1);
    const double least = std::floor(std::min(0.0, total));
    first(axis) = least;
    grid.size(axis) += static_cast<int>(std::ceil(std::max(0.0, total)) - least);
  }
  grid.origin = tilted.worldFromIndex(first);
  return grid;
}

std::int16_t linearAt(const std::int16_t* slice, const Eigen::Vector3i& size, double x, double y) {
  const int i = static_cast<int>(std::floor(x));
  const int j = static_cast<int>(std::floor(y));
  const double u = x - i;
  const double v = y - j;
  const auto value = [&](int column, int row) -> double {
    const bool inside = column >= 0 && row >= 0 && column < size.x() && row < size.y();
    return inside ? slice[static_cast<std::ptrdiff_t>(row) * size.x() + column] : kOutsideHu;
  };
  const double below = (1.0 - u) * value(i, j) + u * value(i + 1, j);
  const double above = (1.0 - u) * value(i, j + 1) + u * value(i + 1, j + 1);
  return static_cast<std::int16_t>(std::lround((1.0 - v) * below + v * above));
}

}  // namespace

Volume withoutTilt(const Volume& tilted, const Eigen::Vector2d& driftPixels) {
  Volume upright(uprightGrid(tilted.grid, driftPixels), kOutsideHu);
  const Vec3 first = tilted.grid.indexFromWorld(upright.grid.origin);
  const Eigen::Vector3i size = upright.grid.size;
  tbb::parallel_for(0, size.z(), [&](int k) {
    std::int16_t* out = upright.slice(k);
    for (int j = 0; j < size.y(); ++j)
      for (int i = 0; i < size.x(); ++i)
        *out++ = linearAt(tilted.slice(k), tilted.grid.size, i + first.x() - k * driftPixels.x(),
                          j + first.y() - k * driftPixels.y());
  });
  return upright;
}

}  // namespace coxa
