#pragma once

#include "coxa/image/image.hpp"

namespace coxa {

/// Small parts of a bone that hang on it by thin bridges: 1 there, else 0. `mask` is non-zero in the bone. It
/// is thinned by a voxel all around in every slice; what then falls apart, each with the voxels nearest to it
/// along the mask, is a part, small where it has less than a tenth of the largest.
LabelMap bridgedParts(const LabelMap& mask);

}  // namespace coxa
