#include "coxa/phantom/tissue_model.hpp"

#include "coxa/anatomy/implant_metal.hpp"
#include "coxa/image/filters.hpp"

#include <tbb/parallel_for.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>

namespace coxa {

namespace {

constexpr int kDepths = 16;
constexpr std::size_t kSlabsOfBone = 12;

float interpolated(const std::vector<float>& values, float depthMm) {
  if (values.empty()) return 0.0F;
  const float position = std::clamp(depthMm - 0.5F, 0.0F, static_cast<float>(values.size() - 1));
  const auto below = static_cast<std::size_t>(position);
  const std::size_t above = std::min(below + 1, values.size() - 1);
  return values[below] + (values[above] - values[below]) * (position - static_cast<float>(below));
}

struct Sums {
  double count = 0.0, sum = 0.0, squares = 0.0;

  void add(double hu) {
    ++count;
    sum += hu;
    squares += hu * hu;
  }
};

TissueProfile profileFrom(const std::array<Sums, kDepths>& depths) {
  constexpr double kFewest = 30.0;
  TissueProfile profile;
  for (const Sums& depth : depths) {
    if (depth.count < kFewest) break;
    const double mean = depth.sum / depth.count;
    profile.meanHu.push_back(static_cast<float>(mean));
    profile.sdHu.push_back(
        static_cast<float>(std::sqrt(std::max(depth.squares / depth.count - mean * mean, 0.0))));
  }
  return profile;
}

}  // namespace

float TissueProfile::meanAt(float depthMm) const {
  return interpolated(meanHu, depthMm);
}
float TissueProfile::sdAt(float depthMm) const {
  return interpolated(sdHu, depthMm);
}

ScalarImage depthsMm(const LabelMap& labels, double limitMm) {
  ScalarImage depths(labels.grid);
  std::array<IndexBox, 256> boxes;
  for (auto& box : boxes) box.min = labels.grid.size;
  for (int k = 0; k < labels.grid.size.z(); ++k)
    for (int j = 0; j < labels.grid.size.y(); ++j)
      for (int i = 0; i < labels.grid.size.x(); ++i) {
        IndexBox& box = boxes[labels.at(i, j, k)];
        box.min = box.min.cwiseMin(Eigen::Vector3i(i, j, k));
        box.max = box.max.cwiseMax(Eigen::Vector3i(i, j, k));
      }
  tbb::parallel_for(1, 256, [&](int value) {
    if (boxes[static_cast<std::size_t>(value)].empty()) return;
    const IndexBox box =
        grown(boxes[static_cast<std::size_t>(value)], labels.grid, labels.grid.spacing.maxCoeff());
    const ScalarImage distance = signedDistanceMm(labels, static_cast<std::uint8_t>(value), box, limitMm);
    for (int k = 0; k < distance.grid.size.z(); ++k)
      for (int j = 0; j < distance.grid.size.y(); ++j)
        for (int i = 0; i < distance.grid.size.x(); ++i)
          if (distance.at(i, j, k) < 0.0F)
            depths.at(i + box.min.x(), j + box.min.y(), k + box.min.z()) = -distance.at(i, j, k);
  });
  return depths;
}

float HeightRange::fractionOf(float zMm) const {
  return highMm > lowMm ? std::clamp((zMm - lowMm) / (highMm - lowMm), 0.0F, 1.0F) : 0.0F;
}

std::array<HeightRange, 256> heightRanges(const LabelMap& labels) {
  std::array<HeightRange, 256> ranges;
  ranges.fill({std::numeric_limits<float>::max(), std::numeric_limits<float>::lowest()});
  const Grid& grid = labels.grid;
  for (int k = 0; k < grid.size.z(); ++k)
    for (int j = 0; j < grid.size.y(); ++j)
      for (int i = 0; i < grid.size.x(); ++i) {
        HeightRange& range = ranges[labels.at(i, j, k)];
        const auto z = static_cast<float>(grid.worldFromIndex(Vec3(i, j, k)).z());
        range.lowMm = std::min(range.lowMm, z);
        range.highMm = std::max(range.highMm, z);
      }
  return ranges;
}

const TissueProfile& profileAt(const std::vector<TissueProfile>& slabs, float heightFraction) {
  const auto slab = static_cast<std::size_t>(heightFraction * static_cast<float>(slabs.size()));
  return slabs[std::min(slab, slabs.size() - 1)];
}

TissueModel measureTissues(const Volume& ct, const LabelMap& labels, const StructureTable& table) {
  const ScalarImage depths = depthsMm(labels, kDepths);
  const auto ranges = heightRanges(labels);
  std::map<std::string, std::vector<std::array<Sums, kDepths>>> sums;
  std::array<std::vector<std::array<Sums, kDepths>>*, 256> sumsOfValue{};
  for (const Structure& structure : table.all()) {
    auto& ofKind = sums[structure.kind];
    ofKind.resize(structure.group == StructureGroup::Bone ? kSlabsOfBone : 1);
    sumsOfValue[structure.value] = &ofKind;
  }
  const Grid& grid = labels.grid;
  for (int k = 0; k < grid.size.z(); ++k)
    for (int j = 0; j < grid.size.y(); ++j)
      for (int i = 0; i < grid.size.x(); ++i) {
        const std::size_t n = grid.offset(i, j, k);
        auto* ofKind = sumsOfValue[labels.voxels[n]];
        if (!ofKind || ct.voxels[n] > kMetalHu) continue;
        const float height =
            ranges[labels.voxels[n]].fractionOf(static_cast<float>(grid.worldFromIndex(Vec3(i, j, k)).z()));
        const auto slab = std::min(static_cast<std::size_t>(height * static_cast<float>(ofKind->size())),
                                   ofKind->size() - 1);
        const auto depth = std::min(static_cast<std::size_t>(depths.voxels[n]), std::size_t{kDepths - 1});
        (*ofKind)[slab][depth].add(ct.voxels[n]);
      }
  TissueModel model;
  for (const auto& [kind, ofKind] : sums) {
    std::vector<TissueProfile> slabs;
    for (const auto& slab : ofKind)
      if (TissueProfile profile = profileFrom(slab); !profile.meanHu.empty())
        slabs.push_back(std::move(profile));
    if (!slabs.empty()) model.profiles[kind] = std::move(slabs);
  }
  return model;
}

std::string toJson(const TissueModel& model) {
  nlohmann::ordered_json document;
  for (const auto& [kind, slabs] : model.profiles)
    for (const TissueProfile& profile : slabs) {
      nlohmann::ordered_json row;
      for (std::size_t n = 0; n < profile.meanHu.size(); ++n) {
        row["meanHu"].push_back(std::lround(profile.meanHu[n]));
        row["sdHu"].push_back(std::lround(profile.sdHu[n]));
      }
      document["profiles"][kind].push_back(std::move(row));
    }
  return document.dump();
}

Result<TissueModel> tissueModelFromJson(const std::string& json) {
  try {
    TissueModel model;
    const auto document = nlohmann::json::parse(json);
    for (const auto& [kind, slabs] : document.at("profiles").items())
      for (const auto& profile : slabs)
        model.profiles[kind].push_back(
            {profile.at("meanHu").get<std::vector<float>>(), profile.at("sdHu").get<std::vector<float>>()});
    return model;
  } catch (const std::exception& error) {
    return badInput("The tissue model is malformed. Install Coxa again.", error.what());
  }
}

}  // namespace coxa
