#pragma once

#include "coxa/geometry/types.hpp"

#include <optional>
#include <span>

namespace coxa {

/// Least-squares primitives. `rmsMm` is the root mean square distance of the points from the primitive.
struct Sphere {
  Vec3 center = Vec3::Zero();
  double radiusMm = 0.0;
  double rmsMm = 0.0;
};
struct Plane {
  Vec3 point = Vec3::Zero();
  Vec3 normal = Vec3::UnitZ();  ///< unit
  double rmsMm = 0.0;
  double signedDistance(const Vec3& p) const { return normal.dot(p - point); }
};
struct Line {
  Vec3 point = Vec3::Zero();
  Vec3 direction = Vec3::UnitZ();  ///< unit
  double rmsMm = 0.0;
};

/// Geometric (orthogonal-distance) sphere fit: algebraic start, then Gauss-Newton. Nothing for fewer than
/// four points or points in one plane.
std::optional<Sphere> fitSphere(std::span<const Vec3> points);
/// Sphere fit that is not drawn by outliers: iteratively reweighted with Tukey's biweight.
std::optional<Sphere> fitSphereRobust(std::span<const Vec3> points, double scaleMm = 1.0);
/// Total least squares. Nothing for fewer than three points or points on one line.
std::optional<Plane> fitPlane(std::span<const Vec3> points);
/// Total least squares. Nothing for fewer than two distinct points.
std::optional<Line> fitLine(std::span<const Vec3> points);

}  // namespace coxa
