#include "coxa/planning/outcome.hpp"

#include "coxa/anatomy/frames.hpp"
#include "coxa/planning/suggest.hpp"

#include <Eigen/Dense>
#include <cmath>
#include <random>

namespace coxa {

namespace {

constexpr int kDraws = 60;
constexpr unsigned kSeed = 20260103;

Cup cupOf(const FoundCup& found) {
  if (found.product) return *found.product;
  Cup cup;
  if (found.own) {
    cup.name = found.own->name;
    cup.outerDiameterMm = 2.0 * found.own->outsideRadiusMm;
    cup.wallMm = found.own->outsideRadiusMm - found.own->insideRadiusMm;
    return cup;
  }
  cup.name = "best-fit hemisphere";
  cup.outerDiameterMm = found.outerDiameterMm.value;
  cup.wallMm = 0.5 * (found.outerDiameterMm.value - found.innerDiameterMm);
  return cup;
}

Head headOf(const FoundHead& found, bool neckLengthKnown) {
  if (found.product && neckLengthKnown) return *found.product;
  Head head;
  head.name = found.own ? found.own->name : "";
  head.diameterMm = found.product ? found.product->diameterMm
                    : found.own   ? found.own->diameterMm
                                  : found.diameterMm.value;
  return head;
}

/// A stand-in whose "neck" runs from the frame's origin to the head as found.
Stem stemOf(const FoundStem& found, const Vec3& head) {
  if (found.product) return *found.product;
  const Vec3 neck = found.world_from_stem.inverse() * head;
  Stem stem;
  stem.name = found.own ? found.own->name : "unknown stem";
  stem.neckShaftAngleDeg = 180.0 - degFromRad(std::atan2(neck.x(), neck.z()));
  stem.neckLengthMm = std::hypot(neck.x(), neck.z());
  stem.neckDiameterMm = 12.0;
  return stem;
}

RigidTransform turn(const Vec3& rotation, const Vec3& about, const Vec3& shift) {
  RigidTransform motion = RigidTransform::Identity();
  const double angle = rotation.norm();
  if (angle > 0.0) motion.linear() = Eigen::AngleAxisd(angle, rotation / angle).toRotationMatrix();
  motion.translation() = about - motion.linear() * about + shift;
  return motion;
}

/// Draws what is uncertain of an outcome.
class Dice {
 public:
  Dice() : random_(kSeed) {}

  RigidTransform beforeFromAfter(const BoneRegistration& bone) {
    const Eigen::Matrix<double, 6, 1> motion = draw<6>(bone.fit.covariance);
    const RigidTransform shaken = turn(motion.tail<3>(), bone.fit.pivot, motion.head<3>());
    return (shaken * bone.fit.points_from_surface).inverse();
  }
  /// A pose turned about a point that itself is uncertain.
  RigidTransform pose(const RigidTransform& pose, const Mat3& turnCovariance, const Vec3& point,
                      const Mat3& pointCovariance) {
    const Vec3 rotation = draw<3>(turnCovariance), shift = draw<3>(pointCovariance);
    return turn(rotation, point, shift) * pose;
  }

 private:
  template <int N>
  Eigen::Matrix<double, N, 1> draw(const Eigen::Matrix<double, N, N>& covariance) {
    const Eigen::SelfAdjointEigenSolver<Eigen::Matrix<double, N, N>> axes(covariance);
    Eigen::Matrix<double, N, 1> sizes = axes.eigenvalues().cwiseMax(0.0).cwiseSqrt();
    for (int n = 0; n < N; ++n) sizes[n] *= normal_(random_);
    return axes.eigenvectors() * sizes;
  }

