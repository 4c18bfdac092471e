// The shell of a cup: which of the known ones, and how it lies.
#include "component_fits.hpp"
#include "cup_rendering.hpp"
#include "rendered_voxels.hpp"
#include "shell_streaks.hpp"

#include <algorithm>
#include <cmath>
#include <map>

namespace coxa {

namespace {

constexpr std::size_t kPoints = 4000;
constexpr double kBandMm = 2.5;        // of surface points on both sides of a seen sphere
constexpr double kRimMm = 3.5;         // the shell's metal ends this far beyond its opening plane
constexpr double kSizeRangeMm = 1.8;   // radius: sizes tried about the seen one
constexpr double kSameRadiusMm = 0.3;  // a rendered radius this far from a known one's is another's
constexpr double kRadiusStepMm = 0.5;
constexpr double kRadiusSdMm = 0.15;    // of the rendered radius, by experience (docs/implants.md)
constexpr double kSeenShiftMm = 0.25;   // of the seen radius against the true one on a scale that ends
constexpr double kOutsideBandMm = 1.3;  // within the seen outer sphere: clear of what streaks fill inside it
constexpr double kBeyondMm = 2.0;       // the seen outer sphere
constexpr double kBeyondHeadMm = 1.5;
constexpr double kLostMm = 3.0;             // a rendered shell that moves farther has lost its way
constexpr double kLargestResidualMm = 0.6;  // on a scale that shows the metal
// Standard deviations that streaks add, per millimetre of shellStreaksMm() beyond what titanium throws, from
// the errors of cobalt-chrome shells whose truth is known (docs/implants.md); the most at which a size is
// told.
constexpr double kUsualStreaksMm = 0.2, kStreakShift = 0.25, kStreakTurnDeg = 0.6;
constexpr double kMostStreaksMm = 1.0;
constexpr int kShadeDegree = 2;
// Of the centre: a scanner that blurs otherwise than renderings do shifts it along the axis
// (docs/implants.md).
constexpr double kKernelShiftSdMm = 0.1;
constexpr double kShownWallShare = 0.9;  // from outside: clear of what streaks fill inside the shell
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
  std::optional<double> outsideMm;  ///< outer radius as rendered
};

CupCandidate candidateOf(const Cup& cup) {
  return {&cup, nullptr, {0.5 * cup.innerDiameterMm(), 0.5 * cup.outerDiameterMm, 0.0}, cupMesh(cup)};
}

std::vector<CupCandidate> candidatesNear(double outsideMm, double rangeMm, const KnownComponents& known) {
  const auto near = [&](double radius) { return std::abs(radius - outsideMm) <= rangeMm; };
  std::vector<CupCandidate> all;
  for (const CupMesh& own : known.own.cups)
    if (near(own.outsideRadiusMm))
      all.push_back({nullptr, &own, {own.insideRadiusMm, own.outsideRadiusMm, own.openingMm}, own.mesh});
  for (const Cup& cup : known.catalogue.cups)
    if (near(0.5 * cup.outerDiameterMm)) all.push_back(candidateOf(cup));
  return all;
}

/// A hemisphere of that outer radius, its wall as thick as seen.
CupCandidate hemisphere(const Joint& joint, double outsideMm, double shiftMm) {
  Cup cup;
  cup.outerDiameterMm = 2.0 * outsideMm;
  cup.wallMm =
      std::max(0.5, joint.shellOutside->sphere.radiusMm - joint.shellInside->sphere.radiusMm - 2.0 * shiftMm);
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
                   fit->residualMm <= kLargestResidualMm,
                   std::nullopt};
}

/// The covariance of an error of any direction as long as a part of what two refits differ by.
Mat3 spreadOf(const Vec3& difference) {
  return std::pow(kRefitShare * difference.norm(), 2) / 3.0 * Mat3::Identity();
}

std::optional<FittedCup> rendered(const CupCandidate& cup, const HipMetal& metal, const Joint& joint,
                                  const RigidTransform& start, const HuRange& metalHu) {
  const double seen = joint.shellOutside->sphere.radiusMm;
  const auto outside = renderCup(*metal.ct, cup.shell, start,
                                 {metal.brightestHu, seen - kOutsideBandMm, seen + kBeyondMm, metalHu});
  if (!outside || (outside->world_from_cup.translation() - start.translation()).norm() > kLostMm)
    return std::nullopt;
  return FittedCup{cup,
                   outside->world_from_cup,
                   outside->centerCovariance,
                   outside->turnCovariance,
                   outside->misfitHu,
                   kMetalHuRange.contains(outside->metalHu),
                   std::nullopt};
}

