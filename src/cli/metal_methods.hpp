#pragma once

#include "coxa/metal/reduction.hpp"

namespace coxa::cli {

/// How reduce-metal works: our NMAR with the network after it, or one of the steps before for comparison.
enum class ReductionMethod { Network, Nmar, PlainNmar, LinearInterpolation };

const char* name(ReductionMethod method);  ///< "network", "nmar", "plain-nmar", "li"

/// A reduction, and what the network says of its HU.
struct ReducedScan {
  MetalReduction reduction;
  ScalarImage sdHu;  ///< standard deviation by voxel, 0 where nothing was corrected; empty without network
};

/// The metal, without streaks as bright as it (MetalNetwork). Errors as findMetal; BadInput when the
/// network's model is missing or damaged; Cancelled.
Result<MetalFindings> metalIn(const Volume& ct, const MetalOptions& options, const Job& job);

/// Errors as reduceMetal; BadInput when the network's model is missing or damaged.
Result<ReducedScan> reducedBy(ReductionMethod method, const Volume& ct, const MetalOptions& options,
                              const Job& job);

/// Mean of the standard deviation over what was corrected; 0 without any.
double meanSdHu(const ScalarImage& sdHu);

}  // namespace coxa::cli
