#pragma once

#include "coxa/physics/materials.hpp"
#include "coxa/physics/scan_geometry.hpp"

#include <array>
#include <cstdint>

namespace coxa {

/// Hounsfield units: 0 for water, -1000 for nothing; `waterPerMm` is water's attenuation at the energy that
/// the scale is made for.
float huFromAttenuation(float attenuationPerMm, double waterPerMm);
float attenuationFromHu(float hu, double waterPerMm);

/// What the rays pass of one material, in g/cm² (line integrals of density).
struct MaterialPath {
  Material material = Material::Water;
  Sinogram gPerCm2;
};

/// -ln of the share of quanta that pass all materials together: Beer and Lambert, summed over the spectrum.
/// The paths must be of one size, at least one (std::invalid_argument). Runs on all cores.
Sinogram polychromaticAttenuation(const std::vector<MaterialPath>& paths, const Spectrum& spectrum);

/// Water beam-hardening correction: a polynomial of third order without constant term that turns a
/// polychromatic attenuation into the one that as much water has at a single energy. Fitted to 0..450 mm of
/// water; goes on as a straight line beyond, where only bone and metal lead.
class WaterCorrection {
 public:
  WaterCorrection(const Spectrum& spectrum, double referenceKev);
  float operator()(float attenuation) const;
  void apply(Sinogram& sinogram) const;
  /// 1/mm, of water at the reference energy: what huFromAttenuation wants after a reconstruction.
  double waterPerMm() const { return waterPerMm_; }

 private:
  double waterPerMm_;
  double last_;  ///< largest attenuation of the fit
  std::array<double, 3> coefficients_{};
};

/// What a detector adds to the ideal attenuation.
struct DetectorNoise {
  double quantaPerRay = 1e6;      ///< that reach a detector element through nothing
  double electronicQuanta = 0.0;  ///< standard deviation of the electronics, in quanta
  /// Scattered quanta as a constant over each view: this times the view's mean of quanta · p · exp(-p), the
  /// first-order estimate of single scatter by Ohnesorge et al. 1999. 0 is a perfect anti-scatter grid.
  double scatterRatio = 0.0;
  std::uint64_t seed = 1;
};

/// The attenuation that a detector reports: Poisson counts, electronic noise, at least half a quantum,
/// logarithm. Every ray has random numbers of its own, from seed and place, so that the result does not
/// depend on threads, and two scans that differ in an object have the same noise elsewhere. Far from
/// starvation the variance is exp(p)/quanta + (electronic·exp(p)/quanta)².
Sinogram withNoise(const Sinogram& attenuation, const DetectorNoise& noise);

/// That variance, by the formula above, of a ray without scatter.
double noiseVariance(double attenuation, const DetectorNoise& noise);

/// Quanta at which a ray starves: three standard deviations of its noise are as large as its signal, so that
/// it may count nothing, whose logarithm says nothing. The solution of n = 3 · sqrt(n + electronic²).
double starvingQuanta(const DetectorNoise& noise);

}  // namespace coxa
