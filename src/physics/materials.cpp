#include "coxa/physics/materials.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <span>
#include <stdexcept>

namespace coxa {

namespace {

constexpr std::size_t kEnergies = 11;
using Column = std::array<double, kEnergies>;

// keV. 20 stands twice: below and above the K edge of molybdenum.
constexpr Column kEnergiesKev = {10, 15, 20, 20, 30, 40, 50, 60, 80, 100, 150};

// cm²/g: J. H. Hubbell and S. M. Seltzer, Tables of X-Ray Mass Attenuation Coefficients, NIST Standard
// Reference Database 126 (NISTIR 5632), tables 3 (elements) and 4 (compounds).
constexpr Column kWater = {5.329,  1.673,  0.8096, 0.8096, 0.3756, 0.2683,
                           0.2269, 0.2059, 0.1837, 0.1707, 0.1505};
constexpr Column kCorticalBone = {28.51,  9.032,  4.001,  4.001,  1.331, 0.6655,
                                  0.4242, 0.3148, 0.2229, 0.1855, 0.1480};
constexpr Column kPolyethylene = {2.088,  0.7452, 0.4315, 0.4315, 0.2706, 0.2275,
                                  0.2084, 0.1970, 0.1823, 0.1719, 0.1534};
constexpr Column kOxygen = {5.952,  1.836,  0.8651, 0.8651, 0.3779, 0.2585,
                            0.2132, 0.1907, 0.1678, 0.1551, 0.1361};
constexpr Column kAluminium = {26.23,  7.955,  3.441,  3.441,  1.128, 0.5685,
                               0.3681, 0.2778, 0.2018, 0.1704, 0.1378};
constexpr Column kTitanium = {110.7, 35.87,  15.85,  15.85,  4.972, 2.214,
                              1.213, 0.7661, 0.4052, 0.2721, 0.1649};
constexpr Column kVanadium = {121.8, 39.83,  17.68,  17.68,  5.564, 2.472,
                              1.347, 0.8438, 0.4371, 0.2877, 0.1682};
constexpr Column kChromium = {138.6, 45.71,  20.38,  20.38,  6.434, 2.856,
                              1.550, 0.9639, 0.4905, 0.3166, 0.1788};
constexpr Column kIron = {170.6, 57.08, 25.68, 25.68, 8.176, 3.629, 1.958, 1.205, 0.5952, 0.3717, 0.1964};
constexpr Column kCobalt = {184.1, 62.01, 28.03, 28.03, 8.962, 3.981, 2.144, 1.314, 0.6414, 0.3949, 0.2023};
constexpr Column kNickel = {209.0, 70.81, 32.20, 32.20, 10.34, 4.600, 2.474, 1.512, 0.7306, 0.4440, 0.2208};
constexpr Column kMolybdenum = {85.76, 28.54, 13.08, 80.55, 28.10, 12.94, 7.037, 4.274, 1.962, 1.096, 0.4208};

struct Part {
  const Column* column;
  double massFraction;
};

constexpr std::array<Part, 1> kWaterParts = {{{&kWater, 1.0}}};
constexpr std::array<Part, 1> kBoneParts = {{{&kCorticalBone, 1.0}}};
constexpr std::array<Part, 1> kPolyethyleneParts = {{{&kPolyethylene, 1.0}}};
constexpr std::array<Part, 3> kTitaniumParts = {
    {{&kTitanium, 0.90}, {&kAluminium, 0.06}, {&kVanadium, 0.04}}};
constexpr std::array<Part, 3> kCobaltChromeParts = {
    {{&kCobalt, 0.66}, {&kChromium, 0.28}, {&kMolybdenum, 0.06}}};
constexpr std::array<Part, 4> kSteelParts = {
    {{&kIron, 0.655}, {&kChromium, 0.18}, {&kNickel, 0.14}, {&kMolybdenum, 0.025}}};
constexpr std::array<Part, 2> kAluminaParts = {{{&kAluminium, 0.5293}, {&kOxygen, 0.4707}}};

struct Entry {
  const char* name;
  double densityGPerCm3;
  std::span<const Part> parts;
};

Entry entryOf(Material material) {
  switch (material) {
    case Material::Water:
      return {"water", 1.0, kWaterParts};
    case Material::CorticalBone:
      return {"cortical bone", 1.92, kBoneParts};
    case Material::Titanium:
      return {"titanium", 4.43, kTitaniumParts};
    case Material::CobaltChrome:
      return {"cobalt-chrome", 8.29, kCobaltChromeParts};
    case Material::StainlessSteel:
      return {"steel", 7.99, kSteelParts};
    case Material::Polyethylene:
      return {"polyethylene", 0.94, kPolyethyleneParts};
    case Material::Alumina:
      return {"alumina", 3.97, kAluminaParts};
  }
  throw std::invalid_argument("unknown material");
}

double logLog(const Column& column, double energyKev) {
  const double energy = std::clamp(energyKev, kEnergiesKev.front(), kEnergiesKev.back());
  const auto above = std::upper_bound(kEnergiesKev.begin(), kEnergiesKev.end() - 1, energy);
  const auto n = static_cast<std::size_t>(above - kEnergiesKev.begin());
  const double span = std::log(kEnergiesKev[n] / kEnergiesKev[n - 1]);
  const double weight = std::log(energy / kEnergiesKev[n - 1]) / span;
  return column[n - 1] * std::pow(column[n] / column[n - 1], weight);
}

// Relative quanta per keV from 9 to 120 keV: M. Sakamoto et al., X-ray characteristic data (2019), MIT
// licence; see NOTICE.
constexpr int kFirstKev = 9;
constexpr double kQuanta120Kv[] = {
    50,     239,    863,    2196,   4421,   10421,  18637,  37950,  61394,  79737,  100999, 123616, 148660,
    176108, 205516, 230934, 255458, 275529, 295621, 312325, 329444, 340061, 350400, 357775, 365183, 368197,
    370174, 370159, 369626, 368457, 367299, 363529, 359421, 354948, 350745, 344702, 337970, 333679, 329295,
    320782, 312148, 305174, 298010, 290947, 283748, 278714, 273632, 369344, 465565, 546765, 627747, 447779,
    266566, 240859, 214938, 208670, 201762, 262349, 323053, 263912, 203208, 172538, 141903, 135250, 128072,
    125820, 123911, 120085, 115707, 112856, 108418, 105390, 100520, 99818,  96275,  92479,  88652,  86578,
    84557,  80893,  77196,  74258,  71243,  68056,  64602,  61855,  59124,  56923,  54747,  52073,  49398,
    47153,  44826,  42178,  39190,  36813,  34479,  31734,  29047,  26713,  24241,  21681,  19199,  17341,
    15640,  13131,  10420,  8404,   6312,   4253,   1971,   670};

Spectrum normalised(Spectrum spectrum) {
  const double sum = std::accumulate(spectrum.fractions.begin(), spectrum.fractions.end(), 0.0);
  for (double& fraction : spectrum.fractions) fraction /= sum;
  return spectrum;
}

}  // namespace

const char* name(Material material) {
  return entryOf(material).name;
}

double densityGPerCm3(Material material) {
  return entryOf(material).densityGPerCm3;
}

double massAttenuationCm2PerG(Material material, double energyKev) {
  double sum = 0.0;
  for (const Part& part : entryOf(material).parts) sum += part.massFraction * logLog(*part.column, energyKev);
  return sum;
}

double attenuationPerMm(Material material, double energyKev) {
  return 0.1 * densityGPerCm3(material) * massAttenuationCm2PerG(material, energyKev);
}

double Spectrum::meanKev() const {
  return std::inner_product(energiesKev.begin(), energiesKev.end(), fractions.begin(), 0.0);
}

Spectrum spectrum120Kv() {
  Spectrum spectrum;
  for (int n = 0; n < static_cast<int>(std::size(kQuanta120Kv)); ++n) {
    spectrum.energiesKev.push_back(kFirstKev + n);
    spectrum.fractions.push_back(kQuanta120Kv[n]);
  }
  return normalised(std::move(spectrum));
}

Spectrum kramersSpectrum(double tubeKv, double aluminiumMm) {
  if (tubeKv < 20.0 || tubeKv > 150.0)
    throw std::invalid_argument("a tube voltage of 20 to 150 kV is wanted");
  constexpr double kAluminiumDensity = 2.699;
  Spectrum spectrum;
  for (double energy = 10.5; energy < tubeKv; energy += 1.0) {
    const double filter = 0.1 * aluminiumMm * kAluminiumDensity * logLog(kAluminium, energy);
    spectrum.energiesKev.push_back(energy);
    spectrum.fractions.push_back((tubeKv - energy) / energy * std::exp(-filter));
  }
  return normalised(std::move(spectrum));
}

Spectrum energyWeighted(Spectrum spectrum) {
  for (std::size_t n = 0; n < spectrum.fractions.size(); ++n)
    spectrum.fractions[n] *= spectrum.energiesKev[n];
  return normalised(std::move(spectrum));
}

Spectrum monochromatic(double energyKev) {
  return {{energyKev}, {1.0}};
}

Spectrum coarser(const Spectrum& spectrum, double stepKev) {
  Spectrum joined;
  double binEnd = -1.0;
  for (std::size_t n = 0; n < spectrum.energiesKev.size(); ++n) {
    const double energy = spectrum.energiesKev[n], fraction = spectrum.fractions[n];
    if (fraction <= 0.0) continue;
    if (energy >= binEnd) {
      binEnd = energy + stepKev;
      joined.energiesKev.push_back(energy);
      joined.fractions.push_back(fraction);
      continue;
    }
    const double total = joined.fractions.back() + fraction;
    joined.energiesKev.back() += (energy - joined.energiesKev.back()) * fraction / total;
    joined.fractions.back() = total;
  }
  return joined;
}

}  // namespace coxa
