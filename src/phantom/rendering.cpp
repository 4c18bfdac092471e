#include "body.hpp"

#include "coxa/image/filters.hpp"
#include "coxa/phantom/noise.hpp"

#include <tbb/parallel_for.h>

#include <array>

namespace coxa {

namespace {

constexpr float kAirHu = -1000.0F, kFatHu = -103.0F, kSoftHu = 38.0F, kSkinHu = -15.0F, kGasHu = -880.0F;

// The measured femur's shaft is thick-walled; drawn so in a slender patient no canal would be left.
constexpr float kShaftDepth = 1.6F, kShaftHeight = 0.6F;

// How one structure of this patient differs from the measured tissue.
struct Shading {
  const std::vector<TissueProfile>* slabs = nullptr;
  float density = 1.0F;     // factor on what is above water
  float offsetHu = 0.0F;    // more or less fat in a muscle
  float shaftDepth = 1.0F;  // factor on the depth in the lower part; above 1 thins the cortex
  float texture = 0.5F;  // share of the measured spread that is drawn as texture; the rest is noise and edges
};

std::array<Shading, 256> shadings(const TissueModel& tissues, const StructureTable& table, Random& random) {
  const auto boneDensity = static_cast<float>(random.normal(1.0, 0.08));
  const auto muscleHu = static_cast<float>(random.normal(0.0, 4.0));
  std::array<Shading, 256> shadings;
  for (const Structure& structure : table.all()) {
    const auto found = tissues.profiles.find(structure.kind);
    if (found == tissues.profiles.end()) continue;
    Shading& shading = shadings[structure.value];
    shading.slabs = &found->second;
    if (structure.kind == "femur") shading.shaftDepth = kShaftDepth;
    if (structure.group == StructureGroup::Bone)
      shading.density = boneDensity;
    else
      shading.offsetHu = muscleHu + static_cast<float>(random.normal(0.0, 3.0));
  }
  return shadings;
}

}  // namespace

ScalarImage renderedHu(const Body& body, const TissueModel& tissues, const StructureTable& table,
                       Random& random) {
  constexpr float kLumenNoise = 1.5F, kSkinShare = 0.06F;
  const Grid& grid = body.labels.grid;
  const std::array<Shading, 256> shadingOf = shadings(tissues, table, random);
  const ScalarImage fine = correlatedNoise(grid, Vec3::Constant(1.2), random.seed());
  const ScalarImage coarse = correlatedNoise(grid, Vec3::Constant(4.0), random.seed());
  const ScalarImage lumen = correlatedNoise(grid, Vec3::Constant(9.0), random.seed());
  const ScalarImage depths = depthsMm(body.labels, 16.0);
  const auto ranges = heightRanges(body.labels);
  ScalarImage outside(grid);
  for (std::size_t n = 0; n < outside.voxels.size(); ++n)
    outside.voxels[n] = body.surroundings.voxels[n] == 0 && body.labels.voxels[n] == 0 ? 1.0F : 0.0F;
  outside = smoothed(outside, Vec3(1.2, 1.2, 0.0));

  ScalarImage hu(grid);
  tbb::parallel_for(0, grid.size.z(), [&](int k) {
    const auto z = static_cast<float>(grid.worldFromIndex(Vec3(0, 0, k)).z());
    for (std::size_t n = grid.offset(0, 0, k); n < grid.offset(0, 0, k + 1); ++n) {
      const auto label = body.labels.voxels[n];
      const float texture = 0.9F * coarse.voxels[n] + 0.4F * fine.voxels[n];
      if (const Shading& shading = shadingOf[label]; shading.slabs) {
        const float height = ranges[label].fractionOf(z);
        const TissueProfile& profile = profileAt(*shading.slabs, height);
        const float depth = depths.voxels[n] * (height < kShaftHeight ? shading.shaftDepth : 1.0F);
        const float mean = profile.meanAt(depth);
        hu.voxels[n] = (mean > 0.0F ? mean * shading.density : mean) + shading.offsetHu +
                       shading.texture * profile.sdAt(depth) * texture;
        continue;
      }
      switch (static_cast<Surroundings>(body.surroundings.voxels[n])) {
        case Surroundings::Outside:
          hu.voxels[n] = kAirHu;
          break;
        case Surroundings::Fat:
          hu.voxels[n] = outside.voxels[n] > kSkinShare ? kSkinHu : kFatHu + 6.0F * texture;
          break;
        case Surroundings::SoftTissue: {
          // Gas gathers only in the abdomen, well above the hips.
          const bool gas = z > 60.0F && lumen.voxels[n] > kLumenNoise;
          hu.voxels[n] = gas ? kGasHu : kSoftHu + 10.0F * texture;
          break;
        }
      }
    }
  });
  return hu;
}

}  // namespace coxa
