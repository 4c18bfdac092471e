#pragma once

#include "coxa/geometry/types.hpp"

#include <cmath>

namespace coxa {

/// Angles of a stem in a right hip's femur frame (x lateral, y anterior, z proximal); the stem frame has x
/// medial and z proximal (implants/meshes.hpp).

/// Of the neck about the shaft; positive anteverted.
inline double versionDeg(const Mat3& femur_from_world, const Mat3& world_from_stem) {
  const Vec3 medial = femur_from_world * world_from_stem.col(0);
  return degFromRad(std::atan2(medial.y(), -medial.x()));
}

/// Lean of the stem axis in the frontal plane; positive varus: the proximal end leans medially, the tip
/// points at the lateral cortex.
inline double varusDeg(const Mat3& femur_from_world, const Mat3& world_from_stem) {
  const Vec3 proximal = femur_from_world * world_from_stem.col(2);
  return degFromRad(std::atan2(-proximal.x(), proximal.z()));
}

}  // namespace coxa
