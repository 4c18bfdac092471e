#pragma once

#include "coxa/image/image.hpp"

namespace coxa {

/// What a voxel without a known distance holds.
constexpr float kFar = 1e12F;

/// Replaces every value by the least of value + squared distance (mm²) over all voxels: with 0 on a set and
/// kFar elsewhere, the squared distance to that set. Exact for any spacing. Method: Felzenszwalb and
/// Huttenlocher, Distance Transforms of Sampled Functions, 2012 (separable). Runs on all cores.
void squaredDistances(ScalarImage& image);

}  // namespace coxa
