#pragma once

#include "coxa/geometry/fits.hpp"
#include "coxa/geometry/mesh_tree.hpp"

#include <optional>
#include <vector>

namespace coxa {

/// Points seen of a body's surface (mm). `normals`: unit, out of the body, one per point; or none.
struct SurfacePoints {
  std::vector<Vec3> points;
  std::vector<Vec3> normals;
};

/// Ties a rigid fit: a line of the surface's frame should pass through a point, within `sdMm` along every
/// axis.
struct LinePin {
  Line line;
  Vec3 point = Vec3::Zero();
  double sdMm = 0.3;
};

/// A surface that was found by a threshold lies off the true one along its normal, by one distance for
/// normals within the slices and by another for those across them (blur differs), mixed by the squared share
/// of the normal. Both distances are fitted too, against what is expected of them.
struct ThresholdShift {
  Vec3 sliceNormal = Vec3::UnitZ();  ///< unit, in the points' frame
  double expectedMm = 0.0;
  double sdMm = 0.5;
};

struct SurfaceFitOptions {
  int iterations = 30;
  double reachMm = 10.0;     ///< points farther from the surface do not pull
  double noiseMm = 0.2;      ///< least scale of the robust weights
  double sameErrorMm = 5.0;  ///< points in one cube of this edge err together (for the covariance)
  std::optional<ThresholdShift> shift;
  std::optional<LinePin> pin;
};

struct SurfaceFit {
  RigidTransform points_from_surface = RigidTransform::Identity();
  double shiftInSliceMm = 0.0;
  double shiftAcrossMm = 0.0;
  double shiftSdMm = 0.0;   ///< of the one within the slices
  double residualMm = 0.0;  ///< root mean square over all points, each at most 1 mm: to compare candidates
  double scaleMm = 0.0;     ///< robust standard deviation of the residuals of points that pull
  /// Of a shift (mm) and a turn (rad, about `pivot`), in the points' frame.
  Eigen::Matrix<double, 6, 6> covariance = Eigen::Matrix<double, 6, 6>::Zero();
  Vec3 pivot = Vec3::Zero();

  Mat3 covarianceAt(
      const Vec3& point) const;  ///< of a point fixed to the surface, given in the points' frame
  Mat3 turnCovariance() const { return covariance.bottomRightCorner<3, 3>(); }  ///< rad²
};

/// Moves a surface onto points by robust point-to-surface least squares: Gauss-Newton on the distances along
/// the surface's normals (Chen and Medioni 1992), Tukey's biweight with a scale that follows the residuals'
/// median. Points whose normal turns away from the surface's by over 60° do not pull. `start` must be within
/// `reachMm` or so. The covariance is the cluster-robust one (sandwich), a cluster being a cube of
/// `sameErrorMm`; what the points do not tell (the spin of a sphere) stays as it was and gets no variance.
/// Nothing when fewer than ten points come within reach.
std::optional<SurfaceFit> fitSurface(const SurfacePoints& seen, const MeshTree& surface,
                                     const RigidTransform& start, const SurfaceFitOptions& options = {});

/// At most `count` of the points, evenly picked.
SurfacePoints thinned(const SurfacePoints& all, std::size_t count);

}  // namespace coxa
