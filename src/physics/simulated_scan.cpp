#include "coxa/physics/simulated_scan.hpp"

#include "coxa/physics/projector.hpp"
#include "coxa/physics/reconstruction.hpp"

#include <tbb/parallel_for.h>

#include <algorithm>
#include <cmath>

namespace coxa {

namespace {

constexpr float kAllWaterHu = 100.0F;
constexpr float kAllBoneHu = 1500.0F;
constexpr float kBodyHu = -500.0F;

/// Attenuation (1/mm) of a slice by what attenuates.
struct Tissue {
  Slice water;
  Slice bone;
};

Tissue tissueOf(const Slice& hu, double waterPerMm) {
  Tissue tissue{Slice(hu.grid), Slice(hu.grid)};
  for (std::size_t n = 0; n < hu.pixels.size(); ++n) {
    const float value = std::max(attenuationFromHu(hu.pixels[n], waterPerMm), 0.0F);
    const float bone = std::clamp((hu.pixels[n] - kAllWaterHu) / (kAllBoneHu - kAllWaterHu), 0.0F, 1.0F);
    tissue.bone.pixels[n] = value * bone;
    tissue.water.pixels[n] = value * (1.0F - bone);
  }
  return tissue;
}

void makeRoomFor(const std::vector<MetalInsert>& metal, Tissue& tissue) {
  for (std::size_t n = 0; n < tissue.water.pixels.size(); ++n) {
    float left = 1.0F;
    for (const MetalInsert& insert : metal) left -= insert.share[n];
    tissue.water.pixels[n] *= std::max(left, 0.0F);
    tissue.bone.pixels[n] *= std::max(left, 0.0F);
  }
}

MaterialPath pathOf(Material material, Sinogram sinogram, double factor) {
  for (float& value : sinogram.values) value *= static_cast<float>(factor);
  return {material, std::move(sinogram)};
}

// Mean of the quanta over up to 9 detectors of 7 views.
Sinogram starvedAveraged(const Sinogram& attenuation, const DetectorNoise& noise) {
  constexpr double kMostDetectors = 4.0, kMostViews = 3.0;
  Sinogram quanta = attenuation;
  for (float& value : quanta.values) value = static_cast<float>(noise.quantaPerRay) * std::exp(-value);
  Sinogram averaged = attenuation;
  const auto low = static_cast<float>(starvingQuanta(noise));
  tbb::parallel_for(0, quanta.views, [&](int v) {
    for (int d = 0; d < quanta.detectors; ++d) {
      const float starved = 1.0F - quanta.view(v)[d] / low;
      if (starved <= 0.0F) continue;
      const int detectors = static_cast<int>(std::ceil(kMostDetectors * starved));
      const int views = static_cast<int>(std::ceil(kMostViews * starved));
      float sum = 0.0F;
      int count = 0;
      for (int u = v - views; u <= v + views; ++u) {
        const float* row = quanta.view((u + quanta.views) % quanta.views);
        for (int e = std::max(d - detectors, 0); e <= std::min(d + detectors, quanta.detectors - 1); ++e) {
          sum += row[e];
          ++count;
        }
      }
      averaged.view(v)[d] =
          -std::log(sum / (static_cast<float>(count) * static_cast<float>(noise.quantaPerRay)));
    }
  });
  return averaged;
}

// Takes from the noise of a scan with metal what its rays have without: noise that is there anyway.
void keepAddedNoise(const Sinogram& with, const Sinogram& without, const DetectorNoise& noise,
                    Sinogram& measured) {
  for (std::size_t n = 0; n < measured.values.size(); ++n) {
    const double added = 1.0 - noiseVariance(without.values[n], noise) / noiseVariance(with.values[n], noise);
    measured.values[n] = with.values[n] + static_cast<float>(std::sqrt(std::max(added, 0.0))) *
                                              (measured.values[n] - with.values[n]);
  }
}

double deviationInBody(const Slice& picture, const Slice& hu) {
  double squares = 0.0, count = 0.0;
  for (std::size_t n = 0; n < hu.pixels.size(); ++n) {
    if (hu.pixels[n] <= kBodyHu) continue;
    squares += std::pow(picture.pixels[n], 2);
    ++count;
  }
  return count > 0.0 ? std::sqrt(squares / count) : 0.0;
}

void add(const MaterialPath& path, double factor, Sinogram& sum) {
  for (std::size_t n = 0; n < sum.values.size(); ++n)
    sum.values[n] += static_cast<float>(factor) * path.gPerCm2.values[n];
}

}  // namespace

struct SimulatedScanner::Parts {
  SimulatedScanOptions options;
  Spectrum spectrum = coarser(spectrum120Kv(), 2.0);
  WaterCorrection correction;
  Beam beam;
  Projector projector;
  Reconstructor reconstructor;

