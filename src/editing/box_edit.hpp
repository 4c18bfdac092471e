#pragma once

#include "coxa/editing/edit_scope.hpp"

namespace coxa {

/// Goes through a box in the order of the voxels. `wanted(index)` gives the label a voxel should have, or
/// nothing to leave it; what the scope forbids stays.
template <class Wanted>
LabelChange editBox(const LabelMap& labels, const IndexBox& box, const EditScope& scope,
                    const Wanted& wanted) {
  LabelChange change;
  for (int k = box.min.z(); k <= box.max.z(); ++k)
    for (int j = box.min.y(); j <= box.max.y(); ++j) {
      std::size_t voxel = labels.grid.offset(box.min.x(), j, k);
      for (int i = box.min.x(); i <= box.max.x(); ++i, ++voxel) {
        const auto after = wanted(Eigen::Vector3i(i, j, k));
        if (after && scope.allows(voxel, labels.voxels[voxel], *after))
          change.add(voxel, 1, labels.voxels[voxel], *after);
      }
    }
  return change;
}

inline IndexBox clipped(IndexBox box, const Grid& grid) {
  box.min = box.min.cwiseMax(0);
  box.max = box.max.cwiseMin(grid.size - Eigen::Vector3i::Ones());
  return box;
}

inline Eigen::Vector3i nearestIndex(const Grid& grid, const Vec3& world) {
  return (grid.indexFromWorld(world).array() + 0.5).floor().cast<int>();
}

}  // namespace coxa
