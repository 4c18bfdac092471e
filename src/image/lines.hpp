#pragma once

#include "coxa/image/grid.hpp"

#include <tbb/parallel_for.h>

namespace coxa {

/// Calls visit(first voxel of a line along `axis`, scratch) for every such line, in parallel over the slower
/// other axis; lines of one task share one `Scratch`.
template <class Scratch, class Visit>
void forEachLine(const Grid& grid, int axis, const Visit& visit) {
  const int fast = axis == 0 ? 1 : 0;
  const int slow = axis == 2 ? 1 : 2;
  tbb::parallel_for(0, grid.size[slow], [&](int b) {
    Scratch scratch;
    Eigen::Vector3i index = Eigen::Vector3i::Zero();
    index[slow] = b;
    for (int a = 0; a < grid.size[fast]; ++a) {
      index[fast] = a;
      visit(grid.offset(index.x(), index.y(), index.z()), scratch);
    }
  });
}

inline std::size_t strideOf(const Grid& grid, int axis) {
  return grid.offset(axis == 0, axis == 1, axis == 2);
}

}  // namespace coxa
