#pragma once

#include "coxa/image/image.hpp"

namespace coxa {

/// Gaussian noise of mean 0 and standard deviation 1, correlated over `correlationMm` (sigma of the kernel
/// along the image's axes; 0: white). The value of a voxel depends on seed and grid only, not on threads.
ScalarImage correlatedNoise(const Grid& grid, const Vec3& correlationMm, std::uint64_t seed);

}  // namespace coxa
