#pragma once

#include "coxa/physics/acquisition.hpp"

#include <memory>

namespace coxa {

/// Metal put into a slice: the share of every pixel that it fills.
struct MetalInsert {
  Material material = Material::Titanium;
  std::vector<float> share;
};

struct SimulatedScanOptions {
  int views = 1000;
  double sourceToCenterMm = 500.0;
  double referenceKev = 70.0;  ///< of the HU scale
  DetectorNoise noise{2e6, 20.0, 0.0, 1};
  /// Rays that starve (starvingQuanta) are averaged with their neighbours before the logarithm, the more the
  /// fewer quanta there are, as scanners do (after Hsieh 1998, Med Phys 25:2139).
  bool averageStarved = false;
};

/// A clinical fan-beam scanner for slices of one grid. Recipe of Sakamoto et al. 2019: tissue is water and
/// bone, mixed linearly between 100 and 1500 HU; metal replaces both; polychromatic projection at 120 kV,
/// Poisson noise, third-order water correction, filtered back-projection with a Hann window. Keep it for many
/// slices: rays and filter are prepared once. Runs on all cores; the result does not depend on their number.
class SimulatedScanner {
 public:
  /// The slice must lie within the source's circle (std::invalid_argument).
  SimulatedScanner(const SliceGrid& grid, const SimulatedScanOptions& options);
  ~SimulatedScanner();

  /// What the scanner shows of a slice (HU) with metal in it; without inserts the artifact-free partner, with
  /// the same noise.
  Slice scan(const Slice& hu, const std::vector<MetalInsert>& metal) const;
  /// What a scan has only because of the metal, in HU: scan with metal minus scan without, less the metal's
  /// own picture at the reference energy. So what remains is hardened beams, starved detectors and the noise
  /// that both add; bone's hardening cancels. Noise: the slice that this is added to has its own, of the
  /// standard deviation `noiseHu` on average over the body (above -500 HU). As an automatic exposure control
  /// would, the scan takes the quanta that make as much without metal, and every ray gets only what metal
  /// adds to its variance. 0: no noise. `noiseSeed` takes the place of the options' seed.
  Slice metalArtifact(const Slice& hu, const std::vector<MetalInsert>& metal, double noiseHu,
                      std::uint64_t noiseSeed) const;

  /// HU of a material on this scanner's scale.
  float huOf(Material material) const;

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

/// One scan by a scanner made for it.
Slice simulatedScan(const Slice& hu, const std::vector<MetalInsert>& metal,
                    const SimulatedScanOptions& options);

}  // namespace coxa
