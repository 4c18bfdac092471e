#pragma once

#include <vector>

namespace coxa {

/// What bodies and hip implants are made of. Alloys by their standards' nominal composition: titanium is
/// Ti-6Al-4V (ASTM F136), cobalt-chrome Co-28Cr-6Mo (ASTM F75), steel 316L (ASTM F138); bone is cortical bone
/// of ICRU Report 44; alumina is Al2O3.
enum class Material { Water, CorticalBone, Titanium, CobaltChrome, StainlessSteel, Polyethylene, Alumina };

/// "cobalt-chrome" and the like.
const char* name(Material material);
double densityGPerCm3(Material material);
/// Total mass attenuation coefficient in cm²/g, coherent scattering included, at 10 to 150 keV (nearest end
/// beyond). Tables of Hubbell and Seltzer (NIST Standard Reference Database 126), log-log between their
/// energies; alloys by mass fractions.
double massAttenuationCm2PerG(Material material, double energyKev);
/// At the material's density, in 1/mm.
double attenuationPerMm(Material material, double energyKev);

/// Relative numbers of X-ray quanta by energy, sum 1.
struct Spectrum {
  std::vector<double> energiesKev;
  std::vector<double> fractions;

  double meanKev() const;
};

/// Clinical CT at 120 kV, measured values in steps of 1 keV (Sakamoto et al. 2019).
Spectrum spectrum120Kv();
/// Any tube voltage up to 150 kV: Kramers' law (Kramers 1923), filtered by aluminium. Without the target's
/// lines.
Spectrum kramersSpectrum(double tubeKv, double aluminiumMm = 10.0);
/// As an energy-integrating detector weighs it: by energy.
Spectrum energyWeighted(Spectrum spectrum);
/// One energy.
Spectrum monochromatic(double energyKev);
/// Neighbouring energies joined into steps of `stepKev`: less to compute.
Spectrum coarser(const Spectrum& spectrum, double stepKev);

}  // namespace coxa
