#include "coxa/metal/simulation.hpp"

#include "coxa/physics/projector.hpp"
#include "coxa/physics/reconstruction.hpp"

#include <algorithm>

namespace coxa {

namespace {

constexpr float kAllWaterHu = 100.0F;
constexpr float kAllBoneHu = 1500.0F;

struct Tissue {
  Slice water;
  Slice bone;
};

Tissue tissueOf(const Slice& hu, const std::vector<MetalInsert>& metal, double waterPerMm) {
  Tissue tissue{Slice(hu.grid), Slice(hu.grid)};
  for (std::size_t n = 0; n < hu.pixels.size(); ++n) {
    float left = 1.0F;
    for (const MetalInsert& insert : metal) left -= insert.share[n];
    const float value = std::max(left, 0.0F) * std::max(attenuationFromHu(hu.pixels[n], waterPerMm), 0.0F);
    const float bone = std::clamp((hu.pixels[n] - kAllWaterHu) / (kAllBoneHu - kAllWaterHu), 0.0F, 1.0F);
    tissue.bone.pixels[n] = value * bone;
    tissue.water.pixels[n] = value * (1.0F - bone);
  }
  return tissue;
}

MaterialPath pathOf(Material material, Sinogram sinogram, double factor) {
  for (float& value : sinogram.values) value *= static_cast<float>(factor);
  return {material, std::move(sinogram)};
}

}  // namespace

Slice simulatedScan(const Slice& hu, const std::vector<MetalInsert>& metal,
                    const SimulatedScanOptions& options) {
  const Spectrum spectrum = coarser(spectrum120Kv(), 2.0);
  const WaterCorrection correction(spectrum, options.referenceKev);
  const Beam beam = coveringFanBeam(hu.grid, options.views, options.sourceToCenterMm);
  const Projector projector(beam, hu.grid);
  const Tissue tissue = tissueOf(hu, metal, correction.waterPerMm());
  std::vector<MaterialPath> paths;
  const auto addTissue = [&](Material material, const Slice& part) {
    paths.push_back(pathOf(material, projector.project(part),
                           1.0 / massAttenuationCm2PerG(material, options.referenceKev)));
  };
  addTissue(Material::Water, tissue.water);
  addTissue(Material::CorticalBone, tissue.bone);
  for (const MetalInsert& insert : metal) {
    Slice share(hu.grid);
    share.pixels = insert.share;
    paths.push_back(pathOf(insert.material, projector.project(share), 0.1 * densityGPerCm3(insert.material)));
  }
  Sinogram measured = withNoise(polychromaticAttenuation(paths, spectrum), options.noise);
  correction.apply(measured);
  Slice scan = Reconstructor(beam, hu.grid, FilterWindow::Hann).reconstruct(measured);
  for (float& value : scan.pixels) value = huFromAttenuation(value, correction.waterPerMm());
  return scan;
}

}  // namespace coxa
