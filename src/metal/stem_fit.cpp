// The stem: its axis from the metal's cross-sections, then every known stem.
#include "body_rendering.hpp"
#include "component_fits.hpp"
#include "shown_surface.hpp"

#include <algorithm>
#include <cmath>
#include <map>

namespace coxa {

namespace {

constexpr std::size_t kLeastPoints = 300, kCoarsePoints = 700, kFinePoints = 3500;
constexpr int kCoarseIterations = 12, kFineIterations = 20;
constexpr std::size_t kFinalists = 4;
constexpr double kBinMm = 4.0;
constexpr double kTipShare = 0.003;           // of the points lie beyond what is taken for the tip
constexpr double kOwnNeckToleranceMm = 15.0;  // the mesh does not tell how far its neck enters the head
constexpr double kNeckToleranceMm = 6.0;      // beyond the catalogue's neck lengths a size is not tried
constexpr double kPinSdMm = 0.3;
constexpr double kBeyondHeadMm = 1.5;
constexpr double kBeyondScanMm = 2.0;
constexpr double kAlikeMm = 1.0;  // a stem of whose surface the metal shows less tells nothing of the pose
/// A stem is named when the metal shows its surface to within this: thick slices show less than thin ones.
/// Between right stems and those of another shape, by experience (docs/implants.md).
double largestShownResidualMm(double sliceMm) {
  return std::max(0.36, 0.22 + 0.07 * sliceMm);
}

struct StemAxis {
  Line line;                 ///< direction proximal
  double tipMm = 0.0;        ///< along the line from its point
  double directionSd = 0.0;  ///< rad, in each of two planes
};

/// Middles of the cross-sections between two places along the axis.
std::vector<Vec3> middles(const SurfacePoints& metal, const Line& axis, double from, double to) {
  std::map<int, std::pair<Vec3, int>> bins;
  for (const Vec3& p : metal.points) {
    const double along = axis.direction.dot(p - axis.point);
    if (along < from || along > to) continue;
    auto& [sum, count] =
        bins.try_emplace(static_cast<int>(std::floor(along / kBinMm)), Vec3::Zero(), 0).first->second;
    sum += p;
    ++count;
  }
  std::vector<Vec3> result;
  for (const auto& [bin, each] : bins)
    if (each.second >= 5) result.push_back(each.first / each.second);
  return result;
}

std::optional<StemAxis> stemAxis(const SurfacePoints& metal, const Vec3& head) {
  std::vector<double> distances;
  for (const Vec3& p : metal.points) distances.push_back((p - head).norm());
  std::vector<double> sorted = distances;
  std::sort(sorted.begin(), sorted.end());
  const double farthest = sorted[static_cast<std::size_t>(0.99 * static_cast<double>(sorted.size() - 1))];
  std::vector<Vec3> distal;
  for (std::size_t n = 0; n < distances.size(); ++n)
    if (distances[n] > 0.5 * farthest && distances[n] <= farthest) distal.push_back(metal.points[n]);
  const auto rough = fitLine(distal);
  if (!rough) return std::nullopt;
  StemAxis axis;
  axis.line = *rough;
  for (int pass = 0; pass < 3; ++pass) {
    if (axis.line.direction.dot(head - axis.line.point) < 0.0) axis.line.direction *= -1.0;
    std::vector<double> along;
    for (const Vec3& p : metal.points) along.push_back(axis.line.direction.dot(p - axis.line.point));
    std::sort(along.begin(), along.end());
    const double tip = along[static_cast<std::size_t>(kTipShare * static_cast<double>(along.size()))];
    const double length = axis.line.direction.dot(head - axis.line.point) - tip;
    const auto centers = middles(metal, axis.line, tip + kBinMm, tip + 0.55 * length);
    const auto line = fitLine(centers);
    if (!line || centers.size() < 4) return std::nullopt;
    const Vec3 old = axis.line.direction;
    axis.tipMm = tip + old.dot(axis.line.point - line->point);
    axis.line = *line;
    if (axis.line.direction.dot(old) < 0.0) axis.line.direction *= -1.0;
    const double count = static_cast<double>(centers.size());
    axis.directionSd = line->rmsMm / (kBinMm * count / std::sqrt(12.0)) / std::sqrt(count);
  }
  return axis;
}

Mat3 stemDirections(const Vec3& proximal, const Vec3& towardsHead) {
  const Vec3 medial = (towardsHead - proximal.dot(towardsHead) * proximal).normalized();
  Mat3 directions;
  directions << medial, proximal.cross(medial), proximal;
  return directions;
}

/// One stem to be tried: a product or the user's own.
struct StemCandidate {
  const Stem* product = nullptr;
  const StemMesh* own = nullptr;
  std::vector<TriangleMesh> parts;  ///< body and neck
  Line neck;                        ///< from its base
  double lengthMm = 0.0;
  double neckLengthMm = 0.0, leastNeckMm = 0.0,
         mostNeckMm = 0.0;  ///< from the neck's base to the head's centre
  RigidTransform start = RigidTransform::Identity();
  SurfaceFit fit;
  double shownResidualMm = 0.0;

