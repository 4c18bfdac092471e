#pragma once

#include "coxa/geometry/types.hpp"

namespace coxa {

/// Where an image's voxels lie in the world (LPS, mm). Voxel (i, j, k) has its centre at
/// origin + direction · (i·spacing.x, j·spacing.y, k·spacing.z). Never assume an axis-aligned direction.
struct Grid {
  Eigen::Vector3i size = Eigen::Vector3i::Zero();
  Vec3 origin = Vec3::Zero();
  Vec3 spacing = Vec3::Ones();
  Mat3 direction = Mat3::Identity();  ///< orthonormal columns: the axes i, j, k; det -1 is allowed

  std::size_t voxelCount() const {
    return static_cast<std::size_t>(size.x()) * static_cast<std::size_t>(size.y()) *
           static_cast<std::size_t>(size.z());
  }
  double voxelVolumeMm3() const { return spacing.prod(); }
  bool contains(const Eigen::Vector3i& index) const {
    return (index.array() >= 0).all() && (index.array() < size.array()).all();
  }
  std::size_t offset(int i, int j, int k) const {
    return (static_cast<std::size_t>(k) * static_cast<std::size_t>(size.y()) + static_cast<std::size_t>(j)) *
               static_cast<std::size_t>(size.x()) +
           static_cast<std::size_t>(i);
  }
  Vec3 worldFromIndex(const Vec3& index) const { return origin + direction * index.cwiseProduct(spacing); }
  Vec3 indexFromWorld(const Vec3& world) const {
    return (direction.transpose() * (world - origin)).cwiseQuotient(spacing);
  }
  Vec3 center() const { return worldFromIndex(0.5 * (size.cast<double>() - Vec3::Ones())); }
};

/// Same size, and positions equal within a hundredth of a voxel.
bool sameGrid(const Grid& a, const Grid& b);

}  // namespace coxa
