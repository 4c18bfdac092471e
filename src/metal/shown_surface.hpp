#pragma once

#include "coxa/geometry/surface_fit.hpp"

#include <array>
#include <map>
#include <vector>

namespace coxa {

/// Places evenly spread over a closed surface with the normals there, about one per 3 mm².
SurfacePoints samplesOf(const TriangleMesh& mesh);

/// How much of a component's surface the metal shows: streaks add points far from it but take none away, so
/// that it tells a wrong component where residuals of points do not.
class ShownSurface {
 public:
  /// `apartMm`: how far apart the scan's voxels are at most, thus the metal's points.
  ShownSurface(const SurfacePoints& metal, double apartMm);

  /// Root mean square distance of those samples (world) from the metal's surface along their normals, each at
  /// most 1 mm, and 1 mm where the metal shows no surface that looks the same way.
  double residualMm(const SurfacePoints& samples) const;

 private:
  std::array<int, 3> cellOf(const Vec3& p) const;
  double distanceAt(const Vec3& place, const Vec3& normal) const;

  const SurfacePoints& metal_;
  double besideMm_;  ///< from a sample to the metal's points, along the surface, at most
  std::map<std::array<int, 3>, std::vector<std::size_t>> cells_;
};

}  // namespace coxa