/// The outer radius that explains the scan best, whatever the catalogue has: down the misfit in steps, then
/// the vertex of the parabola through the last three. Nothing where no step goes down to a least.
std::optional<double> renderedRadius(const HipMetal& metal, const Joint& joint, const RigidTransform& start,
                                     double shiftMm) {
  std::map<int, double> misfits;
  const double seen = joint.shellOutside->sphere.radiusMm - shiftMm;
  const auto misfit = [&](int step) {
    const auto [at, isNew] = misfits.try_emplace(step, kWorstMisfitHu);
    if (isNew)
      if (const auto cup = rendered(hemisphere(joint, seen + step * kRadiusStepMm, shiftMm), metal, joint,
                                    start, kMetalHuRange))
        at->second = cup->misfit;
    return at->second;
  };
  const int farthest = static_cast<int>(kSizeRangeMm / kRadiusStepMm);
  int least = 0;
  while (std::abs(least) < farthest) {
    const int towards = misfit(least - 1) < misfit(least + 1) ? least - 1 : least + 1;
    if (misfit(towards) >= misfit(least)) break;
    least = towards;
  }
  const double below = misfit(least - 1), here = misfit(least), above = misfit(least + 1);
  if (std::abs(least) == farthest || std::max(below, above) >= kWorstMisfitHu || below + above <= 2.0 * here)
    return std::nullopt;
  return seen + kRadiusStepMm * (least + 0.5 * (below - above) / (below - 2.0 * here + above));
}

/// Thicknesses that the shell may have, ascending: that of a known one, else those that are made.
std::vector<double> wallsOf(const CupCandidate& cup) {
  if (cup.product == nullptr && cup.own == nullptr) return {2.0, 2.5, 3.0, 3.5, 4.0, 5.0, 6.0};
  return {cup.shell.outsideMm - cup.shell.insideMm};
}

Mat3 midway(const Mat3& a, const Mat3& b) {
  return Eigen::Quaterniond(a).slerp(0.5, Eigen::Quaterniond(b)).toRotationMatrix();
}

/// The whole shell as it is rendered, its wall as thick as explains the scan best.
std::optional<RenderedCup> renderWhole(FittedCup& cup, const HipMetal& metal, double headMm,
                                       double farthestMm) {
  const auto walls = wallsOf(cup.candidate);
  Shell shell = cup.candidate.shell;
  const CupRenderingOptions options{
      metal.brightestHu, std::max(shell.outsideMm - walls.back() - kBeyondMm, headMm), farthestMm, {}};
  std::optional<RenderedCup> whole;
  for (const double wall : walls) {
    shell.insideMm = shell.outsideMm - wall;
    const auto tried = renderCup(*metal.ct, shell, cup.world_from_cup, options);
    if (!tried || (whole && tried->misfitHu >= whole->misfitHu)) continue;
    whole = tried;
    cup.candidate.shell = shell;
  }
  return whole;
}

/// Renders a cup anew that was rendered by its outside: the whole of it, then its outside and its rim with
/// shades, because beams that the metal hardens shade one side of it and streaks fill what lies between shell
/// and head. Its centre is that of the second, its axis midway between both (docs/implants.md); what they
/// differ by adds to the standard deviations.
void refine(FittedCup& cup, const HipMetal& metal, const Joint& joint) {
  const double head = joint.head ? joint.head->sphere.radiusMm + kBeyondHeadMm : 0.0;
  const double farthest = joint.shellOutside->sphere.radiusMm + kBeyondMm;
  const auto whole = renderWhole(cup, metal, head, farthest);
  if (!whole) return;
  RigidTransform start = cup.world_from_cup;
  start.linear() = whole->world_from_cup.linear();
  const Shell& shell = cup.candidate.shell;
  const double shown = shell.outsideMm - kShownWallShare * (shell.outsideMm - shell.insideMm);
  const auto shaded = renderCup(*metal.ct, shell, start,
                                {metal.brightestHu, std::max(shown, head), farthest, {}, kShadeDegree});
  if (!shaded) return;
  const Vec3 shift = shaded->world_from_cup.translation() - start.translation();
  if (shift.norm() > kLostMm) return;
  const Vec3 turn = start.linear().col(2).cross(shaded->world_from_cup.linear().col(2));
  cup.world_from_cup.translation() = shaded->world_from_cup.translation();
  cup.world_from_cup.linear() = midway(start.linear(), shaded->world_from_cup.linear());
  cup.turnCovariance = shaded->turnCovariance + spreadOf(turn);
  cup.centerCovariance =
      shaded->centerCovariance + spreadOf(shift) + std::pow(kKernelShiftSdMm, 2) * Mat3::Identity();
}