  TriangleMesh whole() const { return parts.size() == 1 ? parts[0] : joined(parts[0], parts[1]); }
  /// What the metal leaves unexplained of itself and of the stem.
  double misfitMm() const { return std::hypot(fit.residualMm, shownResidualMm); }
};

std::vector<StemCandidate> knownStems(const KnownComponents& known) {
  double shortest = 0.0, longest = 0.0;
  for (const Head& head : known.catalogue.heads) {
    shortest = std::min(shortest, head.neckLengthMm);
    longest = std::max(longest, head.neckLengthMm);
  }
  std::vector<StemCandidate> all;
  const auto add = [&](StemCandidate stem) {
    const double tolerance = stem.own != nullptr ? kOwnNeckToleranceMm : kNeckToleranceMm;
    stem.leastNeckMm = stem.neckLengthMm + shortest - tolerance;
    stem.mostNeckMm = stem.neckLengthMm + longest + tolerance;
    all.push_back(std::move(stem));
  };
  for (const StemMesh& own : known.own.stems)
    add({nullptr, &own, {own.mesh}, own.neck, own.lengthMm, own.neckLengthMm, 0, 0, {}, {}, 0});
  for (const Stem& stem : known.catalogue.stems)
    add({&stem,
         nullptr,
         {stemBodyMesh(stem), stemNeckMesh(stem, Head{})},
         {Vec3(stem.neckBaseMm, 0, 0), neckAxisInStem(stem), 0.0},
         stem.lengthMm,
         stem.neckLengthMm,
         0,
         0,
         {},
         {},
         0});
  return all;
}

/// Where each stem would lie from its tip, or where the scan cuts the tip off, from the head; those whose
/// neck would then miss the head by far are left out.
std::vector<StemCandidate> starts(const HipMetal& metal, const StemAxis& axis, const Vec3& head,
                                  const KnownComponents& known) {
  std::vector<StemCandidate> candidates;
  for (StemCandidate& stem : knownStems(known)) {
    const double headMm = axis.line.direction.dot(head - axis.line.point);
    const double rise = stem.neck.direction.z();
    double originMm = axis.tipMm + stem.lengthMm;
    if (metal.cutAtEnd) originMm = headMm - rise * stem.neckLengthMm;
    const double neckLength = (headMm - originMm) / rise;
    if (neckLength < stem.leastNeckMm || neckLength > stem.mostNeckMm) continue;
    const Vec3 origin = axis.line.point + originMm * axis.line.direction;
    stem.start.linear() = stemDirections(axis.line.direction, head - origin);
    stem.start.translation() = origin;
    candidates.push_back(std::move(stem));
  }
  return candidates;
}

/// Fits every candidate to the points; those that failed are dropped, the best come first.
void fitAll(std::vector<StemCandidate>& candidates, const SurfacePoints& points, const FoundHead& head,
            SurfaceFitOptions options) {
  std::vector<StemCandidate> fitted;
  for (StemCandidate& each : candidates) {
    options.pin = LinePin{each.neck, head.center, kPinSdMm};
    const auto fit = fitSurface(points, MeshTree(each.whole()), each.start, options);
    if (!fit) continue;
    each.fit = *fit;
    each.start = fit->points_from_surface;
    fitted.push_back(std::move(each));
  }
  std::sort(fitted.begin(), fitted.end(), [](const StemCandidate& a, const StemCandidate& b) {
    return a.fit.residualMm < b.fit.residualMm;
  });
  candidates = std::move(fitted);
}

/// Whether the scan should show the stem there: the head hides its neck, and the scan may end above its tip.
class ShownPart {
 public:
  ShownPart(const HipMetal& metal, const SurfacePoints& points, const FoundHead& head)
      : head_(head.center), hiddenMm_(0.5 * head.diameterMm.value + kBeyondHeadMm), cut_(metal.cutAtEnd) {
    for (const Vec3& p : points.points) scan_.extend(p);
  }
  bool operator()(const Vec3& place) const {
    return (place - head_).norm() >= hiddenMm_ && !(cut_ && scan_.exteriorDistance(place) > kBeyondScanMm);
  }

