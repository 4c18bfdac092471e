#pragma once

#include "coxa/image/image.hpp"

#include <span>
#include <vector>

namespace coxa {

/// Where the pixels of a slice lie in an image: continuous voxel indices, each axis in a row of its own so
/// that loops over pixels run in vector registers.
struct PixelPoints {
  std::vector<float> i, j, k;

  /// `points` are world points.
  PixelPoints(const Grid& grid, const std::vector<Eigen::Vector3f>& points);
};

/// Voxel index of a world vector, as floats.
Eigen::Matrix3f indexFromWorldMatrix(const Grid& grid);

/// The CT at the points moved by `shift` (in voxels), trilinear: -1024 beyond its sides, the last slice's
/// values beyond its ends.
void sampleHu(const Volume& ct, const PixelPoints& points, const Eigen::Vector3f& shift, std::span<float> hu);

/// The nearest voxels' labels: 0 beyond the sides, `beyond` beyond the first and the last slice.
void sampleLabels(const LabelMap& labels, const PixelPoints& points, const Eigen::Vector3f& shift,
                  std::uint8_t beyond, std::span<std::uint8_t> found);

}  // namespace coxa
