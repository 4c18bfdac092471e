#pragma once

#include "coxa/image/image.hpp"

#include <algorithm>

namespace coxa {

/// Sets `value` where `inside(world point)` holds.
template <class Inside>
void paint(LabelMap& labels, std::uint8_t value, const Inside& inside) {
  const Grid& grid = labels.grid;
  for (int k = 0; k < grid.size.z(); ++k)
    for (int j = 0; j < grid.size.y(); ++j)
      for (int i = 0; i < grid.size.x(); ++i)
        if (inside(grid.worldFromIndex(Vec3(i, j, k)))) labels.at(i, j, k) = value;
}

inline double volumeOf(const LabelMap& labels, std::uint8_t value) {
  return static_cast<double>(std::count(labels.voxels.begin(), labels.voxels.end(), value)) *
         labels.grid.voxelVolumeMm3();
}

/// 1×1×3 mm voxels around the world's origin on tilted axes; `leftHanded` flips the last.
inline Grid obliqueGrid(const Eigen::Vector3i& size, bool leftHanded) {
  Grid grid;
  grid.size = size;
  grid.spacing = Vec3(1, 1, 3);
  grid.direction = Eigen::AngleAxisd(0.4, Vec3(1, -2, 0.5).normalized()).toRotationMatrix();
  if (leftHanded) grid.direction.col(2) *= -1.0;
  grid.origin -= grid.center();
  return grid;
}

}  // namespace coxa
