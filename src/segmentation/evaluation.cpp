#include "coxa/segmentation/evaluation.hpp"

#include "coxa/anatomy/structures.hpp"

#include <array>

namespace coxa {

Result<std::vector<StructureAgreement>> compareLabels(const LabelMap& labels, const LabelMap& reference) {
  if (!sameGrid(labels.grid, reference.grid))
    return badInput("The two label maps lie on different grids. Resample one onto the other first.");
  const auto table = StructureTable::loadDefault();
  if (!table) return tl::unexpected(table.error());

  std::array<std::size_t, 256> found{}, expected{}, common{};
  for (std::size_t v = 0; v < labels.voxels.size(); ++v) {
    ++found[labels.voxels[v]];
    ++expected[reference.voxels[v]];
    if (labels.voxels[v] == reference.voxels[v]) ++common[labels.voxels[v]];
  }
  const double voxelMl = labels.grid.voxelVolumeMm3() / 1000.0;
  std::vector<StructureAgreement> rows;
  for (std::size_t value = 1; value < 256; ++value) {
    const std::size_t total = found[value] + expected[value];
    if (total == 0) continue;
    const auto* structure = table->find(static_cast<std::uint8_t>(value));
    rows.push_back({static_cast<std::uint8_t>(value), structure ? structure->name : std::to_string(value),
                    2.0 * static_cast<double>(common[value]) / static_cast<double>(total),
                    static_cast<double>(found[value]) * voxelMl,
                    static_cast<double>(expected[value]) * voxelMl});
  }
  return rows;
}

}  // namespace coxa
