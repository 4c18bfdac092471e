#include "metal_trace.hpp"

#include <tbb/parallel_for.h>

#include <Eigen/Dense>
#include <algorithm>
#include <cmath>

namespace coxa {

namespace {

// Attenuations (no unit). A guess is wrong by about as much as a ray's noise may be before it is trusted
// less than the guess. Chosen on virtual patients that no score is given for.
constexpr double kTrustedNoise = 0.03;
constexpr double kFitNoise = 0.03;  // rays noisier than that count less and less in the fit
constexpr double kFitError = 0.1;   // so do rays farther than that from it: edges, starved rays
constexpr int kRounds = 4;

// Of hardening: linear terms are left to the metal's picture, but for what tissue adds to them.
constexpr int kTerms = 6;
using Terms = Eigen::Matrix<double, kTerms, 1>;
using TermMatrix = Eigen::Matrix<double, kTerms, kTerms>;

Terms termsOf(double metal, double tissue) {
  Terms terms;
  terms << metal, metal * metal, metal * metal * metal, metal * tissue, metal * metal * tissue,
      metal * tissue * tissue;
  return terms;
}

/// The trace's difference of measurement and guess, told apart; sinograms are 0 outside the trace.
struct Shares {
  Sinogram metal;      ///< the metal's own picture, projected
  Sinogram hardening;  ///< of the beam by the metal
  Sinogram left;       ///< noise and what the guess got wrong
  Sinogram variance;   ///< of the noise
  Sinogram trust;      ///< in what is left, 0 to 1
};

// Mean of squares over 9 views x 9 rays, where `counted`.
Sinogram localMean(const Sinogram& squares, const Sinogram& counted, const MetalViews& views) {
  constexpr int kReach = 4;
  Sinogram mean(squares.views, squares.detectors);
  tbb::parallel_for(0, squares.views, [&](int v) {
    for (int d = 0; d < squares.detectors; ++d) {
      if (views.metalMm.view(v)[d] <= kTraceMm) continue;
      float sum = 0.0F, count = 0.0F;
      for (int u = std::max(v - kReach, 0); u <= std::min(v + kReach, squares.views - 1); ++u)
        for (int e = std::max(d - kReach, 0); e <= std::min(d + kReach, squares.detectors - 1); ++e) {
          sum += squares.view(u)[e];
          count += counted.view(u)[e];
        }
      // A trace of one or two rays says nothing of its noise: not to be trusted.
      mean.view(v)[d] = count > 0.0F ? sum / count : 1.0F;
    }
  });
  return mean;
}

// Variance of independent noise from second differences along the detector, which smooth errors hardly have.
Sinogram noiseVariance(const Sinogram& left, const MetalViews& views) {
  Sinogram squares(left.views, left.detectors), counted = squares;
  tbb::parallel_for(0, left.views, [&](int v) {
    const float *row = left.view(v), *metalMm = views.metalMm.view(v);
    for (int d = 1; d + 1 < left.detectors; ++d) {
      if (std::min({metalMm[d - 1], metalMm[d], metalMm[d + 1]}) <= kTraceMm) continue;
      const float second = row[d - 1] - 2.0F * row[d] + row[d + 1];
      squares.view(v)[d] = second * second / 6.0F;
      counted.view(v)[d] = 1.0F;
    }
  });
  return localMean(squares, counted, views);
}

// Least squares of hardening over the trace, with weights by noise and, from the second round on, Cauchy's by
// error.
Terms fittedHardening(const Sinogram& rest, const Sinogram& metal, const Sinogram& tissue,
                      const Sinogram& variance, const MetalViews& views) {
  constexpr int kFits = 3;
  Terms fit = Terms::Zero();
  for (int round = 0; round < kFits; ++round) {
    TermMatrix normal = 1e-9 * TermMatrix::Identity();  // solvable without metal to speak of
    Terms right = Terms::Zero();
    for (std::size_t n = 0; n < rest.values.size(); ++n) {
      if (!views.inTrace(n)) continue;
      const Terms terms = termsOf(metal.values[n], tissue.values[n]);
      const double error = round == 0 ? 0.0 : rest.values[n] - fit.dot(terms);
      const double weight = std::pow(1.0 + variance.values[n] / (kFitNoise * kFitNoise), -2.0) /
                            (1.0 + std::pow(error / kFitError, 2));
      normal += weight * terms * terms.transpose();
      right += weight * rest.values[n] * terms;
    }
    fit = normal.ldlt().solve(right);
  }
  return fit;
}

Sinogram projectedMetal(const Sinogram& linear, const Slice& metal, const Projector& projector,
                        const Reconstructor& reconstructor) {
  Slice picture = reconstructor.reconstruct(linear);
  for (std::size_t n = 0; n < picture.pixels.size(); ++n)
    if (metal.pixels[n] <= 0.0F) picture.pixels[n] = 0.0F;
  return projector.project(picture);
}

void updateHardening(const Sinogram& difference, const Sinogram& guessed, const MetalViews& views,
                     Shares& shares) {
  Sinogram rest = difference;
  for (std::size_t n = 0; n < rest.values.size(); ++n)
    rest.values[n] = views.inTrace(n) ? difference.values[n] - shares.metal.values[n] : 0.0F;
  const Terms fit = fittedHardening(rest, shares.metal, guessed, shares.variance, views);
  for (std::size_t n = 0; n < rest.values.size(); ++n) {
    if (!views.inTrace(n)) continue;
    shares.hardening.values[n] =
        static_cast<float>(fit.dot(termsOf(shares.metal.values[n], guessed.values[n])));
    shares.left.values[n] = rest.values[n] - shares.hardening.values[n];
  }
}

void updateTrust(const MetalViews& views, Shares& shares) {
  constexpr float kVariance = static_cast<float>(kTrustedNoise * kTrustedNoise);
  shares.variance = noiseVariance(shares.left, views);
  for (std::size_t n = 0; n < shares.trust.values.size(); ++n) {
    const float relative = shares.variance.values[n] / kVariance;
    shares.trust.values[n] = 1.0F / (1.0F + relative * relative);
  }
}

}  // namespace

Sinogram measuredBesideMetal(const MetalViews& views, const Sinogram& guessed, const Slice& metal,
                             const Projector& projector, const Reconstructor& reconstructor) {
  Sinogram difference(guessed.views, guessed.detectors);
  for (std::size_t n = 0; n < difference.values.size(); ++n)
    if (views.inTrace(n)) difference.values[n] = views.projections.values[n] - guessed.values[n];
  const Sinogram none(guessed.views, guessed.detectors);
  Shares shares{none, none, difference, none, Sinogram(guessed.views, guessed.detectors, 1.0F)};
  for (int round = 0; round < kRounds; ++round) {
    // Rays without trust say of the metal what its last picture says.
    Sinogram linear = shares.metal;
    for (std::size_t n = 0; n < linear.values.size(); ++n)
      linear.values[n] += shares.trust.values[n] *
                          (difference.values[n] - shares.metal.values[n] - shares.hardening.values[n]);
    shares.metal = projectedMetal(linear, metal, projector, reconstructor);
    updateHardening(difference, guessed, views, shares);
    updateTrust(views, shares);
  }
  Sinogram measured = shares.left;
  for (std::size_t n = 0; n < measured.values.size(); ++n) measured.values[n] *= shares.trust.values[n];
  return measured;
}

}  // namespace coxa
