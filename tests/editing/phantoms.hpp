#pragma once

#include "coxa/image/image.hpp"

#include <functional>

namespace coxa::test {

/// Spacing 0.8 × 1.1 × 3 mm, turned against the world as a tilted gantry leaves it.
inline Grid tiltedGrid(const Eigen::Vector3i& size) {
  Grid grid;
  grid.size = size;
  grid.spacing = {0.8, 1.1, 3.0};
  grid.direction = Eigen::AngleAxisd(0.3, Vec3(1.0, 2.0, -0.5).normalized()).toRotationMatrix();
  grid.origin = {-120.0, 40.0, 900.0};
  return grid;
}

inline Grid cubicGrid(int size) {
  Grid grid;
  grid.size = Eigen::Vector3i::Constant(size);
  return grid;
}

/// `value` where `inside(world)` holds.
inline void draw(LabelMap& labels, std::uint8_t value, const std::function<bool(const Vec3&)>& inside) {
  const Grid& grid = labels.grid;
  for (int k = 0; k < grid.size.z(); ++k)
    for (int j = 0; j < grid.size.y(); ++j)
      for (int i = 0; i < grid.size.x(); ++i)
        if (inside(grid.worldFromIndex(Vec3(i, j, k)))) labels.at(i, j, k) = value;
}

inline std::size_t countOf(const LabelMap& labels, std::uint8_t value) {
  std::size_t count = 0;
  for (const std::uint8_t label : labels.voxels) count += label == value ? 1 : 0;
  return count;
}

}  // namespace coxa::test
