#include "coxa/image/components.hpp"

#include <algorithm>
#include <numeric>

namespace coxa {

namespace {

class DisjointSets {
 public:
  std::uint32_t add() {
    parents_.push_back(static_cast<std::uint32_t>(parents_.size()));
    return parents_.back();
  }
  std::uint32_t root(std::uint32_t x) {
    while (parents_[x] != x) x = parents_[x] = parents_[parents_[x]];
    return x;
  }
  void unite(std::uint32_t a, std::uint32_t b) {
    a = root(a);
    b = root(b);
    parents_[std::max(a, b)] = std::min(a, b);
  }
  std::size_t size() const { return parents_.size(); }

 private:
  std::vector<std::uint32_t> parents_{0};  // 0 is the outside
};

// Neighbours with equal labels are one part.
Components componentsOfEqual(const LabelMap& labels) {
  const Grid& grid = labels.grid;
  Components parts{Image<std::uint32_t>(grid, 0), {}};
  DisjointSets sets;
  const std::size_t strides[3] = {
      1, static_cast<std::size_t>(grid.size.x()),
      static_cast<std::size_t>(grid.size.x()) * static_cast<std::size_t>(grid.size.y())};
  for (int k = 0; k < grid.size.z(); ++k)
    for (int j = 0; j < grid.size.y(); ++j)
      for (int i = 0; i < grid.size.x(); ++i) {
        const std::size_t here = grid.offset(i, j, k);
        if (labels.voxels[here] == 0) continue;
        std::uint32_t id = 0;
        const int position[3] = {i, j, k};
        for (int axis = 0; axis < 3; ++axis) {
          if (position[axis] == 0) continue;
          const std::size_t before = here - strides[axis];
          if (labels.voxels[before] != labels.voxels[here]) continue;
          if (id == 0)
            id = parts.ids.voxels[before];
          else
            sets.unite(id, parts.ids.voxels[before]);
        }
        parts.ids.voxels[here] = id != 0 ? id : sets.add();
      }
  std::vector<std::size_t> counts(sets.size(), 0);
  for (auto& id : parts.ids.voxels) {
    id = sets.root(id);
    ++counts[id];
  }
  counts[0] = 0;
  std::vector<std::uint32_t> order(sets.size());
  std::iota(order.begin(), order.end(), 0U);
  std::stable_sort(order.begin(), order.end(), [&](auto a, auto b) { return counts[a] > counts[b]; });
  std::vector<std::uint32_t> rank(sets.size(), 0);
  for (std::uint32_t position = 0; position < order.size() && counts[order[position]] > 0; ++position) {
    rank[order[position]] = position + 1;
    parts.voxelCounts.push_back(counts[order[position]]);
  }
  for (auto& id : parts.ids.voxels) id = rank[id];
  return parts;
}

}  // namespace

Components connectedComponents(const LabelMap& mask) {
  LabelMap binary = mask;
  for (auto& voxel : binary.voxels) voxel = voxel != 0 ? 1 : 0;
  return componentsOfEqual(binary);
}

LabelMap keepLargestComponents(const LabelMap& labels) {
  const Components parts = componentsOfEqual(labels);
  std::uint32_t largest[256] = {};
  for (std::size_t n = 0; n < labels.voxels.size(); ++n) {
    const auto id = parts.ids.voxels[n];
    auto& best = largest[labels.voxels[n]];
    if (id != 0 && (best == 0 || id < best)) best = id;
  }
  LabelMap kept = labels;
  for (std::size_t n = 0; n < kept.voxels.size(); ++n)
    if (parts.ids.voxels[n] != largest[kept.voxels[n]]) kept.voxels[n] = 0;
  return kept;
}

}  // namespace coxa
