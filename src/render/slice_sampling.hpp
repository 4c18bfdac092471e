#pragma once

#include "slice_frame.hpp"

#include <vector>

namespace coxa {

/// Trilinear values at the frame's pixels, not-a-number outside the image. `values` is resized to the frame.
/// Fast where the frame runs along the image's axes, right at any angle.
void sampleLinear(const Volume& image, const SliceFrame& frame, std::vector<float>& values);
void sampleLinear(const ScalarImage& image, const SliceFrame& frame, std::vector<float>& values);

/// The label with the largest trilinear weight at each pixel, 0 outside: borders run smoothly half-way
/// between voxels instead of along their edges.
void sampleLabels(const LabelMap& labels, const SliceFrame& frame, std::vector<std::uint8_t>& values);

}  // namespace coxa
