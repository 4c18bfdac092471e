#pragma once

#include "metal_methods.hpp"

#include <string>

namespace coxa::cli {

/// What was found and done: see docs/cli.md.
std::string metalJson(const ReducedScan& reduced, ReductionMethod method);
/// metal.reduced: how much metal, in how many slices.
Notice reducedNotice(const MetalFindings& found);

}  // namespace coxa::cli
