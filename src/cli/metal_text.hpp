#pragma once

#include "coxa/metal/reduction.hpp"

#include <string>

namespace coxa::cli {

const char* name(MetalMethod method);  ///< "nmar", "plain-nmar", "li"
/// What was found and done: see docs/cli.md.
std::string metalJson(const MetalReduction& reduction, MetalMethod method);
/// metal.reduced: how much metal, in how many slices.
Notice reducedNotice(const MetalFindings& found);

}  // namespace coxa::cli
