#include "coxa/physics/acquisition.hpp"

#include "ray_random.hpp"

#include <tbb/parallel_for.h>

#include <Eigen/Dense>
#include <algorithm>
#include <cmath>
#include <stdexcept>

namespace coxa {

namespace {

constexpr double kFittedWaterMm = 450.0;

double waterAttenuation(double waterMm, const Spectrum& spectrum) {
  double passing = 0.0;
  for (std::size_t n = 0; n < spectrum.energiesKev.size(); ++n)
    passing += spectrum.fractions[n] *
               std::exp(-waterMm * attenuationPerMm(Material::Water, spectrum.energiesKev[n]));
  return -std::log(passing);
}

// Mass attenuation by material and energy.
std::vector<std::vector<float>> coefficientsOf(const std::vector<MaterialPath>& paths,
                                               const Spectrum& spectrum) {
  std::vector<std::vector<float>> coefficients;
  for (const MaterialPath& path : paths) {
    auto& row = coefficients.emplace_back();
    for (const double energy : spectrum.energiesKev)
      row.push_back(static_cast<float>(massAttenuationCm2PerG(path.material, energy)));
  }
  return coefficients;
}

void addPath(const float* gPerCm2, float coefficient, std::vector<float>& exponents) {
  for (std::size_t d = 0; d < exponents.size(); ++d) exponents[d] -= coefficient * gPerCm2[d];
}

void addPassing(const std::vector<float>& exponents, float fraction, std::vector<float>& passing) {
  for (std::size_t d = 0; d < exponents.size(); ++d) passing[d] += fraction * std::exp(exponents[d]);
}

double scatteredQuanta(const float* view, int detectors, const DetectorNoise& noise) {
  if (noise.scatterRatio <= 0.0) return 0.0;
  double sum = 0.0;
  for (int d = 0; d < detectors; ++d) sum += view[d] * std::exp(-view[d]);
  return noise.scatterRatio * noise.quantaPerRay * sum / detectors;
}

constexpr double kLeastQuanta = 0.5;

}  // namespace

float huFromAttenuation(float attenuationPerMm, double waterPerMm) {
  return 1000.0F * (attenuationPerMm / static_cast<float>(waterPerMm) - 1.0F);
}

float attenuationFromHu(float hu, double waterPerMm) {
  return (hu / 1000.0F + 1.0F) * static_cast<float>(waterPerMm);
}

Sinogram polychromaticAttenuation(const std::vector<MaterialPath>& paths, const Spectrum& spectrum) {
  if (paths.empty()) throw std::invalid_argument("polychromatic attenuation needs at least one material");
  Sinogram result = paths.front().gPerCm2;
  for (const MaterialPath& path : paths)
    if (path.gPerCm2.views != result.views || path.gPerCm2.detectors != result.detectors)
      throw std::invalid_argument("the materials' sinograms differ in size");
  const auto coefficients = coefficientsOf(paths, spectrum);
  tbb::parallel_for(0, result.views, [&](int v) {
    const auto detectors = static_cast<std::size_t>(result.detectors);
    std::vector<float> passing(detectors, 0.0F), exponents(detectors);
    for (std::size_t n = 0; n < spectrum.energiesKev.size(); ++n) {
      std::fill(exponents.begin(), exponents.end(), 0.0F);
      for (std::size_t m = 0; m < paths.size(); ++m)
        addPath(paths[m].gPerCm2.view(v), coefficients[m][n], exponents);
      addPassing(exponents, static_cast<float>(spectrum.fractions[n]), passing);
    }
    // Beyond the range of single precision nothing passes; a real detector says no more than that either.
    for (std::size_t d = 0; d < detectors; ++d) result.view(v)[d] = -std::log(std::max(passing[d], 1e-30F));
  });
  return result;
}

WaterCorrection::WaterCorrection(const Spectrum& spectrum, double referenceKev)
    : waterPerMm_(attenuationPerMm(Material::Water, referenceKev)),
      last_(waterAttenuation(kFittedWaterMm, spectrum)) {
  constexpr int kSamples = 100;
  Eigen::MatrixXd powers(kSamples, 3);
  Eigen::VectorXd wanted(kSamples);
  for (int n = 0; n < kSamples; ++n) {
    const double waterMm = kFittedWaterMm * (n + 1) / kSamples;
    const double p = waterAttenuation(waterMm, spectrum);
    powers.row(n) << p, p * p, p * p * p;
    wanted[n] = waterMm * waterPerMm_;
  }
  const Eigen::Vector3d fit = powers.colPivHouseholderQr().solve(wanted);
  std::copy(fit.begin(), fit.end(), coefficients_.begin());
}

float WaterCorrection::operator()(float attenuation) const {
  const auto& [a, b, c] = coefficients_;
  const double p = std::min(static_cast<double>(attenuation), last_);
  const double slope = a + p * (2.0 * b + p * 3.0 * c);
  return static_cast<float>(p * (a + p * (b + p * c)) + (attenuation - p) * slope);
}

void WaterCorrection::apply(Sinogram& sinogram) const {
  tbb::parallel_for(0, sinogram.views, [&](int v) {
    for (int d = 0; d < sinogram.detectors; ++d) sinogram.view(v)[d] = (*this)(sinogram.view(v)[d]);
  });
}

Sinogram withNoise(const Sinogram& attenuation, const DetectorNoise& noise) {
  Sinogram noisy = attenuation;
  tbb::parallel_for(0, noisy.views, [&](int v) {
    float* view = noisy.view(v);
    const double scatter = scatteredQuanta(view, noisy.detectors, noise);
    for (int d = 0; d < noisy.detectors; ++d) {
      RayRandom random(noise.seed,
                       static_cast<std::uint64_t>(v) * static_cast<std::uint64_t>(noisy.detectors) +
                           static_cast<std::uint64_t>(d));
      const double counted = random.poisson(noise.quantaPerRay * std::exp(-view[d]) + scatter) +
                             noise.electronicQuanta * random.normal();
      view[d] = static_cast<float>(-std::log(std::max(counted, kLeastQuanta) / noise.quantaPerRay));
    }
  });
  return noisy;
}

double noiseVariance(double attenuation, const DetectorNoise& noise) {
  const double perQuantum = std::exp(attenuation) / noise.quantaPerRay;
  return perQuantum + std::pow(noise.electronicQuanta * perQuantum, 2);
}

double starvingQuanta(const DetectorNoise& noise) {
  constexpr double kDeviations = 3.0;
  const double half = 0.5 * kDeviations * kDeviations;
  return half + std::sqrt(half * half + std::pow(kDeviations * noise.electronicQuanta, 2));
}

}  // namespace coxa