  Parts(const SliceGrid& grid, const SimulatedScanOptions& wanted)
      : options(wanted),
        correction(spectrum, wanted.referenceKev),
        beam(coveringFanBeam(grid, wanted.views, wanted.sourceToCenterMm)),
        projector(beam, grid),
        reconstructor(beam, grid, FilterWindow::Hann) {}

  std::vector<MaterialPath> pathsThrough(const Slice& hu, const std::vector<MetalInsert>& metal) const {
    Tissue tissue = tissueOf(hu, correction.waterPerMm());
    makeRoomFor(metal, tissue);
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
      paths.push_back(
          pathOf(insert.material, projector.project(share), 0.1 * densityGPerCm3(insert.material)));
    }
    return paths;
  }

  // What the detectors say of an attenuation, before the water correction.
  Sinogram measured(const Sinogram& attenuation, const DetectorNoise& noise) const {
    Sinogram sinogram = withNoise(attenuation, noise);
    return options.averageStarved ? starvedAveraged(sinogram, noise) : sinogram;
  }

  Slice picture(const Sinogram& corrected) const {
    Slice slice = reconstructor.reconstruct(corrected);
    for (float& value : slice.pixels) value *= static_cast<float>(1000.0 / correction.waterPerMm());
    return slice;
  }

  // The quanta at which a slice shows noise of `noiseHu`, from the noise that the options' quanta make.
  double quantaFor(double noiseHu, Sinogram attenuation, const Slice& hu, const DetectorNoise& noise) const {
    Sinogram noisy = withNoise(attenuation, noise);
    correction.apply(noisy);
    correction.apply(attenuation);
    for (std::size_t n = 0; n < noisy.values.size(); ++n) noisy.values[n] -= attenuation.values[n];
    const double shown = deviationInBody(picture(noisy), hu);
    return shown > 0.0 ? noise.quantaPerRay * std::pow(shown / noiseHu, 2) : noise.quantaPerRay;
  }

  // What a single energy would measure, times `factor`.
  void addIdeal(const std::vector<MaterialPath>& paths, double factor, Sinogram& sum) const {
    for (const MaterialPath& path : paths)
      add(path, factor * massAttenuationCm2PerG(path.material, options.referenceKev), sum);
  }
};

SimulatedScanner::SimulatedScanner(const SliceGrid& grid, const SimulatedScanOptions& options)
    : parts_(std::make_unique<Parts>(grid, options)) {}
SimulatedScanner::~SimulatedScanner() = default;

Slice SimulatedScanner::scan(const Slice& hu, const std::vector<MetalInsert>& metal) const {
  Sinogram measured = parts_->measured(
      polychromaticAttenuation(parts_->pathsThrough(hu, metal), parts_->spectrum), parts_->options.noise);
  parts_->correction.apply(measured);
  Slice scan = parts_->reconstructor.reconstruct(measured);
  for (float& value : scan.pixels) value = huFromAttenuation(value, parts_->correction.waterPerMm());
  return scan;
}

Slice SimulatedScanner::metalArtifact(const Slice& hu, const std::vector<MetalInsert>& metal, double noiseHu,
                                      std::uint64_t noiseSeed) const {
  const auto with = parts_->pathsThrough(hu, metal), without = parts_->pathsThrough(hu, {});
  const Sinogram passed = polychromaticAttenuation(with, parts_->spectrum);
  Sinogram reference = polychromaticAttenuation(without, parts_->spectrum);
  Sinogram artifact = passed;
  if (noiseHu > 0.0) {
    DetectorNoise noise = parts_->options.noise;
    noise.seed = noiseSeed;
    noise.quantaPerRay = parts_->quantaFor(noiseHu, reference, hu, noise);
    artifact = parts_->measured(passed, noise);
    keepAddedNoise(passed, reference, noise, artifact);
  }
  parts_->correction.apply(artifact);
  parts_->correction.apply(reference);
  for (std::size_t n = 0; n < artifact.values.size(); ++n) artifact.values[n] -= reference.values[n];
  parts_->addIdeal(with, -1.0, artifact);
  parts_->addIdeal(without, 1.0, artifact);
  return parts_->picture(artifact);
}

float SimulatedScanner::huOf(Material material) const {
  return huFromAttenuation(static_cast<float>(attenuationPerMm(material, parts_->options.referenceKev)),
                           parts_->correction.waterPerMm());
}

Slice simulatedScan(const Slice& hu, const std::vector<MetalInsert>& metal,
                    const SimulatedScanOptions& options) {
  return SimulatedScanner(hu.grid, options).scan(hu, metal);
}

}  // namespace coxa
