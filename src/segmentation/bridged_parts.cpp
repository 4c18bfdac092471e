#include "bridged_parts.hpp"

#include "coxa/image/components.hpp"

#include <array>
#include <vector>

namespace coxa {

namespace {

constexpr double kSmallShare = 0.1;

using Index = Eigen::Vector3i;

std::array<Index, 4> neighboursInSlice(const Index& p) {
  return {p + Index(1, 0, 0), p - Index(1, 0, 0), p + Index(0, 1, 0), p - Index(0, 1, 0)};
}

std::array<Index, 6> neighbours(const Index& p) {
  const auto around = neighboursInSlice(p);
  return {around[0], around[1], around[2], around[3], p + Index(0, 0, 1), p - Index(0, 0, 1)};
}

template <class Function>
void forEveryVoxel(const Grid& grid, const Function& function) {
  for (int k = 0; k < grid.size.z(); ++k)
    for (int j = 0; j < grid.size.y(); ++j)
      for (int i = 0; i < grid.size.x(); ++i) function(Index(i, j, k));
}

std::size_t offsetOf(const Grid& grid, const Index& p) {
  return grid.offset(p.x(), p.y(), p.z());
}

LabelMap thinned(const LabelMap& mask) {
  const Grid& grid = mask.grid;
  LabelMap core(grid);
  forEveryVoxel(grid, [&](const Index& p) {
    bool inside = mask.voxels[offsetOf(grid, p)] != 0;
    for (const Index& next : neighboursInSlice(p))
      inside = inside && grid.contains(next) && mask.voxels[offsetOf(grid, next)] != 0;
    core.voxels[offsetOf(grid, p)] = inside ? 1 : 0;
  });
  return core;
}

/// Every voxel of the mask that a part reaches gets the number of the one that reaches it first.
void grow(Image<std::uint32_t>& parts, const LabelMap& mask) {
  const Grid& grid = mask.grid;
  std::vector<Index> front;
  forEveryVoxel(grid, [&](const Index& p) {
    if (parts.voxels[offsetOf(grid, p)] != 0) front.push_back(p);
  });
  while (!front.empty()) {
    std::vector<Index> reached;
    for (const Index& p : front)
      for (const Index& next : neighbours(p)) {
        if (!grid.contains(next)) continue;
        const std::size_t n = offsetOf(grid, next);
        if (mask.voxels[n] == 0 || parts.voxels[n] != 0) continue;
        parts.voxels[n] = parts.voxels[offsetOf(grid, p)];
        reached.push_back(next);
      }
    front = std::move(reached);
  }
}

}  // namespace

LabelMap bridgedParts(const LabelMap& mask) {
  LabelMap small(mask.grid);
  Components parts = connectedComponents(thinned(mask));
  if (parts.voxelCounts.size() < 2) return small;
  grow(parts.ids, mask);
  std::vector<std::size_t> counts(parts.voxelCounts.size() + 1, 0);
  for (const std::uint32_t part : parts.ids.voxels) ++counts[part];
  for (std::size_t v = 0; v < small.voxels.size(); ++v) {
    const std::uint32_t part = parts.ids.voxels[v];
    small.voxels[v] =
        part > 1 && static_cast<double>(counts[part]) < kSmallShare * static_cast<double>(counts[1]) ? 1 : 0;
  }
  return small;
}

}  // namespace coxa
