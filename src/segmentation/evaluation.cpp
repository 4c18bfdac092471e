#include "coxa/segmentation/evaluation.hpp"

#include "coxa/anatomy/reference_labels.hpp"
#include "coxa/anatomy/structures.hpp"
#include "coxa/image/surface_distance.hpp"

#include <algorithm>
#include <array>
#include <functional>

namespace coxa {

namespace {

using Counts = std::array<std::size_t, 256>;

struct Overlap {
  Counts found{}, expected{}, common{};
};

Overlap overlapOf(const LabelMap& labels, const LabelMap& reference) {
  Overlap overlap;
  for (std::size_t v = 0; v < labels.voxels.size(); ++v) {
    ++overlap.found[labels.voxels[v]];
    ++overlap.expected[reference.voxels[v]];
    if (labels.voxels[v] == reference.voxels[v]) ++overlap.common[labels.voxels[v]];
  }
  return overlap;
}

std::string nameOf(std::uint8_t value, const StructureTable& table) {
  const Structure* structure = table.find(value);
  return structure ? structure->name : std::to_string(value);
}

// Without the surfaces' distances.
std::vector<StructureAgreement> overlaps(const LabelMap& labels, const LabelMap& reference,
                                         const StructureTable& table) {
  const Overlap overlap = overlapOf(labels, reference);
  const double voxelMl = labels.grid.voxelVolumeMm3() / 1000.0;
  std::vector<StructureAgreement> rows;
  for (std::size_t value = 1; value < 256; ++value) {
    const std::size_t total = overlap.found[value] + overlap.expected[value];
    if (total == 0) continue;
    StructureAgreement row;
    row.value = static_cast<std::uint8_t>(value);
    row.name = nameOf(row.value, table);
    row.dice = 2.0 * static_cast<double>(overlap.common[value]) / static_cast<double>(total);
    row.volumeMl = static_cast<double>(overlap.found[value]) * voxelMl;
    row.referenceVolumeMl = static_cast<double>(overlap.expected[value]) * voxelMl;
    rows.push_back(std::move(row));
  }
  return rows;
}

Result<void> addDistances(const LabelMap& labels, const LabelMap& reference,
                          std::vector<StructureAgreement>& rows, const Job& job) {
  const auto found = boundsOfValues(labels);
  const auto expected = boundsOfValues(reference);
  for (std::size_t n = 0; n < rows.size(); ++n) {
    if (job.cancelled()) return cancelled();
    StructureAgreement& row = rows[n];
    job.report(static_cast<double>(n) / static_cast<double>(rows.size()), "Measuring " + row.name);
    if (found[row.value].empty() || expected[row.value].empty()) continue;
    const IndexBox box = united(found[row.value], expected[row.value]);
    if (const auto distance = surfaceDistance(labels, reference, row.value, box)) {
      row.asdMm = distance->averageMm;
      row.hd95Mm = distance->percentile95Mm;
    }
  }
  return {};
}

GroupAgreement meansOver(const std::vector<StructureAgreement>& rows,
                         const std::function<bool(std::uint8_t value)>& belongs) {
  GroupAgreement group;
  double dice = 0.0, asd = 0.0;
  for (const auto& row : rows) {
    if (row.referenceVolumeMl == 0.0 || !belongs(row.value)) continue;
    ++group.structures;
    dice += row.dice;
    if (row.asdMm)
      asd += *row.asdMm;
    else
      ++group.missing;
  }
  const int measured = group.structures - group.missing;
  if (group.structures > 0) group.meanDice = dice / group.structures;
  if (measured > 0) group.meanAsdMm = asd / measured;
  return group;
}

std::optional<StructureAgreement> worstOf(const std::vector<StructureAgreement>& rows) {
  std::optional<StructureAgreement> worst;
  for (const auto& row : rows)
    if (row.referenceVolumeMl > 0.0 && (!worst || row.dice < worst->dice)) worst = row;
  return worst;
}

double crossedMl(const LabelMap& labels, const BodyMiddle& middle, const StructureTable& table) {
  const Grid& grid = labels.grid;
  std::size_t crossed = 0;
  for (int k = 0; k < grid.size.z(); ++k)
    for (int j = 0; j < grid.size.y(); ++j)
      for (int i = 0; i < grid.size.x(); ++i) {
        const Structure* structure = table.find(labels.at(i, j, k));
        if (!structure || !structure->side) continue;
        crossed += middle.leftOf(grid.worldFromIndex(Vec3(i, j, k))) != (*structure->side == Side::Left);
      }
  return static_cast<double>(crossed) * grid.voxelVolumeMm3() / 1000.0;
}

bool isJudgedBone(const Structure& structure) {
  return structure.kind == "hip" || structure.kind == "femur" || structure.kind == "sacrum";
}

}  // namespace

Result<LabelAgreement> compareLabels(const LabelMap& labels, const LabelMap& reference, const Job& job) {
  if (!sameGrid(labels.grid, reference.grid))
    return badInput("The two label maps lie on different grids. Resample one onto the other first.");
  const auto table = StructureTable::loadDefault();
  if (!table) return tl::unexpected(table.error());

  LabelAgreement agreement;
  agreement.structures = overlaps(labels, reference, *table);
  if (auto measured = addDistances(labels, reference, agreement.structures, job); !measured)
    return tl::unexpected(measured.error());
  agreement.muscles = meansOver(agreement.structures, [&](std::uint8_t value) {
    const Structure* structure = table->find(value);
    return structure && structure->group == StructureGroup::Muscle;
  });
  agreement.bones = meansOver(agreement.structures, [&](std::uint8_t value) {
    const Structure* structure = table->find(value);
    return structure && isJudgedBone(*structure);
  });
  agreement.worst = worstOf(agreement.structures);
  if (const auto middle = bodyMiddle(reference, *table))
    agreement.crossed =
        CrossedVolume{crossedMl(labels, *middle, *table), crossedMl(reference, *middle, *table)};
  return agreement;
}

}  // namespace coxa
