#pragma once

#include "coxa/geometry/surface_fit.hpp"

#include <optional>
#include <vector>

namespace coxa {

/// The spherical surfaces of one hip: the head's, and the shell's inside and outside, which are nearly
/// concentric with it. `coverage`: share of the whole sphere's directions where the metal shows it.
struct SeenSphere {
  Sphere sphere;
  double coverage = 0.0;
  Vec3 meanDirection = Vec3::Zero();  ///< of the points from the centre, not unit
};
struct Joint {
  Vec3 center = Vec3::Zero();
  std::optional<SeenSphere> head;
  std::optional<SeenSphere> shellInside;
  std::optional<SeenSphere> shellOutside;
};

/// Joints in a metal's surface, at most two (the hips), the most certain first. Every point votes for the
/// places from which its normal would be a sphere's radius (Hough 1962 for lines; Ballard 1981); peaks whose
/// spheres are covered well enough are joints.
std::vector<Joint> findJoints(const SurfacePoints& metal);

/// The points within `withinMm` of the sphere whose normal runs along the radius, outwards or (`hollow`)
/// inwards.
SurfacePoints nearSphere(const SurfacePoints& metal, const Sphere& sphere, double withinMm, bool hollow);

}  // namespace coxa
