#pragma once

#include "coxa/geometry/mesh.hpp"
#include "coxa/image/image.hpp"

#include <optional>

namespace coxa {

/// Inside and outside of a bone in a box, sampled on a grid so that a question costs nanoseconds. The surface
/// is true within about a third of the spacing.
class BoneMask {
 public:
  /// The part of a closed mesh within `box` (world, mm).
  BoneMask(const TriangleMesh& bone, const Eigen::AlignedBox3d& box, double spacingMm);

  /// False outside the box.
  bool contains(const Vec3& p) const;
  /// Where a ray first passes from outside to inside, or from inside to outside, between two distances.
  std::optional<double> entry(const Vec3& from, const Vec3& direction, double least, double most) const;
  std::optional<double> exit(const Vec3& from, const Vec3& direction, double least, double most) const;

 private:
  std::optional<double> crossing(const Vec3& from, const Vec3& direction, double least, double most,
                                 bool intoBone) const;
  Image<std::uint8_t> inside_;  ///< 0 or 1; axes along the world's
};

}  // namespace coxa
