#include "coxa/phantom/operated_scan.hpp"

#include "metal_scene.hpp"

#include "coxa/image/sampling.hpp"

#include <tbb/parallel_for.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace coxa {

namespace {

/// A patient as labelled on a CT.
class ScannedAnatomy : public Anatomy {
 public:
  ScannedAnatomy(const Volume& ct, const LabelMap& labels) : ct_(ct), labels_(labels) {}

  std::uint8_t labelAt(const Vec3& patient) const override {
    const Eigen::Vector3i n = nearest(patient);
    return labels_.grid.contains(n) ? labels_.at(n.x(), n.y(), n.z()) : std::uint8_t{0};
  }
  std::uint8_t surroundingsAt(const Vec3& patient) const override {
    constexpr std::int16_t kBodyFromHu = -400, kSoftFromHu = -30;
    const Eigen::Vector3i n = nearest(patient);
    if (!ct_.grid.contains(n)) return static_cast<std::uint8_t>(Surroundings::Outside);
    const std::int16_t hu = ct_.at(n.x(), n.y(), n.z());
    return static_cast<std::uint8_t>(hu < kBodyFromHu   ? Surroundings::Outside
                                     : hu < kSoftFromHu ? Surroundings::Fat
                                                        : Surroundings::SoftTissue);
  }

 private:
  Eigen::Vector3i nearest(const Vec3& patient) const {
    return ct_.grid.indexFromWorld(patient).array().round().cast<int>();
  }

  const Volume& ct_;
  const LabelMap& labels_;
};

struct MovedScan {
  Body body;
  ScalarImage hu;
};

MovedScan movedScan(const Volume& ct, const MovedAnatomy& anatomy) {
  const Grid& grid = ct.grid;
  MovedScan moved{{LabelMap(grid), LabelMap(grid), {}}, ScalarImage(grid)};
  tbb::parallel_for(0, grid.size.z(), [&](int k) {
    for (int j = 0; j < grid.size.y(); ++j)
      for (int i = 0; i < grid.size.x(); ++i) {
        const MovedTissue tissue = anatomy.at(grid.worldFromIndex(Vec3(i, j, k)));
        moved.body.labels.at(i, j, k) = tissue.label;
        moved.body.surroundings.at(i, j, k) = tissue.surroundings;
        moved.hu.at(i, j, k) =
            tissue.scanned ? sampleClamped<float>(ct, grid.indexFromWorld(*tissue.scanned)) : kScarHu;
      }
  });
  return moved;
}

/// Standard deviation of a slice's noise: differences of pixels two apart within soft tissue, by their
/// median, so that borders of organs hardly count.
float noiseHuOf(const Volume& ct, int k) {
  constexpr std::int16_t kLeastHu = -20, kMostHu = 120;
  constexpr double kSdOfMedian = 1.4826;  // of a normal distribution's absolute deviations
  std::vector<float> differences;
  for (int j = 0; j < ct.grid.size.y(); ++j)
    for (int i = 2; i < ct.grid.size.x(); ++i) {
      const std::int16_t a = ct.at(i - 2, j, k), b = ct.at(i, j, k);
      if (std::min(a, b) > kLeastHu && std::max(a, b) < kMostHu)
        differences.push_back(std::abs(static_cast<float>(a) - static_cast<float>(b)));
    }
  if (differences.empty()) return 0.0F;
  const auto middle = differences.begin() + static_cast<std::ptrdiff_t>(differences.size() / 2);
  std::nth_element(differences.begin(), middle, differences.end());
  return static_cast<float>(kSdOfMedian * *middle / std::sqrt(2.0));
}

// What metal adds to the tissue is blurred like everything that a scanner shows; the tissue already is.
ScalarImage withBlurredMetal(const Scene& scene) {
  ScalarImage added = scene.withMetal;
  for (std::size_t n = 0; n < added.voxels.size(); ++n) added.voxels[n] -= scene.tissue.voxels[n];
  blur(added);
  for (std::size_t n = 0; n < added.voxels.size(); ++n) added.voxels[n] += scene.tissue.voxels[n];
  return added;
}

Volume stored(const ScalarImage& hu, const SliceArtifacts& artifacts, float mostHu) {
  Volume ct(hu.grid);
  const std::size_t perSlice = hu.grid.offset(0, 0, 1);
  tbb::parallel_for(0, hu.grid.size.z(), [&](int k) {
    const auto artifact = artifacts.find(k);
    for (std::size_t n = 0; n < perSlice; ++n) {
      const float value = hu.slice(k)[n] + (artifact == artifacts.end() ? 0.0F : artifact->second.pixels[n]);
      ct.slice(k)[n] = static_cast<std::int16_t>(std::lround(std::clamp(value, -1024.0F, mostHu)));
    }
  });
  return ct;
}

}  // namespace

Result<OperatedScan> operateScan(const Volume& ct, const LabelMap& labels,
                                 const std::vector<HipReplacement>& replacements, HuScale scale,
                                 std::uint64_t seed, const Job& job) {
  const auto table = StructureTable::loadDefault();
  if (!table) return tl::unexpected(table.error());
  if (!sameGrid(ct.grid, labels.grid))
    return badInput("The labels do not lie on the CT's grid. Bring them onto it (import-labels does).");
  if (const auto checked = checkReach(ct.grid); !checked) return tl::unexpected(checked.error());
  job.report(0.0, "operating");
  const ScannedAnatomy anatomy(ct, labels);
  MovedScan moved = movedScan(ct, MovedAnatomy(ct.grid, anatomy, replacements, *table));
  const OperatedBody body = operated(std::move(moved.body), replacements, *table);
  fillCuts(body, moved.hu);
  if (job.cancelled()) return cancelled();
  job.report(0.15, "scanning the metal");
  const SimulatedScanner scanner = metalScanner(ct.grid);
  const Scene scene = sceneOf(body, replacements, std::move(moved.hu), scanner);
  std::vector<float> noiseHu;
  noiseHu.reserve(static_cast<std::size_t>(ct.grid.size.z()));
  for (int k = 0; k < ct.grid.size.z(); ++k) noiseHu.push_back(noiseHuOf(ct, k));
  const IndexBox all{Eigen::Vector3i::Zero(), ct.grid.size - Eigen::Vector3i::Ones()};
  const SliceArtifacts artifacts =
      artifactsOf(scene, all, ct.grid, scanner, noiseHu, seed, job.part(0.15, 0.95));
  if (job.cancelled()) return cancelled();
  const float mostHu = highestHu(scale);
  const ScalarImage withMetal = withBlurredMetal(scene);
  job.report(1.0, "operated");
  return OperatedScan{stored(withMetal, artifacts, mostHu), stored(withMetal, {}, mostHu), body.labels,
                      body.implants};
}

}  // namespace coxa
