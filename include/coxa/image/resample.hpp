#pragma once

#include "coxa/image/image.hpp"

#include <array>

namespace coxa {

/// Trilinear values at the voxel centres of `target`; `outside` where the source has no data. Runs on all
/// cores.
Volume resampleLinear(const Volume& source, const Grid& target, std::int16_t outside = -1024);
ScalarImage resampleLinear(const ScalarImage& source, const Grid& target, float outside = 0.0F);
/// The nearest voxel's label.
LabelMap resampleNearest(const LabelMap& source, const Grid& target);

/// The grid that covers `grid` with axes along LPS (identity direction) at the given spacing.
Grid axisAligned(const Grid& grid, const Vec3& spacing);

/// The same image reflected at the world plane x = `x` (patient left and right exchanged). Voxels keep their
/// order; only the grid changes, so its direction may turn left-handed.
template <class T>
Image<T> mirroredLeftRight(Image<T> image, double x = 0.0) {
  image.grid.origin.x() = 2.0 * x - image.grid.origin.x();
  image.grid.direction.row(0) *= -1.0;
  return image;
}

/// A box of voxels, bounds inclusive.
struct IndexBox {
  Eigen::Vector3i min = Eigen::Vector3i::Zero();
  Eigen::Vector3i max = -Eigen::Vector3i::Ones();
  bool empty() const { return (max.array() < min.array()).any(); }
  Eigen::Vector3i size() const { return max - min + Eigen::Vector3i::Ones(); }
};
IndexBox boundsOf(const LabelMap& labels, std::uint8_t value);
/// The box of every value at once; empty boxes of the values that are not there.
std::array<IndexBox, 256> boundsOfValues(const LabelMap& labels);
/// The least box that holds both; an empty one adds nothing.
IndexBox united(const IndexBox& a, const IndexBox& b);
/// The box grown by `marginMm` and clipped to the grid.
IndexBox grown(const IndexBox& box, const Grid& grid, double marginMm);
Grid cropped(const Grid& grid, const IndexBox& box);
template <class T>
Image<T> cropped(const Image<T>& image, const IndexBox& box) {
  Image<T> part(cropped(image.grid, box));
  const Eigen::Vector3i n = box.size();
  for (int k = 0; k < n.z(); ++k)
    for (int j = 0; j < n.y(); ++j) {
      const T* row = image.voxels.data() + image.grid.offset(box.min.x(), box.min.y() + j, box.min.z() + k);
      std::copy(row, row + n.x(), part.voxels.data() + part.grid.offset(0, j, k));
    }
  return part;
}

}  // namespace coxa
