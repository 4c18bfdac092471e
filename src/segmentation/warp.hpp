#pragma once

#include "coxa/geometry/types.hpp"
#include "coxa/learning/random.hpp"

#include <vector>

namespace coxa {

/// A random smooth deformation of a stack of slices: scale, rotation, mirror image, shift, and an elastic
/// part (cubic B-spline on a coarse lattice) that all slices of the stack share.
class SliceWarp {
 public:
  SliceWarp(Random& random, int width, int height, double spacingMm);

  /// Displacement from the stack's centre, in mm, of pixel (column, row) of the middle slice.
  Eigen::Vector3f at(int column, int row) const {
    const Eigen::Vector3f flat(static_cast<float>((column - 0.5 * (width_ - 1)) * spacingMm_),
                               static_cast<float>((row - 0.5 * (height_ - 1)) * spacingMm_), 0.0F);
    return matrix_ * flat + elastic_[static_cast<std::size_t>(row * width_ + column)];
  }
  /// From the middle slice to the one at `offsetMm`, for every pixel.
  Eigen::Vector3f across(double offsetMm) const { return matrix_.col(2) * static_cast<float>(offsetMm); }

 private:
  void drawElastic(Random& random);

  int width_;
  int height_;
  double spacingMm_;
  Eigen::Matrix3f matrix_;
  std::vector<Eigen::Vector3f> elastic_;
};

}  // namespace coxa
