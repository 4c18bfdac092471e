#pragma once

#include "metal_budget.hpp"

#include "coxa/metal/scores.hpp"
#include "coxa/metal/slice_reduction.hpp"
#include "coxa/refinement/artifact_network.hpp"
#include "coxa/refinement/metal_network.hpp"

#include <array>
#include <vector>

namespace coxa::metal_bench {

/// What is compared: nothing done, linear interpolation, plain NMAR (the challenge's reference), our NMAR
/// alone, and with the network after it.
constexpr std::array<const char*, 5> kMethods = {"uncorrected", "LI", "plain NMAR", "Coxa NMAR", "Coxa"};

/// The reductions on slices of one grid.
struct Reductions {
  SliceReducer reducer;
  MetalNetwork metal;
  ArtifactNetwork network;

  /// With the networks that Coxa ships, or those of the folders in $COXA_METAL_MASK_MODEL and
  /// $COXA_METAL_MODEL. Ends the program when one is missing.
  explicit Reductions(const SliceGrid& grid);
};

/// One slice under every method.
struct Comparison {
  std::array<ArtifactMeasures, kMethods.size()> measures;
  std::array<ArtifactScores, kMethods.size()> scores;
  ErrorBudget budget;             ///< where the errors lie
  double withinOneSd = 0.0;       ///< share of corrected 2 x 2 pixels whose error is at most the network's sd
  double seconds = 0.0;           ///< of Coxa, by the clock
  double processorSeconds = 0.0;  ///< and of all cores together
};

/// Corrects `scan` where `found` says metal, and judges against `truth`; `metal` is the metal's true shape.
Comparison compared(const Reductions& reductions, const Slice& scan, const Slice& truth,
                    const SliceMask& found, const SliceMask& metal);

/// The means over slices as a table: eight scores, their mean, RMS error, its reduction and the gain in PSNR;
/// each over the slices that have it, whose number the last row says.
void printMeans(const char* title, const std::vector<Comparison>& slices);
/// Mean and standard deviation over patients of each one's means.
void printOverPatients(const std::vector<std::vector<Comparison>>& patients);

}  // namespace coxa::metal_bench
