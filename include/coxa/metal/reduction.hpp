#pragma once

#include "coxa/base/job.hpp"
#include "coxa/metal/metal_mask.hpp"
#include "coxa/metal/slice_reduction.hpp"

namespace coxa {

struct MetalReduction {
  Volume ct;
  MetalFindings found;
  std::vector<Notice> notices;  ///< what was found and what could not be done
};

/// Finds metal and reduces its artifacts, slice by slice. Slices without implants stay as they are, bit for
/// bit; metal and what lies outside the reconstructed field (padded with the corners' value, below air's)
/// keep their values. Errors BadInput: slices that are not axial, too few pixels, or as findMetal; Cancelled.
Result<MetalReduction> reduceMetal(const Volume& ct, MetalMethod method, const MetalOptions& options,
                                   const Job& job);

/// The same for metal that was found before. `found.implants` lies on the CT's grid, and `found.slices` are
/// those that hold some.
Result<MetalReduction> reduceMetal(const Volume& ct, MetalFindings found, MetalMethod method, const Job& job);

}  // namespace coxa