 private:
  Vec3 head_;
  double hiddenMm_;
  bool cut_;
  Eigen::AlignedBox3d scan_;
};

/// The stem's surface where the scan should show it: shifted as the threshold shifts it.
SurfacePoints expectedSurface(const StemCandidate& stem, const HipMetal& metal, const ShownPart& isShown) {
  const SurfacePoints samples = samplesOf(stem.whole());
  const RigidTransform& pose = stem.fit.points_from_surface;
  SurfacePoints expected;
  for (std::size_t n = 0; n < samples.points.size(); ++n) {
    const Vec3 place = pose * samples.points[n], normal = pose.linear() * samples.normals[n];
    if (!isShown(place)) continue;
    const double across = std::pow(normal.dot(metal.sliceNormal), 2);
    const double shift = (1.0 - across) * stem.fit.shiftInSliceMm + across * stem.fit.shiftAcrossMm;
    expected.points.push_back(place + shift * normal);
    expected.normals.push_back(normal);
  }
  return expected;
}

/// Where the scale ends, beside streaks, a size too small or too large fits the metal's surface as well, only
/// farther within or without: how the partly filled voxels look tells which it is. Without streaks the
/// surface tells it better, because the pose is the surface's. So both count; the power is by experience
/// (docs/implants.md).
std::optional<StemCandidate> leastMisfitting(std::vector<StemCandidate> candidates, const HipMetal& metal,
                                             const ShownPart& isShown) {
  std::vector<PlacedBody> bodies;
  for (const StemCandidate& each : candidates) {
    PlacedBody body{{}, each.fit.points_from_surface};
    for (const TriangleMesh& part : each.parts) body.parts.emplace_back(part);
    bodies.push_back(std::move(body));
  }
  const auto rendered = renderBodies(*metal.ct, bodies, metal.brightestHu, isShown);
  std::optional<StemCandidate> best;
  double least = 0.0;
  for (std::size_t n = 0; n < candidates.size(); ++n) {
    const double misfit = candidates[n].misfitMm() * std::pow(rendered[n].misfitHu, 2);
    if (best && misfit >= least) continue;
    best = std::move(candidates[n]);
    least = misfit;
  }
  return best;
}

/// Those nearest to the points after a coarse fit, fitted finely; the one of least misfit. The reach shrinks,
/// so that streaks beside the stem no longer widen the scale of the robust weights.
std::optional<StemCandidate> bestOf(std::vector<StemCandidate> candidates, const HipMetal& metal,
                                    const SurfacePoints& other, const FoundHead& head) {
  SurfaceFitOptions options = fitOptions(metal);
  options.iterations = kCoarseIterations;
  fitAll(candidates, thinned(other, kCoarsePoints), head, options);
  if (candidates.size() > kFinalists) candidates.resize(kFinalists);
  options.iterations = kFineIterations;
  const SurfacePoints fine = thinned(other, kFinePoints);
  for (const double reachMm : {10.0, 4.0, 2.0}) {
    options.reachMm = reachMm;
    fitAll(candidates, fine, head, options);
  }
  const ShownPart isShown(metal, other, head);
  const ShownSurface shown(other, metal.ct->grid.spacing.maxCoeff());
  for (StemCandidate& each : candidates)
    each.shownResidualMm = shown.residualMm(expectedSurface(each, metal, isShown));
  if (metal.clipped) return leastMisfitting(std::move(candidates), metal, isShown);
  std::optional<StemCandidate> best;
  for (StemCandidate& each : candidates)
    if (!best || each.misfitMm() < best->misfitMm()) best = std::move(each);
  return best;
}

/// Where the scale ends, streaks pull a whole side of the stem: its axis errs by more than the fit says, not
/// its turn about it.
Mat3 withStreaks(const Mat3& turnCovariance, const Vec3& axis) {
  constexpr double kFactor = 1.4;  // by experience, docs/implants.md
  const Mat3 widened = kFactor * Mat3::Identity() - (kFactor - 1.0) * axis * axis.transpose();
  return widened * turnCovariance * widened;
}

/// The axis through the cross-sections, towards the head.
FoundStem seenStem(const StemAxis& axis, const FoundHead& head) {
  FoundStem stem;
  const Line& line = axis.line;
  stem.world_from_stem.translation() =
      line.point + line.direction.dot(head.center - line.point) * line.direction;
  const Vec3 arm = head.center - stem.world_from_stem.translation();
  stem.world_from_stem.linear() = stemDirections(line.direction, arm);
  const Mat3& frame = stem.world_from_stem.linear();
  const double lean = std::pow(axis.directionSd, 2);
  const double turn = head.centerCovariance.trace() / 3.0 / std::max(1.0, arm.squaredNorm());
  stem.turnCovariance = frame * Vec3(lean, lean, turn).asDiagonal() * frame.transpose();
  stem.residualMm = line.rmsMm;
  return stem;
}

FoundStem knownStem(const StemCandidate& best, const HipMetal& metal) {
  FoundStem stem;
  if (best.product) stem.product = *best.product;
  if (best.own) stem.own = *best.own;
  stem.world_from_stem = best.fit.points_from_surface;
  stem.turnCovariance = best.fit.turnCovariance();
  if (metal.clipped) stem.turnCovariance = withStreaks(stem.turnCovariance, stem.axis());
  stem.residualMm = best.fit.residualMm;
  return stem;
}

/// A stem of another shape lies where the known one that is most like it would.
FoundStem likeKnownStem(const StemCandidate& best, const HipMetal& metal, const FoundHead& head) {
  FoundStem stem = knownStem(best, metal);
  stem.product.reset();
  stem.own.reset();
  const Vec3 toHead = head.center - stem.world_from_stem.translation();
  stem.world_from_stem.translation() += stem.axis().dot(toHead) * stem.axis();
  return stem;
}

}  // namespace

std::optional<FoundStem> fitStem(const HipMetal& metal, const SurfacePoints& other, const FoundHead& head,
                                 const KnownComponents& known) {
  if (other.points.size() < kLeastPoints) return std::nullopt;
  const auto axis = stemAxis(other, head.center);
  if (!axis) return std::nullopt;
  const auto best = bestOf(starts(metal, *axis, head.center, known), metal, other, head);
  FoundStem stem;
  if (!best || best->shownResidualMm > kAlikeMm)
    stem = seenStem(*axis, head);
  else if (best->shownResidualMm > largestShownResidualMm(metal.ct->grid.spacing.z()))
    stem = likeKnownStem(*best, metal, head);
  else
    stem = knownStem(*best, metal);
  stem.tipInScan = !metal.cutAtEnd;
  return stem;
}

}  // namespace coxa
