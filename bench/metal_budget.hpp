#pragma once

#include "coxa/metal/scores.hpp"
#include "coxa/refinement/artifact_network.hpp"

#include <array>
#include <vector>

namespace coxa::metal_bench {

/// Upper ends of the bands of distance from metal, in mm.
constexpr std::array<double, 5> kBandEndsMm = {3.0, 6.0, 10.0, 30.0, 1e4};

/// Sums over the judged pixels of one band.
struct BandErrors {
  double pixels = 0.0;
  double squaresBefore = 0.0;   ///< HU², uncorrected
  double squaresNmar = 0.0;     ///< after NMAR alone
  double squares = 0.0;         ///< after the network
  double sum = 0.0;             ///< signed, after the network
  double brightSquares = 0.0;   ///< where the truth is above 1000 HU: dense bone, or metal's blur
  double blocks = 0.0;          ///< of 2 x 2 pixels that have a standard deviation
  double blocksWithinSd = 0.0;  ///< whose mean error is at most that
  std::vector<float> ratios;    ///< of their error and that
};
using ErrorBudget = std::array<BandErrors, kBandEndsMm.size()>;

/// Where the errors of one slice lie. All in HU on one grid.
ErrorBudget errorBudget(const Slice& scan, const Slice& nmar, const RefinedSlice& refined, const Slice& truth,
                        const JudgedRegions& regions);

void printBudget(const char* title, const std::vector<ErrorBudget>& slices);

}  // namespace coxa::metal_bench
