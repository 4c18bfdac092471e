#include "coxa/planning/edits.hpp"

#include "cup_suggestion.hpp"
#include "right_hip.hpp"
#include "stem_angles.hpp"

#include "coxa/anatomy/frames.hpp"

#include <cmath>
#include <cstdio>
#include <set>

namespace coxa {

namespace {

std::string listed(const std::set<double>& values) {
  std::string list;
  for (const double value : values) {
    char text[32];
    std::snprintf(text, sizeof text, "%g", value);
    list += (list.empty() ? "" : ", ") + std::string(text);
  }
  return list;
}

tl::unexpected<Error> noSuch(const std::string& what, const std::set<double>& there) {
  return fail(ErrorCode::Usage, "The catalogue has no such " + what + "; there are " + listed(there) + ".");
}

constexpr double kSameMm = 1e-6;

/// Liner and head for the plan's cup: the wanted head diameter if a liner takes it, else the largest below
/// it, else the smallest there is.
Result<Plan> withFittingHead(Plan plan, double wantedDiameterMm, double neckLengthMm,
                             const Catalogue& catalogue) {
  const auto diameters = headDiametersFor(catalogue, plan.hip.cup);
  if (diameters.empty())
    return fail(ErrorCode::Usage,
                "The catalogue has no liner and head for the cup " + plan.hip.cup.name + ".");
  double diameter = diameters.front();
  for (const double each : diameters)
    if (each <= wantedDiameterMm + kSameMm) diameter = each;
  plan.hip.head = *headFor(catalogue, diameter, neckLengthMm);
  plan.hip.liner = *linerFor(catalogue, plan.hip.cup, diameter);
  return plan;
}

}  // namespace

Plan setCupCenter(const Plan& plan, const Vec3& center) {
  Plan edited = plan;
  edited.hip.world_from_cup.translation() = center;
  return edited;
}

Result<Plan> setCupOrientation(const Plan& plan, const CupAngles& angles, const LandmarkSet& landmarks) {
  const Side side = plan.hip.side;
  const auto axis = cupAxisInWorld(angles, landmarks, side);
  if (!axis) return tl::unexpected(axis.error());
  const auto pelvis_from_world = pelvisFromWorld(landmarks, angles.plane);
  const Vec3 superior = pelvis_from_world->linear().row(2).transpose();
  Plan edited = plan;
  edited.hip.world_from_cup = asRight(
      side, cupPose(asRight(side, plan.hip.cupCenter()), asRight(side, *axis), asRight(side, superior)));
  return edited;
}

Result<Plan> setCupSize(const Plan& plan, double outerDiameterMm, const Catalogue& catalogue) {
  const Cup* cup = nearestCup(catalogue, outerDiameterMm);
  if (!cup || std::abs(cup->outerDiameterMm - outerDiameterMm) > kSameMm) {
    std::set<double> there;
    for (const Cup& each : catalogue.cups) there.insert(each.outerDiameterMm);
    return noSuch("cup diameter", there);
  }
  Plan edited = plan;
  edited.hip.cup = *cup;
  return withFittingHead(edited, plan.hip.head.diameterMm, plan.hip.head.neckLengthMm, catalogue);
}

Result<Plan> setStemSize(const Plan& plan, int size, StemOffset offset, const Catalogue& catalogue) {
  const Stem* stem = stemFor(catalogue, plan.hip.stem.family, size, offset);
  if (!stem) {
    std::set<double> there;
    for (const Stem& each : catalogue.stems)
      if (each.family == plan.hip.stem.family && each.offset == offset) there.insert(each.size);
    return noSuch(std::string("stem size with ") + name(offset) + " offset", there);
  }
  Plan edited = plan;
  edited.hip.stem = *stem;
  return edited;
}

Plan setStemPosition(const Plan& plan, const Vec3& origin) {
  Plan edited = plan;
  edited.hip.world_from_stem.translation() = origin;
  return edited;
}

Result<Plan> setStemVersion(const Plan& plan, double version, const LandmarkSet& landmarks) {
  const Side side = plan.hip.side;
  const auto femur = femurFrame(asRight(side, landmarks), Side::Right);
  if (!femur) return tl::unexpected(femur.error());
  const Mat3 femur_from_world = femur->femur_from_world.linear();
  RigidTransform world_from_stem = asRight(side, plan.hip.world_from_stem);
  // Version is measured about the femur's axis, the stem turns about its own: a few steps meet.
  for (int i = 0; i < 5; ++i) {
    const double missing = version - versionDeg(femur_from_world, world_from_stem.linear());
    world_from_stem.rotate(Eigen::AngleAxisd(-radFromDeg(missing), Vec3::UnitZ()));
  }
  Plan edited = plan;
  edited.hip.world_from_stem = asRight(side, world_from_stem);
  return edited;
}

Result<Plan> setHead(const Plan& plan, double diameterMm, double neckLengthMm, const Catalogue& catalogue) {
  if (!linerFor(catalogue, plan.hip.cup, diameterMm) || !headFor(catalogue, diameterMm, 0.0)) {
    const auto there = headDiametersFor(catalogue, plan.hip.cup);
    return noSuch("head diameter for the cup " + plan.hip.cup.name, {there.begin(), there.end()});
  }
  const Head* head = headFor(catalogue, diameterMm, neckLengthMm);
  if (std::abs(head->neckLengthMm - neckLengthMm) > kSameMm) {
    std::set<double> there;
    for (const Head& each : catalogue.heads)
      if (std::abs(each.diameterMm - diameterMm) < kSameMm) there.insert(each.neckLengthMm);
    return noSuch("neck length", there);
  }
  return withFittingHead(plan, diameterMm, neckLengthMm, catalogue);
}

}  // namespace coxa
