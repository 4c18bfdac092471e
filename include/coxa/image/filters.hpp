#pragma once

#include "coxa/image/image.hpp"
#include "coxa/image/resample.hpp"

namespace coxa {

using VectorImage = Image<Eigen::Vector3f>;

/// Gaussian smoothing; sigma along the image's axes i, j, k in mm, 0 leaves an axis as it is. Beyond the
/// border the border's value goes on. Runs on all cores.
ScalarImage smoothed(const ScalarImage& image, const Vec3& sigmaMm);
VectorImage smoothed(const VectorImage& image, const Vec3& sigmaMm);

/// Signed distance in mm of the voxel centres in `box` to the surface of the voxels with `value`: negative
/// inside, limited to ±`limitMm`. The surface runs midway between voxel centres. The border of the image is
/// no surface: a structure that leaves the scan has no end there. Only voxels within the box are looked at,
/// so the box should reach `limitMm` beyond the structure. Method: Felzenszwalb and Huttenlocher, Distance
/// Transforms of Sampled Functions, 2012 (exact, separable, any spacing).
ScalarImage signedDistanceMm(const LabelMap& labels, std::uint8_t value, const IndexBox& box, double limitMm);

}  // namespace coxa
