#include "coxa/phantom/training_pair.hpp"

#include "coxa/phantom/noise.hpp"
#include "coxa/phantom/tissue_model.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace coxa {

namespace {

constexpr std::int16_t kAirHu = -1024;

// Structure and profiles of every label value, for the inner loops.
struct Lookup {
  std::array<const Structure*, 256> structure{};
  std::array<const std::vector<TissueProfile>*, 256> slabs{};

  Lookup(const StructureTable& table, const TissueModel& tissues) {
    for (const Structure& row : table.all()) {
      structure[row.value] = &row;
      if (const auto found = tissues.profiles.find(row.kind); found != tissues.profiles.end())
        slabs[row.value] = &found->second;
    }
  }
  bool sameKind(std::uint8_t a, std::uint8_t b) const {
    return a == b || (structure[a] && structure[b] && structure[a]->kind == structure[b]->kind);
  }
  bool isBone(std::uint8_t value) const {
    return structure[value] && structure[value]->group == StructureGroup::Bone;
  }
};

// A hole is what cannot be reached from the slice's corner without crossing `value`.
void fillHolesOfSlice(LabelMap& labels, const LabelMap& hint, std::uint8_t value, int k) {
  const Eigen::Vector3i size = labels.grid.size;
  std::vector<bool> outside(labels.grid.offset(0, 0, 1), false);
  std::vector<Eigen::Vector2i> front;
  const auto visit = [&](int i, int j) {
    if (i < 0 || j < 0 || i >= size.x() || j >= size.y() || labels.at(i, j, k) == value) return;
    const std::size_t n = labels.grid.offset(i, j, 0);
    if (outside[n]) return;
    outside[n] = true;
    front.emplace_back(i, j);
  };
  visit(0, 0);
  while (!front.empty()) {
    const Eigen::Vector2i at = front.back();
    front.pop_back();
    visit(at.x() - 1, at.y());
    visit(at.x() + 1, at.y());
    visit(at.x(), at.y() - 1);
    visit(at.x(), at.y() + 1);
  }
  for (int j = 0; j < size.y(); ++j)
    for (int i = 0; i < size.x(); ++i)
      if (!outside[labels.grid.offset(i, j, 0)] && labels.at(i, j, k) == 0 && hint.at(i, j, k) == value)
        labels.at(i, j, k) = value;
}

bool fits(std::int16_t hu, const TissueProfile& profile, float depthMm, bool sameKind) {
  constexpr float kLeastSpreadHu = 20.0F;
  const float spread = std::max(profile.sdAt(depthMm), kLeastSpreadHu);
  return std::abs(static_cast<float>(hu) - profile.meanAt(depthMm)) <= (sameKind ? 4.0F : 1.2F) * spread;
}

std::int16_t rounded(float hu) {
  return static_cast<std::int16_t>(std::lround(hu));
}

// Replaces what does not fit the label; `shown` is the structure that the warped CT shows.
void redrawMisfits(TrainingPair& pair, const LabelMap& shown, const Lookup& lookup, unsigned seed) {
  constexpr float kFatHu = -95.0F, kFluidHu = 40.0F, kSoftSdHu = 12.0F, kNoiseShare = 0.6F;
  const Grid& grid = pair.ct.grid;
  const std::size_t perSlice = grid.offset(0, 0, 1);
  const ScalarImage depths = depthsMm(pair.labels, 16.0);
  const auto ranges = heightRanges(pair.labels);
  const ScalarImage noise = correlatedNoise(grid, Vec3(0.7, 0.7, 0.0), seed);
  ScalarImage nearLabels(grid), nearBone(grid);
  for (std::size_t n = 0; n < grid.voxelCount(); ++n) {
    nearLabels.voxels[n] = pair.labels.voxels[n] != 0 ? 1.0F : 0.0F;
    nearBone.voxels[n] = lookup.isBone(pair.labels.voxels[n]) ? 1.0F : 0.0F;
  }
  nearLabels = smoothed(nearLabels, Vec3(1.5, 1.5, 0.0));
  nearBone = smoothed(nearBone, Vec3(3.0, 3.0, 0.0));
  for (std::size_t n = 0; n < grid.voxelCount(); ++n) {
    const auto label = pair.labels.voxels[n], there = shown.voxels[n];
    std::int16_t& hu = pair.ct.voxels[n];
    if (lookup.slabs[label]) {
      const float depth = depths.voxels[n];
      const std::size_t slice = n / perSlice;
      const auto z = static_cast<float>(grid.worldFromIndex(Vec3(0, 0, static_cast<double>(slice))).z());
      const TissueProfile& profile = profileAt(*lookup.slabs[label], ranges[label].fractionOf(z));
      if (!fits(hu, profile, depth, lookup.sameKind(label, there)))
        hu = rounded(profile.meanAt(depth) + kNoiseShare * profile.sdAt(depth) * noise.voxels[n]);
    } else if (there != 0) {
      const bool boneOutside = lookup.isBone(there) && hu > 100;
      const bool muscleOutside = !lookup.isBone(there) && nearLabels.voxels[n] < 0.2F;
      const float tissue = nearBone.voxels[n] > 0.35F ? kFluidHu : kFatHu;
      if (boneOutside || muscleOutside) hu = rounded(tissue + kSoftSdHu * noise.voxels[n]);
    }
  }
}

// From the first to the last slice whose labelled voxels lie within the other scan nearly all.
IndexBox coveredSlices(const LabelMap& labels, const LabelMap& coverage) {
  constexpr double kLeastShare = 0.98;
  IndexBox box{Eigen::Vector3i(0, 0, labels.grid.size.z()),
               Eigen::Vector3i(labels.grid.size.x() - 1, labels.grid.size.y() - 1, -1)};
  for (int k = 0; k < labels.grid.size.z(); ++k) {
    double labelled = 0.0, covered = 0.0;
    for (std::size_t n = labels.grid.offset(0, 0, k); n < labels.grid.offset(0, 0, k + 1); ++n) {
      if (labels.voxels[n] == 0) continue;
      ++labelled;
      covered += coverage.voxels[n];
    }
    if (labelled == 0.0 || covered < kLeastShare * labelled) continue;
    box.min.z() = std::min(box.min.z(), k);
    box.max.z() = std::max(box.max.z(), k);
  }
  return box;
}

}  // namespace

Result<TrainingPair> makeTrainingPair(const LabelMap& labels, const Volume& otherCt,
                                      const LabelMap& otherLabels, const DisplacementField& other_from_here,
                                      const StructureTable& table, unsigned seed) {
  const LabelMap coverage = warped(LabelMap(otherLabels.grid, 1), other_from_here, labels.grid);
  const IndexBox box = coveredSlices(labels, coverage);
  if (box.empty()) return badInput("The two scans share no slice: no training pair can be made from them.");
  TrainingPair pair{warped(otherCt, other_from_here, cropped(labels.grid, box), kAirHu),
                    cropped(labels, box)};
  const LabelMap shown = warped(otherLabels, other_from_here, pair.ct.grid);
  if (const Structure* spine = table.find("lumbar_spine"))
    for (int k = 0; k < pair.labels.grid.size.z(); ++k) fillHolesOfSlice(pair.labels, shown, spine->value, k);
  const TissueModel tissues = measureTissues(otherCt, otherLabels, table);
  redrawMisfits(pair, shown, Lookup(table, tissues), seed);
  return pair;
}

}  // namespace coxa
