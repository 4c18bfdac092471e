#include "coxa/physics/acquisition.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>

namespace coxa {
namespace {

// NIST Standard Reference Database 126, not the energies of our table; water and titanium at 70 keV are in
// the NAIST table.
TEST(Materials, AttenuationMeetsTabulatedValuesBetweenTheTablesEnergies) {
  EXPECT_NEAR(massAttenuationCm2PerG(Material::Water, 70.0), 0.193, 0.0015);
  EXPECT_NEAR(massAttenuationCm2PerG(Material::Water, 120.0), 0.161, 0.0015);
  EXPECT_NEAR(massAttenuationCm2PerG(Material::Titanium, 70.0), 0.536, 0.02);  // pure titanium
  EXPECT_NEAR(massAttenuationCm2PerG(Material::Polyethylene, 60.0), 0.1970, 1e-6);
}

TEST(Materials, MetalsStandInTheirOrder) {
  for (const double energy : {40.0, 60.0, 80.0, 120.0}) {
    EXPECT_GT(attenuationPerMm(Material::CobaltChrome, energy),
              attenuationPerMm(Material::StainlessSteel, energy));
    EXPECT_GT(attenuationPerMm(Material::StainlessSteel, energy),
              attenuationPerMm(Material::Titanium, energy));
    EXPECT_GT(attenuationPerMm(Material::Titanium, energy), attenuationPerMm(Material::Alumina, energy));
    EXPECT_GT(attenuationPerMm(Material::Alumina, energy), attenuationPerMm(Material::CorticalBone, energy));
    EXPECT_GT(attenuationPerMm(Material::Water, energy), attenuationPerMm(Material::Polyethylene, energy));
  }
}

TEST(Spectrum, FractionsSumToOneAndCoarserKeepsTheMean) {
  for (const Spectrum& spectrum : {spectrum120Kv(), kramersSpectrum(140.0), energyWeighted(spectrum120Kv()),
                                   coarser(spectrum120Kv(), 4.0)})
    EXPECT_NEAR(std::accumulate(spectrum.fractions.begin(), spectrum.fractions.end(), 0.0), 1.0, 1e-9);
  EXPECT_NEAR(coarser(spectrum120Kv(), 4.0).meanKev(), spectrum120Kv().meanKev(), 1e-9);
  EXPECT_GT(kramersSpectrum(140.0).meanKev(), kramersSpectrum(100.0).meanKev());
}

Sinogram constant(float value, int rays = 20000) {
  return Sinogram(10, rays / 10, value);
}

TEST(Acquisition, OneEnergyIsBeerAndLambert) {
  const Sinogram p = polychromaticAttenuation(
      {{Material::Water, constant(20.0F)}, {Material::CorticalBone, constant(3.0F)}}, monochromatic(60.0));
  EXPECT_NEAR(p.values.front(), 20.0 * 0.2059 + 3.0 * 0.3148, 1e-4);
}

TEST(Acquisition, HardeningLowersTheAttenuationPerThickness) {
  const Spectrum spectrum = spectrum120Kv();
  const auto perCm = [&](float cm) {
    return polychromaticAttenuation({{Material::Water, constant(cm)}}, spectrum).values.front() / cm;
  };
  EXPECT_GT(perCm(1.0F), perCm(10.0F));
  EXPECT_GT(perCm(10.0F), perCm(40.0F));
}

TEST(Acquisition, CoarserSpectrumChangesLittle) {
  for (const float metal : {0.0F, 8.0F}) {
    const std::vector<MaterialPath> paths = {{Material::Water, constant(30.0F)},
                                             {Material::Titanium, constant(metal)}};
    const float fine = polychromaticAttenuation(paths, spectrum120Kv()).values.front();
    EXPECT_NEAR(polychromaticAttenuation(paths, coarser(spectrum120Kv(), 3.0)).values.front(), fine,
                0.003 * fine);
  }
}

TEST(Acquisition, WaterCorrectionGivesStraightWater) {
  const Spectrum spectrum = spectrum120Kv();
  const WaterCorrection correction(spectrum, 70.0);
  for (float cm = 10.0F; cm <= 45.0F; cm += 5.0F) {
    const float p = polychromaticAttenuation({{Material::Water, constant(cm)}}, spectrum).values.front();
    EXPECT_NEAR(correction(p), 10.0 * cm * correction.waterPerMm(),
                0.01 * 10.0 * cm * correction.waterPerMm());
  }
  EXPECT_GT(correction(20.0F), correction(15.0F));  // goes on rising where the fit ends
}

TEST(Acquisition, NoiseHasTheVarianceOfTheory) {
  const double quanta = 2e4, electronic = 30.0, p = 3.0;
  const Sinogram noisy = withNoise(constant(static_cast<float>(p), 200000), {quanta, electronic, 0.0, 3});
  double sum = 0.0, squares = 0.0;
  for (const float value : noisy.values) {
    sum += value;
    squares += (value - p) * (value - p);
  }
  const auto count = static_cast<double>(noisy.values.size());
  const double passing = quanta * std::exp(-p);
  const double theory = 1.0 / passing + std::pow(electronic / passing, 2);
  EXPECT_NEAR(sum / count, p + 0.5 * theory, 4.0 * std::sqrt(theory / count));  // the logarithm's bias
  EXPECT_NEAR(squares / count, theory, 0.03 * theory);
}

// n = 3 · sqrt(n + 20²): n² = 9 n + 3600. Without electronics n = 9.
TEST(Acquisition, StarvesWhereThreeDeviationsAreTheSignal) {
  EXPECT_NEAR(starvingQuanta({1e6, 20.0, 0.0, 1}), 64.67, 0.01);
  EXPECT_DOUBLE_EQ(starvingQuanta({1e6, 0.0, 0.0, 1}), 9.0);
}

TEST(Acquisition, FewQuantaAreCountedOneByOne) {
  // Mean 2: the share of empty counts is exp(-2); they are reported as half a quantum.
  const Sinogram noisy = withNoise(constant(0.0F, 200000), {2.0, 0.0, 0.0, 5});
  const auto empty =
      std::count_if(noisy.values.begin(), noisy.values.end(), [](float value) { return value > 1.0F; });
  EXPECT_NEAR(static_cast<double>(empty) / 200000.0, std::exp(-2.0), 0.004);
}

TEST(Acquisition, NoiseDependsOnSeedAndPlaceAlone) {
  Sinogram one = constant(2.0F), other = one;
  other.view(3)[7] = 6.0F;
  const Sinogram a = withNoise(one, {1e5, 5.0, 0.0, 11}), b = withNoise(other, {1e5, 5.0, 0.0, 11});
  for (int v = 0; v < one.views; ++v)
    for (int d = 0; d < one.detectors; ++d) ASSERT_EQ(a.view(v)[d] == b.view(v)[d], v != 3 || d != 7);
  EXPECT_NE(withNoise(one, {1e5, 5.0, 0.0, 12}).values, a.values);
}

TEST(Acquisition, ScatterLowersTheReportedAttenuation) {
  const Sinogram noisy = withNoise(constant(5.0F), {1e9, 0.0, 0.02, 1});
  const double expected = -std::log(std::exp(-5.0) + 0.02 * 5.0 * std::exp(-5.0));
  EXPECT_NEAR(noisy.values.front(), expected, 1e-3);
}

}  // namespace
}  // namespace coxa
