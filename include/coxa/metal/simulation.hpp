#pragma once

#include "coxa/physics/acquisition.hpp"

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
};

/// What a clinical fan-beam scanner would show of a slice (HU) with metal in it; without inserts the
/// artifact-free partner, with the same noise. Recipe of Sakamoto et al. 2019: tissue is water and bone,
/// mixed linearly between 100 and 1500 HU; metal replaces both; polychromatic projection at 120 kV, Poisson
/// noise, third-order water correction, filtered back-projection with a Hann window.
Slice simulatedScan(const Slice& hu, const std::vector<MetalInsert>& metal,
                    const SimulatedScanOptions& options);

}  // namespace coxa
