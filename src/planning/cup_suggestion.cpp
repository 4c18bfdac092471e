#include "cup_suggestion.hpp"

#include <algorithm>
#include <cmath>

namespace coxa {

namespace {

constexpr double kInclinationDeg = 40.0, kLeastAnteversionDeg = 15.0, kMostAnteversionDeg = 20.0;
// The acetabular sphere lies on subchondral bone; reaming to bleeding bone takes about 1 mm all around.
constexpr double kReamingMm = 2.0;
constexpr double kMostMedialMm = 6.0, kMostLateralMm = 3.0, kStepMm = 0.5;
constexpr double kLeastWallMm = 1.0;
constexpr double kMostBrokenThroughPercent = 3.0;
// Every millimetre the centre is medialised must gain this much coverage: bone and offset are worth keeping.
constexpr double kCoveragePerMm = 1.0;
constexpr int kSizesDown = 3;

bool leavesWall(const PlanModel& model, const CupPlacement& cup) {
  const auto wall = medialWallMm(model.pelvis, cup, model.medial());
  return !wall || *wall >= kLeastWallMm + model.hip().acetabulum->trust.sdMm;
}

/// The best place of one cup along the mediolateral line through the socket's centre.
CupSuggestion placed(const PlanModel& model, const Cup& cup, const Vec3& axis) {
  CupSuggestion best{cup, {}, 0.0, false};
  double bestScore = -1e9;
  for (double medial = -kMostLateralMm; medial <= kMostMedialMm; medial += kStepMm) {
    const Vec3 center = model.hip().acetabulum->sphere.center + medial * model.medial();
    const CupPlacement placement{center, axis, 0.5 * cup.outerDiameterMm};
    const bool keepsWalls = leavesWall(model, placement) &&
                            brokenThroughPercent(model.pelvis, placement) <= kMostBrokenThroughPercent;
    const double coverage = coveragePercent(model.pelvis, placement);
    const double score = coverage - kCoveragePerMm * std::abs(medial) + (keepsWalls ? 1000.0 : 0.0);
    if (score <= bestScore) continue;
    bestScore = score;
    best = {cup, placement, coverage, keepsWalls};
  }
  return best;
}

}  // namespace

Vec3 suggestedCupAxis(const PlanModel& model, double stemVersionDeg) {
  const double anteversion =
      std::clamp(37.3 - 0.7 * stemVersionDeg, kLeastAnteversionDeg, kMostAnteversionDeg);
  const Vec3 inPelvis =
      cupAxisFrom({CupDefinition::Radiographic, PelvicPlane::Functional, kInclinationDeg, anteversion});
  return model.frames.fpp_from_world.linear().transpose() * inPelvis;
}

CupSuggestion suggestCup(const PlanModel& model, const Catalogue& catalogue, const Vec3& axis) {
  const double wanted = 2.0 * model.hip().acetabulum->sphere.radiusMm + kReamingMm;
  const auto first = nearestCup(catalogue, wanted) - catalogue.cups.data();
  const auto last = std::max<std::ptrdiff_t>(0, first - kSizesDown);
  CupSuggestion nearest = placed(model, catalogue.cups[static_cast<std::size_t>(first)], axis);
  if (nearest.keepsWalls) return nearest;
  for (auto i = first - 1; i >= last; --i) {
    CupSuggestion smaller = placed(model, catalogue.cups[static_cast<std::size_t>(i)], axis);
    if (smaller.keepsWalls) return smaller;
  }
  return nearest;
}

RigidTransform cupPose(const Vec3& center, const Vec3& axis, const Vec3& superior) {
  RigidTransform world_from_cup = RigidTransform::Identity();
  const Vec3 z = axis.normalized();
  const Vec3 x = (superior - z.dot(superior) * z).normalized();
  world_from_cup.linear() << x, z.cross(x), z;
  world_from_cup.translation() = center;
  return world_from_cup;
}

}  // namespace coxa
