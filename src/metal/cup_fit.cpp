// The shell of a cup: which of the known ones, and how it lies.
#include "component_fits.hpp"
#include "cup_rendering.hpp"
#include "rendered_voxels.hpp"
#include "shell_streaks.hpp"

#include <algorithm>
#include <cmath>

namespace coxa {

namespace {

constexpr std::size_t kPoints = 4000;
constexpr double kBandMm = 2.5;         // of surface points on both sides of a seen sphere
constexpr double kRimMm = 3.5;          // the shell's metal ends this far beyond its opening plane
constexpr double kSizeRangeMm = 1.8;    // radius: sizes tried about the seen one
constexpr double kSeenShiftMm = 0.25;   // of the seen radius against the true one on a scale that ends
constexpr double kOutsideBandMm = 1.3;  // within the seen outer sphere: clear of what streaks fill inside it
constexpr double kBeyondMm = 2.0;       // the seen outer sphere
constexpr double kBeyondHeadMm = 1.5;
constexpr double kLostMm = 3.0;             // a rendered shell that moves farther has lost its way
constexpr double kLargestResidualMm = 0.6;  // on a scale that shows the metal
// Standard deviations that streaks add, per millimetre of shellStreaksMm() beyond what titanium throws, from
// the errors of cobalt-chrome shells whose truth is known (docs/implants.md); the most at which a size is
// told.
constexpr double kUsualStreaksMm = 0.2, kStreakShift = 0.5, kStreakTurnDeg = 1.0;
constexpr double kMostStreaksMm = 1.0;
constexpr double kRefitShare = 0.5;  // of the difference of the two refits, taken for a standard deviation

/// One shell to be tried: a product, the user's own, or neither.
struct CupCandidate {
  const Cup* product = nullptr;
  const CupMesh* own = nullptr;
  Shell shell;
  TriangleMesh mesh;
};

struct FittedCup {
  CupCandidate candidate;
  RigidTransform world_from_cup = RigidTransform::Identity();
  Mat3 centerCovariance = Mat3::Zero();
  Mat3 turnCovariance = Mat3::Zero();
  double misfit = 0.0;  ///< to compare candidates; smaller is better
  bool plausible = false;
};

CupCandidate candidateOf(const Cup& cup) {
  return {&cup, nullptr, {0.5 * cup.innerDiameterMm(), 0.5 * cup.outerDiameterMm, 0.0}, cupMesh(cup)};
}

std::vector<CupCandidate> candidatesNear(double outsideMm, const KnownComponents& known) {
  const auto near = [&](double radius) { return std::abs(radius - outsideMm) <= kSizeRangeMm; };
  std::vector<CupCandidate> all;
  for (const CupMesh& own : known.own.cups)
    if (near(own.outsideRadiusMm))
      all.push_back({nullptr, &own, {own.insideRadiusMm, own.outsideRadiusMm, own.openingMm}, own.mesh});
  for (const Cup& cup : known.catalogue.cups)
    if (near(0.5 * cup.outerDiameterMm)) all.push_back(candidateOf(cup));
  return all;
}

CupCandidate seenHemisphere(const Joint& joint, double shiftMm) {
  Cup cup;
  const double outside = joint.shellOutside->sphere.radiusMm, inside = joint.shellInside->sphere.radiusMm;
  cup.outerDiameterMm = 2.0 * (outside - shiftMm);
  cup.wallMm = std::max(0.5, outside - inside - 2.0 * shiftMm);
  CupCandidate seen = candidateOf(cup);
  seen.product = nullptr;
  return seen;
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
  return thinned(shell, kPoints);
}

std::optional<SurfaceFit> fitToPoints(const CupCandidate& cup, const HipMetal& metal,
                                      const SurfacePoints& shell, const RigidTransform& start) {
  SurfaceFitOptions options = fitOptions(metal);
  options.reachMm = 6.0;
  return fitSurface(shell, MeshTree(cup.mesh), start, options);
}

std::optional<FittedCup> fitted(const CupCandidate& cup, const HipMetal& metal, const SurfacePoints& shell,
                                const RigidTransform& start) {
  const auto fit = fitToPoints(cup, metal, shell, start);
  if (!fit) return std::nullopt;
  const RigidTransform& pose = fit->points_from_surface;
  return FittedCup{cup,
                   pose,
                   fit->covarianceAt(pose.translation()),
                   fit->turnCovariance(),
                   fit->residualMm,
                   fit->residualMm <= kLargestResidualMm};
}

/// What two refits differ by, as the covariance of an error of any direction that neither knows of.
Mat3 spreadOf(const Vec3& difference) {
  return std::pow(kRefitShare, 2) * difference.squaredNorm() * Mat3::Identity();
}

std::optional<FittedCup> rendered(const CupCandidate& cup, const HipMetal& metal, const Joint& joint,
                                  const RigidTransform& start) {
  const double seen = joint.shellOutside->sphere.radiusMm;
  const auto outside =
      renderCup(*metal.ct, cup.shell, start, {metal.brightestHu, seen - kOutsideBandMm, seen + kBeyondMm});
  if (!outside || (outside->world_from_cup.translation() - start.translation()).norm() > kLostMm)
    return std::nullopt;
  return FittedCup{cup,
                   outside->world_from_cup,
                   outside->centerCovariance,
                   outside->turnCovariance,
                   outside->misfitHu,
                   isMetalHu(outside->metalHu)};
}

/// Adds the shell's inside and its rim to a cup that was rendered by its outside: they tell the opening axis.
/// The centre stays the outside's: streaks fill what lies between shell and head.
void refine(FittedCup& cup, const HipMetal& metal, const Joint& joint) {
  const double head = joint.head ? joint.head->sphere.radiusMm + kBeyondHeadMm : 0.0;
  const auto whole = renderCup(*metal.ct, cup.candidate.shell, cup.world_from_cup,
                               {metal.brightestHu, std::max(cup.candidate.shell.insideMm - kBeyondMm, head),
                                joint.shellOutside->sphere.radiusMm + kBeyondMm});
  if (!whole) return;
  const Vec3 shift = whole->world_from_cup.translation() - cup.world_from_cup.translation();
  if (shift.norm() > kLostMm) return;
  const Vec3 turn = cup.world_from_cup.linear().col(2).cross(whole->world_from_cup.linear().col(2));
  cup.world_from_cup.linear() = whole->world_from_cup.linear();
  cup.turnCovariance = whole->turnCovariance + spreadOf(turn);
  cup.centerCovariance += spreadOf(shift);
}

/// Streaks pull a whole side of the shell, which the fit's own residuals do not know of.
void addStreaks(FittedCup& cup, double streaksMm) {
  const double excess = std::max(0.0, streaksMm - kUsualStreaksMm);
  cup.centerCovariance += std::pow(kStreakShift * excess, 2) * Mat3::Identity();
  cup.turnCovariance += std::pow(radFromDeg(kStreakTurnDeg) * excess, 2) * Mat3::Identity();
}

FoundCup foundCup(const FittedCup& best, const HipMetal& metal, const SurfacePoints& shell, double seenMm) {
  const auto fit = fitToPoints(best.candidate, metal, shell, best.world_from_cup);
  FoundCup cup;
  if (best.plausible && best.candidate.product) cup.product = *best.candidate.product;
  if (best.plausible && best.candidate.own) cup.own = *best.candidate.own;
  const double shift = fit ? fit->shiftInSliceMm : 0.0, shiftSd = fit ? fit->shiftSdMm : 0.5;
  cup.outerDiameterMm = {2.0 * (seenMm - shift), 2.0 * std::hypot(shiftSd, 0.1)};
  cup.innerDiameterMm = 2.0 * best.candidate.shell.insideMm;
  cup.world_from_cup = best.world_from_cup;
  cup.centerCovariance = best.centerCovariance;
  cup.turnCovariance = best.turnCovariance;
  cup.residualMm = fit ? fit->residualMm : 1.0;
  return cup;
}

}  // namespace

std::optional<FoundCup> fitCup(const HipMetal& metal, const Joint& joint, const KnownComponents& known) {
  if (!joint.shellInside || !joint.shellOutside) return std::nullopt;
  const Vec3 axis = -joint.shellOutside->meanDirection.normalized();
  const SurfacePoints shell = shellPoints(metal, joint, axis);
  const RigidTransform start = poseAlong(joint.shellOutside->sphere.center, axis);
  const double seen = joint.shellOutside->sphere.radiusMm, shift = metal.clipped ? kSeenShiftMm : 0.0;
  const auto tried = [&](const CupCandidate& cup) {
    return metal.clipped ? rendered(cup, metal, joint, start) : fitted(cup, metal, shell, start);
  };
  std::optional<FittedCup> best;
  for (const CupCandidate& candidate : candidatesNear(seen - shift, known))
    if (auto cup = tried(candidate); cup && (!best || cup->misfit < best->misfit)) best = std::move(cup);
  if (!best || !best->plausible) best = tried(seenHemisphere(joint, shift));
  if (!best) best = fitted(seenHemisphere(joint, shift), metal, shell, start);
  if (!best) return std::nullopt;
  if (!best->candidate.product && !best->candidate.own) best->plausible = false;
  if (metal.clipped) refine(*best, metal, joint);
  const RigidTransform& pose = best->world_from_cup;
  const double streaks = shellStreaksMm(*metal.ct, pose.translation(), pose.linear().col(2), seen);
  addStreaks(*best, streaks);
  const bool hidden = streaks > kMostStreaksMm;
  if (hidden) best->plausible = false;
  FoundCup found = foundCup(*best, metal, shell, seen);
  found.hidden = hidden;
  return found;
}

}  // namespace coxa
