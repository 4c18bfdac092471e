#include "body.hpp"
#include "turns.hpp"

#include "coxa/image/filters.hpp"
#include "coxa/phantom/noise.hpp"

#include <tbb/parallel_for.h>

#include <algorithm>
#include <array>
#include <cmath>

namespace coxa {

namespace {

constexpr float kAirHu = -1000.0F, kFatHu = -103.0F, kSoftHu = 38.0F, kSkinHu = -15.0F, kGasHu = -880.0F;
constexpr float kBloodTexture = 4.0F;  // HU

// The measured femur's shaft is thick-walled; drawn so in a slender patient no canal would be left.
constexpr float kShaftDepth = 1.6F, kShaftHeight = 0.6F;

// The fraction of the measured femur's height, shaft to head, whose tissue stands in for that of the knee's
// bones; their cortex is thinned like the shaft's.
constexpr float kCondyleHeight = 0.79F;

// How much of a femur's tissue at a height is that of the condyles; the rest is that of the shaft.
float shareOfCondyles(const KneeLevels& knee, float z) {
  constexpr double kCondylesMm = 40.0, kDiaphysisMm = 110.0;  // above the joint line
  return static_cast<float>(smoothFall((z - knee.jointLineZ) / knee.scale, kCondylesMm, kDiaphysisMm));
}

// Depth below the surface of the bones that belong to no structure.
ScalarImage otherBoneDepths(const Body& body) {
  if (body.knees.empty()) return {};
  LabelMap mask(body.labels.grid);
  for (std::size_t n = 0; n < mask.voxels.size(); ++n)
    mask.voxels[n] = body.labels.voxels[n] == 0 &&
                     body.surroundings.voxels[n] == static_cast<std::uint8_t>(Surroundings::OtherBone);
  return depthsMm(mask, 16.0);
}

// How one structure of this patient differs from the measured tissue.
struct Shading {
  const std::vector<TissueProfile>* slabs = nullptr;
  float density = 1.0F;     // factor on what is above water
  float offsetHu = 0.0F;    // more or less fat in a muscle
  float shaftDepth = 1.0F;  // factor on the depth in the lower part; above 1 thins the cortex
  float texture = 0.5F;  // share of the measured spread that is drawn as texture; the rest is noise and edges
};

struct Shadings {
  std::array<Shading, 256> ofLabel;
  Shading otherBone;
  double boneDensity = 1.0;
};

Shadings shadings(const TissueModel& tissues, const TissueTraits& traits, const StructureTable& table,
                  Random& random) {
  const auto boneDensity = static_cast<float>(random.normal(1.0, 0.08));
  const auto muscleHu = static_cast<float>(random.normal(0.0, 4.0));
  Shadings shadings;
  shadings.boneDensity = boneDensity;
  for (const Structure& structure : table.all()) {
    const auto found = tissues.profiles.find(structure.kind);
    if (found == tissues.profiles.end()) continue;
    Shading& shading = shadings.ofLabel[structure.value];
    shading.slabs = &found->second;
    if (structure.kind == "femur") {
      shading.shaftDepth = kShaftDepth;
      shadings.otherBone.slabs = &found->second;
      shadings.otherBone.density = boneDensity;
    }
    if (structure.group == StructureGroup::Bone)
      shading.density = boneDensity * static_cast<float>(traits.densityOf(structure.kind));
    else
      shading.offsetHu = muscleHu + static_cast<float>(random.normal(0.0, 3.0));
  }
  return shadings;
}

LabelMap outsideOf(const Body& body) {
  LabelMap outside(body.labels.grid);
  for (std::size_t n = 0; n < outside.voxels.size(); ++n)
    outside.voxels[n] = body.surroundings.voxels[n] == 0 && body.labels.voxels[n] == 0 ? 1 : 0;
  return outside;
}

// Share of skin in the voxels near the body's surface. Without a thickness a rim of about 1.9 mm.
ScalarImage skinShares(const Body& body, const std::optional<double>& skinMm) {
  constexpr float kRim = 0.06F;
  const LabelMap outside = outsideOf(body);
  const Grid& grid = outside.grid;
  if (!skinMm) {
    ScalarImage share(grid);
    std::copy(outside.voxels.begin(), outside.voxels.end(), share.voxels.begin());
    share = smoothed(share, Vec3(1.2, 1.2, 0.0));
    for (float& value : share.voxels) value = value > kRim ? 1.0F : 0.0F;
    return share;
  }
  const IndexBox all{Eigen::Vector3i::Zero(), grid.size - Eigen::Vector3i::Ones()};
  ScalarImage share = signedDistanceMm(outside, 1, all, *skinMm + grid.spacing.x());
  for (float& value : share.voxels)
    value = std::clamp(static_cast<float>((*skinMm - value) / grid.spacing.x()) + 0.5F, 0.0F, 1.0F);
  return share;
}

// Above this value of a normal noise bowel is gas.
float gasThreshold(double factor) {
  constexpr float kMeasured = 1.5F;
  if (factor == 1.0) return kMeasured;
  const auto shareAbove = [](double x) { return 0.5 * std::erfc(x / std::sqrt(2.0)); };
  double low = -1.0, high = 10.0;
  for (int n = 0; n < 50; ++n) {
    const double middle = 0.5 * (low + high);
    (shareAbove(middle) > factor * shareAbove(kMeasured) ? low : high) = middle;
  }
  return static_cast<float>(high);
}

/// The patient's own texture on the body's grid.
struct Texture {
  ScalarImage fine, coarse, lumen;

