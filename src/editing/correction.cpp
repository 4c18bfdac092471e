#include "coxa/editing/correction.hpp"

#include "coxa/base/files.hpp"

#include <algorithm>
#include <array>
#include <cstring>

namespace coxa {

namespace {

constexpr const char* kNotice = "segmentation.corrected";

LabelSet changedStructures(const LabelMap& a, const LabelMap& b) {
  LabelSet changed;
  for (std::size_t n = 0; n < a.voxels.size(); ++n)
    if (a.voxels[n] != b.voxels[n]) changed.set(a.voxels[n]).set(b.voxels[n]);
  return changed.reset(0);
}

struct Tally {
  std::array<std::size_t, 256> voxels{};
  std::array<double, 256> uncertainty{};
  std::array<bool, 256> atBorder{};
};

Tally tallyOf(const LabelMap& labels, const ScalarImage& uncertainty) {
  Tally tally;
  for (std::size_t n = 0; n < labels.voxels.size(); ++n) {
    ++tally.voxels[labels.voxels[n]];
    tally.uncertainty[labels.voxels[n]] += static_cast<double>(uncertainty.voxels[n]);
  }
  const Eigen::Vector3i size = labels.grid.size;
  for (int k = 0; k < size.z(); ++k)
    for (int j = 0; j < size.y(); ++j) {
      const bool whole = k == 0 || k == size.z() - 1 || j == 0 || j == size.y() - 1;
      for (int i = 0; i < size.x(); i += whole ? 1 : std::max(1, size.x() - 1))
        tally.atBorder[labels.at(i, j, k)] = true;
    }
  return tally;
}

const StructureSummary* find(const SegmentationSummary& summary, std::uint8_t value) {
  const auto it = std::find_if(summary.structures.begin(), summary.structures.end(),
                               [value](const auto& row) { return row.value == value; });
  return it == summary.structures.end() ? nullptr : &*it;
}

std::vector<StructureSummary> rowsAfter(const SegmentationSummary& before, const Tally& tally,
                                        const LabelSet& changed, double voxelMl,
                                        const StructureTable& table) {
  std::vector<StructureSummary> rows;
  for (const Structure& structure : table.all()) {
    const std::uint8_t value = structure.value;
    const StructureSummary* row = find(before, value);
    if (!changed[value]) {
      if (row != nullptr) rows.push_back(*row);
      continue;
    }
    if (tally.voxels[value] == 0) continue;
    const auto count = static_cast<double>(tally.voxels[value]);
    StructureSummary corrected;
    corrected.name = structure.name;
    corrected.value = value;
    corrected.volumeMl = {count * voxelMl, row == nullptr ? 0.0 : row->volumeMl.sd};
    corrected.uncertainty = tally.uncertainty[value] / count;
    corrected.touchesBorder = tally.atBorder[value];
    rows.push_back(std::move(corrected));
  }
  std::sort(rows.begin(), rows.end(), [](const auto& a, const auto& b) { return a.value < b.value; });
  return rows;
}

Notice noticeOf(const LabelSet& structures, const StructureTable& table) {
  std::string names;
  for (const Structure& structure : table.all())
    if (structures[structure.value]) names += (names.empty() ? "" : "; ") + structure.english;
  return {Notice::Severity::Info, kNotice, "Corrected by hand: " + names + ".", {}};
}

void append(std::string& bytes, std::uint64_t number) {
  char raw[sizeof number];
  std::memcpy(raw, &number, sizeof number);
  bytes.append(raw, sizeof number);
}

}  // namespace

CorrectedSegmentation correct(const LabelMap& original, const ScalarImage& uncertainty,
                              const SegmentationSummary& summary, LabelMap labels,
                              const StructureTable& table) {
  CorrectedSegmentation corrected{std::move(labels), uncertainty, summary, {}};
  for (std::size_t n = 0; n < original.voxels.size(); ++n)
    if (original.voxels[n] != corrected.labels.voxels[n]) corrected.uncertainty.voxels[n] = 0.0F;
  corrected.structures = changedStructures(original, corrected.labels);
  const Tally tally = tallyOf(corrected.labels, corrected.uncertainty);
  corrected.summary.structures =
      rowsAfter(summary, tally, corrected.structures, original.grid.voxelVolumeMm3() / 1000.0, table);
  if (corrected.structures.any()) corrected.summary.notices.push_back(noticeOf(corrected.structures, table));
  return corrected;
}

std::map<std::uint8_t, std::string> outlineChecksums(const LabelMap& labels) {
  std::array<std::string, 256> runs;
  for (std::size_t start = 0; start < labels.voxels.size();) {
    const std::uint8_t value = labels.voxels[start];
    std::size_t end = start + 1;
    while (end < labels.voxels.size() && labels.voxels[end] == value) ++end;
    if (value != 0) {
      append(runs[value], start);
      append(runs[value], end);
    }
    start = end;
  }
  std::string size;
  for (int axis = 0; axis < 3; ++axis) append(size, static_cast<std::uint64_t>(labels.grid.size[axis]));
  std::map<std::uint8_t, std::string> checksums;
  for (std::size_t value = 1; value < runs.size(); ++value)
    if (!runs[value].empty()) checksums[static_cast<std::uint8_t>(value)] = sha256(size + runs[value]);
  return checksums;
}

}  // namespace coxa