/// Streaks pull a whole side of the shell, which the fit's own residuals do not know of.
void addStreaks(FittedCup& cup, double streaksMm) {
  const double excess = std::max(0.0, streaksMm - kUsualStreaksMm);
  cup.centerCovariance += std::pow(kStreakShift * excess, 2) * Mat3::Identity();
  cup.turnCovariance += std::pow(radFromDeg(kStreakTurnDeg) * excess, 2) * Mat3::Identity();
}

/// The known cup of the outer radius that explains the scan best, else a hemisphere of that radius.
std::optional<FittedCup> renderedCup(const HipMetal& metal, const Joint& joint, const KnownComponents& known,
                                     const RigidTransform& start) {
  const auto radius = renderedRadius(metal, joint, start, kSeenShiftMm);
  std::optional<FittedCup> best;
  if (radius)
    for (const CupCandidate& candidate : candidatesNear(*radius, kSameRadiusMm, known))
      if (auto cup = rendered(candidate, metal, joint, start, {});
          cup && cup->plausible && (!best || cup->misfit < best->misfit))
        best = std::move(cup);
  const double outside = radius.value_or(joint.shellOutside->sphere.radiusMm - kSeenShiftMm);
  if (!best) best = rendered(hemisphere(joint, outside, kSeenShiftMm), metal, joint, start, {});
  if (best) best->outsideMm = radius;
  return best;
}

/// On a scale that shows the metal: the known cup whose surface is nearest to the points, else the seen
/// hemisphere.
std::optional<FittedCup> nearestCup(const HipMetal& metal, const Joint& joint, const KnownComponents& known,
                                    const SurfacePoints& shell, const RigidTransform& start) {
  const double seen = joint.shellOutside->sphere.radiusMm;
  std::optional<FittedCup> best;
  for (const CupCandidate& candidate : candidatesNear(seen, kSizeRangeMm, known))
    if (auto cup = fitted(candidate, metal, shell, start); cup && (!best || cup->misfit < best->misfit))
      best = std::move(cup);
  if (!best || !best->plausible) best = fitted(hemisphere(joint, seen, 0.0), metal, shell, start);
  return best;
}

FoundCup foundCup(const FittedCup& best, const HipMetal& metal, const SurfacePoints& shell, double seenMm) {
  const auto fit = fitToPoints(best.candidate, metal, shell, best.world_from_cup);
  FoundCup cup;
  if (best.plausible && best.candidate.product) cup.product = *best.candidate.product;
  if (best.plausible && best.candidate.own) cup.own = *best.candidate.own;
  const double shift = fit ? fit->shiftInSliceMm : 0.0, shiftSd = fit ? fit->shiftSdMm : 0.5;
  cup.outerDiameterMm = best.outsideMm ? Measured{2.0 * *best.outsideMm, 2.0 * kRadiusSdMm}
                                       : Measured{2.0 * (seenMm - shift), 2.0 * std::hypot(shiftSd, 0.1)};
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
  std::optional<FittedCup> best =
      metal.clipped ? renderedCup(metal, joint, known, start) : nearestCup(metal, joint, known, shell, start);
  if (!best && metal.clipped)
    best = fitted(hemisphere(joint, joint.shellOutside->sphere.radiusMm - kSeenShiftMm, kSeenShiftMm), metal,
                  shell, start);
  if (!best) return std::nullopt;
  if (!best->candidate.product && !best->candidate.own) best->plausible = false;
  if (metal.clipped) refine(*best, metal, joint);
  const RigidTransform& pose = best->world_from_cup;
  const double seen = joint.shellOutside->sphere.radiusMm;
  const double streaks = shellStreaksMm(*metal.ct, pose.translation(), pose.linear().col(2), seen);
  addStreaks(*best, streaks);
  const bool hidden = streaks > kMostStreaksMm;
  if (hidden) best->plausible = false;
  FoundCup found = foundCup(*best, metal, shell, seen);
  found.hidden = hidden;
  return found;
}

}  // namespace coxa
