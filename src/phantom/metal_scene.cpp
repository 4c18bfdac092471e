#include "metal_scene.hpp"

#include <algorithm>
#include <limits>

namespace coxa {

namespace {

constexpr double kSourceToCenterMm = 570.0;

SimulatedScanOptions scanOptions() {
  SimulatedScanOptions options;
  options.sourceToCenterMm = kSourceToCenterMm;
  options.averageStarved = true;
  return options;
}

SliceGrid sliceGridOf(const Grid& grid) {
  return {grid.size.x(), grid.size.y(), grid.spacing.x(), grid.spacing.y(), 0.0, 0.0};
}

// Calls `use` with every voxel of the body that a part of a replacement fills, the share and the material.
template <class Use>
void forEachShare(const OperatedBody& body, const std::vector<HipReplacement>& replacements, const Use& use) {
  for (std::size_t side = 0; side < replacements.size(); ++side) {
    const ImplantShares& shares = body.shares[side];
    for (std::size_t part = 0; part < kImplantParts.size(); ++part) {
      const ScalarImage& share = shares.shares[part];
      const Material material = materialOf(kImplantParts[part], replacements[side].materials);
      for (int k = 0; k < share.grid.size.z(); ++k)
        for (int j = 0; j < share.grid.size.y(); ++j)
          for (int i = 0; i < share.grid.size.x(); ++i)
            if (const float value = share.at(i, j, k); value > 0.0F) {
              const Eigen::Vector3i at = shares.box.min + Eigen::Vector3i(i, j, k);
              use(body.labels.grid.offset(at.x(), at.y(), at.z()), value, material);
            }
    }
  }
}

// Polyethylene throws no artifacts: it is tissue for the scanner.
bool isMetal(Material material) {
  return material != Material::Polyethylene;
}

// One slice of the body's part on the whole slice of the CT.
Slice wholeSlice(const ScalarImage& part, int k, const IndexBox& box, const Grid& grid, float outside) {
  Slice slice(sliceGridOf(grid), outside);
  for (int j = 0; j < part.grid.size.y(); ++j)
    for (int i = 0; i < part.grid.size.x(); ++i)
      slice.at(i + box.min.x(), j + box.min.y()) = part.at(i, j, k);
  return slice;
}

std::vector<MetalInsert> insertsOf(const std::map<Material, ScalarImage>& metal, int k, const IndexBox& box,
                                   const Grid& grid) {
  std::vector<MetalInsert> inserts;
  for (const auto& [material, share] : metal) {
    const float* slice = share.slice(k);
    if (std::any_of(slice, slice + share.grid.offset(0, 0, 1), [](float value) { return value > 0.0F; }))
      inserts.push_back({material, wholeSlice(share, k, box, grid, 0.0F).pixels});
  }
  return inserts;
}

}  // namespace

Result<void> checkReach(const Grid& grid) {
  if (sliceGridOf(grid).reachMm() < kSourceToCenterMm) return {};
  return fail(
      ErrorCode::Usage,
      "A slice of this size does not fit into the simulated scanner, 1140 mm across its corners. Take "
      "a smaller matrix or pixel.");
}

float highestHu(HuScale scale) {
  return scale == HuScale::Extended ? std::numeric_limits<std::int16_t>::max() : kMost12BitHu;
}

SimulatedScanner metalScanner(const Grid& grid) {
  return SimulatedScanner(sliceGridOf(grid), scanOptions());
}

void fillCuts(const OperatedBody& body, ScalarImage& hu) {
  for (std::size_t n = 0; n < hu.voxels.size(); ++n)
    if (body.labels.voxels[n] != body.whole.labels.voxels[n]) hu.voxels[n] = kScarHu;
}

Scene sceneOf(const OperatedBody& body, const std::vector<HipReplacement>& replacements, ScalarImage hu,
              const SimulatedScanner& scanner) {
  Scene scene;
  scene.tissue = std::move(hu);
  forEachShare(body, replacements, [&](std::size_t n, float share, Material material) {
    if (!isMetal(material)) {
      scene.tissue.voxels[n] += share * (scanner.huOf(material) - scene.tissue.voxels[n]);
      return;
    }
    auto& image = scene.metal[material];
    if (image.empty()) image = ScalarImage(body.labels.grid);
    image.voxels[n] += share;
  });
  scene.withMetal = scene.tissue;
  for (std::size_t n = 0; n < scene.withMetal.voxels.size(); ++n) {
    float tissueShare = 1.0F, metalHu = 0.0F;
    for (const auto& [material, share] : scene.metal) {
      tissueShare -= share.voxels[n];
      metalHu += share.voxels[n] * scanner.huOf(material);
    }
    scene.withMetal.voxels[n] = tissueShare * scene.withMetal.voxels[n] + metalHu;
  }
  return scene;
}

SliceArtifacts artifactsOf(const Scene& scene, const IndexBox& box, const Grid& grid,
                           const SimulatedScanner& scanner, const std::vector<float>& noiseHu,
                           std::uint64_t noiseSeed, const Job& job) {
  constexpr float kAirHu = -1000.0F;
  SliceArtifacts artifacts;
  const int slices = scene.tissue.grid.size.z();
  for (int k = 0; k < slices && !job.cancelled(); ++k) {
    job.report(static_cast<double>(k) / slices);
    const auto inserts = insertsOf(scene.metal, k, box, grid);
    if (inserts.empty()) continue;
    artifacts[k + box.min.z()] = scanner.metalArtifact(wholeSlice(scene.tissue, k, box, grid, kAirHu),
                                                       inserts, noiseHu[static_cast<std::size_t>(k)],
                                                       noiseSeed + static_cast<std::uint64_t>(k));
  }
  return artifacts;
}

}  // namespace coxa
