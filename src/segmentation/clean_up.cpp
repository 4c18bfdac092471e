#include "clean_up.hpp"

#include "bridged_parts.hpp"
#include "implant_voxels.hpp"

#include "coxa/image/components.hpp"

#include <algorithm>

namespace coxa {

namespace {

bool isBone(const std::string& kind) {
  return kind == "hip" || kind == "femur";
}

// 1 and 2 where a class lies on the left and on the right.
LabelMap sidesOf(const LabelMap& kinds, const MidsagittalPlane& plane) {
  LabelMap sides(kinds.grid);
  const Eigen::Vector3i n = kinds.grid.size;
  for (int k = 0; k < n.z(); ++k)
    for (int j = 0; j < n.y(); ++j)
      for (int i = 0; i < n.x(); ++i)
        sides.at(i, j, k) = plane.sideOf(kinds.grid.worldFromIndex(Vec3(i, j, k))) == Side::Left ? 1 : 2;
  return sides;
}

}  // namespace

void removeIslands(Probabilities& probabilities, const std::vector<std::string>& names,
                   const MidsagittalPlane& plane) {
  const LabelMap sides = sidesOf(probabilities.kinds, plane);
  for (std::size_t kind = 1; kind < names.size(); ++kind) {
    const bool paired = names[kind] != "sacrum" && names[kind] != "lumbar_spine";
    for (const std::uint8_t side : {1, 2}) {
      if (!paired && side == 2) continue;
      LabelMap mask(probabilities.grid);
      for (std::size_t v = 0; v < mask.voxels.size(); ++v)
        mask.voxels[v] =
            probabilities.kinds.voxels[v] == kind && (!paired || sides.voxels[v] == side) ? 1 : 0;
      const IndexBox box = boundsOf(mask, 1);
      if (box.empty()) continue;
      const Components parts = connectedComponents(cropped(mask, box));
      const double keptShare = isBone(names[kind]) ? 1.0 : 0.25;
      const double least = keptShare * static_cast<double>(parts.voxelCounts.front());
      for (int k = box.min.z(); k <= box.max.z(); ++k)
        for (int j = box.min.y(); j <= box.max.y(); ++j)
          for (int i = box.min.x(); i <= box.max.x(); ++i) {
            const std::uint32_t part = parts.ids.at(i - box.min.x(), j - box.min.y(), k - box.min.z());
            if (part > 1 && static_cast<double>(parts.voxelCounts[part - 1]) < least)
              probabilities.clear(probabilities.grid.offset(i, j, k));
          }
    }
  }
}

void removeBridgedStreaks(Probabilities& probabilities, const std::vector<std::string>& names,
                          const MidsagittalPlane& plane) {
  const auto femur = static_cast<std::size_t>(std::find(names.begin(), names.end(), "femur") - names.begin());
  const LabelMap sides = sidesOf(probabilities.kinds, plane);
  for (const std::uint8_t side : {1, 2}) {
    LabelMap mask(probabilities.grid);
    for (std::size_t v = 0; v < mask.voxels.size(); ++v)
      mask.voxels[v] = probabilities.kinds.voxels[v] == femur && sides.voxels[v] == side ? 1 : 0;
    const LabelMap streaks = bridgedParts(mask);
    for (std::size_t v = 0; v < streaks.voxels.size(); ++v)
      if (streaks.voxels[v] != 0) probabilities.clear(v);
  }
}

void cleanUp(Probabilities& probabilities, const LabelMap& implant, const std::vector<std::string>& names,
             const MidsagittalPlane& plane) {
  clearImplant(probabilities.kinds, implant);
  for (auto& sample : probabilities.samples) clearImplant(sample, implant);
  removeIslands(probabilities, names, plane);
  const bool operated = std::any_of(implant.voxels.begin(), implant.voxels.end(),
                                    [](std::uint8_t voxel) { return voxel != 0; });
  if (operated) removeBridgedStreaks(probabilities, names, plane);
}

}  // namespace coxa
