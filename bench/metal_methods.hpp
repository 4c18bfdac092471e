#pragma once

#include "coxa/metal/scores.hpp"
#include "coxa/metal/slice_reduction.hpp"

#include <array>
#include <vector>

namespace coxa::metal_bench {

/// What is compared: nothing done, linear interpolation, plain NMAR (the challenge's reference), ours.
constexpr std::array<const char*, 4> kMethods = {"uncorrected", "LI", "plain NMAR", "Coxa"};

/// One slice under every method.
struct Comparison {
  std::array<ArtifactMeasures, 4> measures;
  std::array<ArtifactScores, 4> scores;
  double seconds = 0.0;           ///< of Coxa, by the clock
  double processorSeconds = 0.0;  ///< and of all cores together
};

/// Corrects `scan` where `found` says metal, and judges against `truth`; `metal` is the metal's true shape.
Comparison compared(const SliceReducer& reducer, const Slice& scan, const Slice& truth,
                    const SliceMask& found, const SliceMask& metal);

/// The means over slices as a table: eight scores, their mean, RMS error, its reduction and the gain in PSNR;
/// each over the slices that have it, whose number the last row says.
void printMeans(const char* title, const std::vector<Comparison>& slices);
/// Mean and standard deviation over patients of each one's means.
void printOverPatients(const std::vector<std::vector<Comparison>>& patients);

}  // namespace coxa::metal_bench