  std::mt19937_64 random_;
  std::normal_distribution<double> normal_;
};

std::vector<OutcomeRow> rowsOf(const PosedHip& planned, const PlanMeasures& plannedMeasures,
                               const PosedHip& achieved, const PlanMeasures& achievedMeasures,
                               const LandmarkSet& landmarks) {
  std::vector<OutcomeRow> rows;
  const auto row = [&](const char* measure, const char* unit, std::optional<CupDefinition> definition,
                       const char* frame, double plan, double outcome) {
    rows.push_back({measure, unit, definition, frame, plan, outcome, {outcome - plan, 0.0}});
  };
  const auto optionalRow = [&](const char* measure, const char* unit, const char* frame,
                               const std::optional<Measured>& plan, const std::optional<Measured>& outcome) {
    if (plan && outcome) row(measure, unit, std::nullopt, frame, plan->value, outcome->value);
  };
  if (const auto fpp_from_world = pelvisFromWorld(landmarks, PelvicPlane::Functional)) {
    const Mat3 mirror = lateralMirror(planned.side);
    const Vec3 plan = mirror * (*fpp_from_world * planned.cupCenter());
    const Vec3 outcome = mirror * (*fpp_from_world * achieved.cupCenter());
    row("cup.centerLateral", "mm", std::nullopt, "FPP", plan.x(), outcome.x());
    row("cup.centerAnterior", "mm", std::nullopt, "FPP", plan.y(), outcome.y());
    row("cup.centerSuperior", "mm", std::nullopt, "FPP", plan.z(), outcome.z());
  }
  for (const MeasuredCupAngles& plan : plannedMeasures.cupAngles)
    if (const auto* outcome = achievedMeasures.angles(plan.definition, plan.plane)) {
      row("cup.inclination", "deg", plan.definition, name(plan.plane), plan.inclinationDeg.value,
          outcome->inclinationDeg.value);
      row("cup.anteversion", "deg", plan.definition, name(plan.plane), plan.anteversionDeg.value,
          outcome->anteversionDeg.value);
    }
  optionalRow("stem.version", "deg", "femur", plannedMeasures.stemVersionDeg,
              achievedMeasures.stemVersionDeg);
  optionalRow("stem.varus", "deg", "femur", plannedMeasures.stemVarusDeg, achievedMeasures.stemVarusDeg);
  optionalRow("legLengthChange", "mm", "FPP", plannedMeasures.legLengthChangeMm,
              achievedMeasures.legLengthChangeMm);
  optionalRow("offsetChange", "mm", "FPP", plannedMeasures.offsetChangeMm, achievedMeasures.offsetChangeMm);
  return rows;
}

}  // namespace

Result<PlanOutcome> comparePlan(const Plan& plan, const PlanContext& before, const FoundHip& found,
                                const BoneRegistration& pelvis, const BoneRegistration& femur) {
  if (!found.cup || !found.head || !found.stem)
    return badInput(
        std::string("A comparison needs cup, head and stem; the scan after the operation shows no ") +
        (!found.cup    ? "cup"
         : !found.head ? "head"
                       : "stem") +
        " on that side.");
  PlanOutcome outcome{plan.hip.side, plan.hip, found, plan.hip, pelvis, femur, {}};
  PosedHip& achieved = outcome.achieved;
  achieved.cup = cupOf(*found.cup);
  achieved.head = headOf(*found.head, found.stem->product.has_value());
  achieved.stem = stemOf(*found.stem, found.head->center);
  achieved.liner = found.liner.value_or(Liner{});
  achieved.world_from_cup = pelvis.before_from_after * found.cup->world_from_cup;
  achieved.world_from_stem = femur.before_from_after * found.stem->world_from_stem;
  const PlanMeasures planned = measure(plan, before);
  const auto rows = [&](const PosedHip& hip) {
    return rowsOf(plan.hip, planned, hip, measure(Plan{hip, {}}, before), before.landmarks());
  };
  outcome.rows = rows(achieved);
  Dice dice;
  for (int n = 0; n < kDraws; ++n) {
    PosedHip drawn = achieved;
    drawn.world_from_cup =
        dice.beforeFromAfter(pelvis) * dice.pose(found.cup->world_from_cup, found.cup->turnCovariance,
                                                 found.cup->center(), found.cup->centerCovariance);
    drawn.world_from_stem =
        dice.beforeFromAfter(femur) * dice.pose(found.stem->world_from_stem, found.stem->turnCovariance,
                                                found.head->center, found.head->centerCovariance);
    const std::vector<OutcomeRow> shaken = rows(drawn);
    for (std::size_t r = 0; r < outcome.rows.size(); ++r)
      outcome.rows[r].difference.sd += std::pow(shaken[r].achieved - outcome.rows[r].achieved, 2) / kDraws;
  }
  for (OutcomeRow& row : outcome.rows) row.difference.sd = std::sqrt(row.difference.sd);
  return outcome;
}

}  // namespace coxa