  Texture(const Grid& grid, Random& random)
      : fine(correlatedNoise(grid, Vec3::Constant(1.2), random.seed())),
        coarse(correlatedNoise(grid, Vec3::Constant(4.0), random.seed())),
        lumen(correlatedNoise(grid, Vec3::Constant(9.0), random.seed())) {}
  float at(std::size_t n) const { return 0.9F * coarse.voxels[n] + 0.4F * fine.voxels[n]; }
};

/// Draws voxel by voxel.
class Painter {
 public:
  Painter(const Body& body, const ScalarImage& fat, const TissueTraits& traits, const StructureTable& table,
          const Shadings& shadings, const Texture& texture)
      : body_(body),
        fat_(fat),
        shadings_(shadings.ofLabel),
        otherBone_(shadings.otherBone),
        texture_(texture),
        depths_(depthsMm(body.labels, 16.0)),
        otherBoneDepths_(otherBoneDepths(body)),
        ranges_(heightRanges(body.labels)),
        skin_(skinShares(body, traits.skinMm)),
        gasThreshold_(gasThreshold(traits.bowelGas)) {
    for (const KneeLevels& knee : body.knees) knees_[knee.femur] = knee;
    const VesselTraits vessels = traits.vessels.value_or(VesselTraits{});
    for (const Structure& structure : table.all())
      if (structure.group == StructureGroup::Vessel)
        bloodHu_[structure.value] = static_cast<float>(
            structure.kind.find("artery") != std::string::npos ? vessels.arteryHu : vessels.veinHu);
  }

  float huAt(std::size_t n, float z) const {
    const auto label = body_.labels.voxels[n];
    if (shadings_[label].slabs) return structureHu(n, z, label);
    if (!body_.vessels.empty() && body_.vessels.voxels[n] != 0)
      return bloodHu_[body_.vessels.voxels[n]] + kBloodTexture * texture_.at(n);
    return surroundingsHu(n, z);
  }

 private:
  float structureHu(std::size_t n, float z, std::uint8_t label) const {
    const Shading& shading = shadings_[label];
    const float hu = knees_[label] ? femurToKneeHu(n, z, *knees_[label])
                                   : boneOrMuscleHu(n, shading, ranges_[label].fractionOf(z));
    if (fat_.empty() || fat_.voxels[n] == 0.0F) return hu;
    return hu + fat_.voxels[n] * (fatHu(n) - hu);
  }

  float boneOrMuscleHu(std::size_t n, const Shading& shading, float height) const {
    return tissueHu(n, shading, height,
                    depths_.voxels[n] * (height < kShaftHeight ? shading.shaftDepth : 1.0F));
  }

  // Above the junction as without the knee.
  float femurToKneeHu(std::size_t n, float z, const KneeLevels& knee) const {
    const Shading& shading = shadings_[knee.femur];
    const float highest = ranges_[knee.femur].highMm;
    if (z >= knee.junctionZ)
      return boneOrMuscleHu(n, shading, (z - knee.junctionZ) / (highest - knee.junctionZ));
    const float share = shareOfCondyles(knee, z), depth = shading.shaftDepth * depths_.voxels[n];
    return (1.0F - share) * tissueHu(n, shading, 0.0F, depth) +
           share * tissueHu(n, shading, kCondyleHeight, depth);
  }

  float tissueHu(std::size_t n, const Shading& shading, float height, float depthMm) const {
    const TissueProfile& profile = profileAt(*shading.slabs, height);
    const float mean = profile.meanAt(depthMm);
    return (mean > 0.0F ? mean * shading.density : mean) + shading.offsetHu +
           shading.texture * profile.sdAt(depthMm) * texture_.at(n);
  }

  float surroundingsHu(std::size_t n, float z) const {
    switch (static_cast<Surroundings>(body_.surroundings.voxels[n])) {
      case Surroundings::Outside:
        break;
      case Surroundings::Fat:
        return skin_.voxels[n] * kSkinHu + (1.0F - skin_.voxels[n]) * fatHu(n);
      case Surroundings::SoftTissue: {
        // Gas gathers only in the abdomen, well above the hips.
        const bool gas = z > 60.0F && texture_.lumen.voxels[n] > gasThreshold_;
        return gas ? kGasHu : kSoftHu + 10.0F * texture_.at(n);
      }
      case Surroundings::OtherBone:
        return tissueHu(n, otherBone_, kCondyleHeight, kShaftDepth * otherBoneDepths_.voxels[n]);
    }
    return kAirHu;
  }

  float fatHu(std::size_t n) const { return kFatHu + 6.0F * texture_.at(n); }

  const Body& body_;
  const ScalarImage& fat_;
  const std::array<Shading, 256>& shadings_;
  const Shading& otherBone_;
  const Texture& texture_;
  ScalarImage depths_;
  ScalarImage otherBoneDepths_;
  std::array<HeightRange, 256> ranges_;
  ScalarImage skin_;
  std::array<std::optional<KneeLevels>, 256> knees_;
  float gasThreshold_;
  std::array<float, 256> bloodHu_{};
};

}  // namespace

Rendering rendered(const Body& body, const ScalarImage& fat, const TissueModel& tissues,
                   const TissueTraits& traits, const StructureTable& table, Random& random) {
  const Grid& grid = body.labels.grid;
  const Shadings shading = shadings(tissues, traits, table, random);
  const Texture texture(grid, random);
  const Painter painter(body, fat, traits, table, shading, texture);
  Rendering rendering{ScalarImage(grid), shading.boneDensity};
  tbb::parallel_for(0, grid.size.z(), [&](int k) {
    const auto z = static_cast<float>(grid.worldFromIndex(Vec3(0, 0, k)).z());
    for (std::size_t n = grid.offset(0, 0, k); n < grid.offset(0, 0, k + 1); ++n)
      rendering.hu.voxels[n] = painter.huAt(n, z);
  });
  return rendering;
}

}  // namespace coxa
