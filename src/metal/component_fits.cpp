#include "component_fits.hpp"

#include "cup_rendering.hpp"

#include <cmath>

namespace coxa {

namespace {

constexpr std::size_t kPoints = 4000;
constexpr double kBandMm = 2.5;           // of surface points on both sides of a seen sphere
constexpr double kRimMm = 3.5;            // the shell's metal ends this far beyond its opening plane
constexpr double kHeadToleranceMm = 1.5;  // diameter
constexpr double kSameErrorMm = 15.0;     // streaks shift the surface of a whole side

/// The known head whose diameter is nearest; the user's own before the catalogue's.
void nameHead(FoundHead& head, double seenMm, const KnownComponents& known) {
  double nearest = kHeadToleranceMm;
  for (const HeadMesh& own : known.own.heads)
    if (std::abs(own.diameterMm - seenMm) < nearest) {
      nearest = std::abs(own.diameterMm - seenMm);
      head.own = own;
    }
  for (const Head& product : known.catalogue.heads)
    if (std::abs(product.diameterMm - seenMm) < nearest) {
      nearest = std::abs(product.diameterMm - seenMm);
      head.product = *headFor(known.catalogue, product.diameterMm, 0.0);
      head.own.reset();
    }
}

/// Where the scale hides the metal's values, the rendered sphere is the better centre: thick slices shift the
/// threshold's surface. Half of what the two differ by counts as a standard deviation.
void refineCenter(FoundHead& head, const HipMetal& metal, double radiusMm) {
  constexpr double kInsideMm = 1.3, kOutsideMm = 2.0, kLostMm = 2.0;
  const auto sphere =
      renderCup(*metal.ct, {0.0, radiusMm, 2.0 * radiusMm}, poseAlong(head.center, Vec3::UnitZ()),
                {metal.brightestHu, radiusMm - kInsideMm, radiusMm + kOutsideMm, {}});
  if (!sphere) return;
  const Vec3 shift = sphere->world_from_cup.translation() - head.center;
  if (shift.norm() > kLostMm) return;
  head.center += shift;
  head.centerCovariance = sphere->centerCovariance + 0.25 * shift.squaredNorm() * Mat3::Identity();
}

}  // namespace

SurfaceFitOptions fitOptions(const HipMetal& metal) {
  SurfaceFitOptions options;
  options.shift = metal.clipped ? ThresholdShift{metal.sliceNormal, 0.5, 0.4}
                                : ThresholdShift{metal.sliceNormal, 0.0, 0.2};
  options.sameErrorMm = kSameErrorMm;
  return options;
}

RigidTransform poseAlong(const Vec3& origin, const Vec3& z) {
  RigidTransform pose = RigidTransform::Identity();
  pose.linear() = Eigen::Quaterniond::FromTwoVectors(Vec3::UnitZ(), z).toRotationMatrix();
  pose.translation() = origin;
  return pose;
}

std::optional<FoundHead> fitHead(const HipMetal& metal, const Joint& joint, const KnownComponents& known) {
  if (!joint.head) return std::nullopt;
  SurfaceFitOptions options = fitOptions(metal);
  const Sphere& seen = joint.head->sphere;
  FoundHead found;
  const double seenMm = 2.0 * (seen.radiusMm - options.shift->expectedMm);
  nameHead(found, seenMm, known);
  Head shape;
  shape.diameterMm = found.product ? found.product->diameterMm : found.own ? found.own->diameterMm : seenMm;
  const auto fit = fitSurface(thinned(nearSphere(metal.surface, seen, kBandMm, false), kPoints),
                              MeshTree(headMesh(shape)), poseAlong(seen.center, Vec3::UnitZ()), options);
  if (!fit) return std::nullopt;
  found.diameterMm = {2.0 * (seen.radiusMm - fit->shiftInSliceMm), 2.0 * std::hypot(fit->shiftSdMm, 0.1)};
  found.center = fit->points_from_surface.translation();
  found.centerCovariance = fit->covarianceAt(found.center);
  found.residualMm = fit->residualMm;
  if (metal.clipped) refineCenter(found, metal, 0.5 * shape.diameterMm);
  return found;
}

SurfacePoints femoralSurface(const HipMetal& metal, const Joint& joint, const std::optional<FoundCup>& cup) {
  constexpr double kBeyondHeadMm = 1.5, kFarthestMm = 320.0;
  const double head = joint.head ? joint.head->sphere.radiusMm : 0.0;
  SurfacePoints femoral;
  const SurfacePoints& all = metal.brightSurface;
  for (std::size_t n = 0; n < all.points.size(); ++n) {
    const Vec3 d = all.points[n] - joint.center;
    if (d.norm() < head + kBeyondHeadMm || d.norm() > kFarthestMm) continue;
    if (cup && d.dot(cup->axis()) < kRimMm) continue;
    femoral.points.push_back(all.points[n]);
    femoral.normals.push_back(all.normals[n]);
  }
  return femoral;
}

}  // namespace coxa
