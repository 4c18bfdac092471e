#include "component_fits.hpp"

#include <algorithm>
#include <cmath>
#include <set>

namespace coxa {

namespace {

constexpr std::size_t kCoarsePoints = 1500, kFinePoints = 4000;
constexpr double kBandMm = 2.5;           // of surface points on both sides of a seen sphere
constexpr double kRimMm = 3.5;            // the shell's metal ends this far beyond its opening plane
constexpr double kSizeRangeMm = 3.2;      // radius: sizes tried about the seen one
constexpr double kHeadToleranceMm = 1.5;  // diameter

RigidTransform poseAlong(const Vec3& origin, const Vec3& z) {
  RigidTransform pose = RigidTransform::Identity();
  pose.linear() = Eigen::Quaterniond::FromTwoVectors(Vec3::UnitZ(), z).toRotationMatrix();
  pose.translation() = origin;
  return pose;
}

/// Points of the shell: its two surfaces and its rim.
SurfacePoints shellPoints(const HipMetal& metal, const Joint& joint, const Vec3& axis) {
  SurfacePoints shell;
  const double inside = joint.shellInside->sphere.radiusMm, outside = joint.shellOutside->sphere.radiusMm;
  for (std::size_t n = 0; n < metal.surface.points.size(); ++n) {
    const Vec3 d = metal.surface.points[n] - joint.center;
    const double r = d.norm();
    if (r < inside - kBandMm || r > outside + kBandMm || d.dot(axis) > kRimMm) continue;
    shell.points.push_back(metal.surface.points[n]);
    shell.normals.push_back(metal.surface.normals[n]);
  }
  return shell;
}

struct CupCandidate {
  Cup cup;
  SurfaceFit fit;
};

std::optional<CupCandidate> fitted(const Cup& cup, const SurfacePoints& shell, const RigidTransform& start,
                                   const SurfaceFitOptions& options) {
  const auto fit = fitSurface(shell, MeshTree(cupMesh(cup)), start, options);
  if (!fit) return std::nullopt;
  return CupCandidate{cup, *fit};
}

bool isBetter(const std::optional<CupCandidate>& a, const std::optional<CupCandidate>& b) {
  return a && (!b || a->fit.residualMm < b->fit.residualMm);
}

FoundCup foundCup(const CupCandidate& best, bool known, double seenRadiusMm) {
  FoundCup cup;
  if (known) cup.product = best.cup;
  const double radius = seenRadiusMm - best.fit.shiftInSliceMm;
  cup.outerDiameterMm = {2.0 * radius, 2.0 * std::hypot(best.fit.shiftSdMm, 0.1)};
  cup.innerDiameterMm = best.cup.innerDiameterMm();
  cup.world_from_cup = best.fit.points_from_surface;
  cup.centerCovariance = best.fit.covarianceAt(cup.center());
  cup.turnCovariance = best.fit.turnCovariance();
  cup.residualMm = best.fit.residualMm;
  return cup;
}

std::set<double> diametersOf(const Catalogue& catalogue) {
  std::set<double> diameters;
  for (const Head& head : catalogue.heads) diameters.insert(head.diameterMm);
  return diameters;
}

}  // namespace

SurfaceFitOptions fitOptions(const HipMetal& metal) {
  SurfaceFitOptions options;
  options.shift = metal.clipped ? ThresholdShift{metal.sliceNormal, 0.5, 0.4}
                                : ThresholdShift{metal.sliceNormal, 0.0, 0.2};
  return options;
}

std::optional<FoundCup> fitCup(const HipMetal& metal, const Joint& joint, const Catalogue& catalogue,
                               double largestResidualMm) {
  if (!joint.shellInside || !joint.shellOutside) return std::nullopt;
  const Vec3 axis = -joint.shellOutside->meanDirection.normalized();
  const SurfacePoints shell = shellPoints(metal, joint, axis);
  const SurfacePoints coarse = thinned(shell, kCoarsePoints), fine = thinned(shell, kFinePoints);
  const RigidTransform start = poseAlong(joint.shellOutside->sphere.center, axis);
  SurfaceFitOptions options = fitOptions(metal);
  options.reachMm = 6.0;
  const double seen = joint.shellOutside->sphere.radiusMm;
  std::optional<CupCandidate> best;
  for (const Cup& cup : catalogue.cups) {
    if (std::abs(0.5 * cup.outerDiameterMm + options.shift->expectedMm - seen) > kSizeRangeMm) continue;
    if (auto candidate = fitted(cup, coarse, start, options); isBetter(candidate, best)) best = candidate;
  }
  if (best) best = fitted(best->cup, fine, best->fit.points_from_surface, options);
  if (best && best->fit.residualMm <= largestResidualMm) return foundCup(*best, true, seen);
  Cup hemisphere;
  const double shift = options.shift->expectedMm;
  hemisphere.outerDiameterMm = 2.0 * (seen - shift);
  hemisphere.wallMm = seen - joint.shellInside->sphere.radiusMm - 2.0 * shift;
  if (hemisphere.wallMm < 0.5) hemisphere.wallMm = 0.5;
  best = fitted(hemisphere, fine, start, options);
  if (!best) return std::nullopt;
  return foundCup(*best, false, seen);
}

std::optional<FoundHead> fitHead(const HipMetal& metal, const Joint& joint, const Catalogue& catalogue) {
  if (!joint.head) return std::nullopt;
  SurfaceFitOptions options = fitOptions(metal);
  const Sphere& seen = joint.head->sphere;
  Head head;
  head.diameterMm = 2.0 * (seen.radiusMm - options.shift->expectedMm);
  const std::set<double> diameters = diametersOf(catalogue);
  const auto nearest = std::min_element(diameters.begin(), diameters.end(), [&](double a, double b) {
    return std::abs(a - head.diameterMm) < std::abs(b - head.diameterMm);
  });
  const bool known = nearest != diameters.end() && std::abs(*nearest - head.diameterMm) <= kHeadToleranceMm;
  if (known) head = *headFor(catalogue, *nearest, 0.0);
  const auto fit = fitSurface(thinned(nearSphere(metal.surface, seen, kBandMm, false), kFinePoints),
                              MeshTree(headMesh(head)), poseAlong(seen.center, Vec3::UnitZ()), options);
  if (!fit) return std::nullopt;
  FoundHead found;
  if (known) found.product = head;
  found.diameterMm = {2.0 * (seen.radiusMm - fit->shiftInSliceMm), 2.0 * std::hypot(fit->shiftSdMm, 0.1)};
  found.center = fit->points_from_surface.translation();
  found.centerCovariance = fit->covarianceAt(found.center);
  found.residualMm = fit->residualMm;
  return found;
}

SurfacePoints femoralSurface(const HipMetal& metal, const Joint& joint, const std::optional<FoundCup>& cup) {
  constexpr double kBeyondHeadMm = 1.5, kFarthestMm = 320.0;
  const double head = joint.head ? joint.head->sphere.radiusMm : 0.0;
  SurfacePoints femoral;
  for (std::size_t n = 0; n < metal.surface.points.size(); ++n) {
    const Vec3 d = metal.surface.points[n] - joint.center;
    if (d.norm() < head + kBeyondHeadMm || d.norm() > kFarthestMm) continue;
    if (cup && d.dot(cup->axis()) < kRimMm) continue;
    femoral.points.push_back(metal.surface.points[n]);
    femoral.normals.push_back(metal.surface.normals[n]);
  }
  return femoral;
}

}  // namespace coxa
