#include "coxa/planning/outcome.hpp"

#include "hip_phantom.hpp"

#include "coxa/planning/edits.hpp"
#include "coxa/planning/implant_measures.hpp"
#include "coxa/planning/suggest.hpp"

#include <gmock/gmock.h>

#include <cmath>
#include <nlohmann/json.hpp>

namespace coxa {
namespace {

using testing::HasSubstr;

RigidTransform motion(const Vec3& axis, double deg, const Vec3& shift) {
  RigidTransform transform = RigidTransform::Identity();
  transform.linear() = Eigen::AngleAxisd(radFromDeg(deg), axis.normalized()).toRotationMatrix();
  transform.translation() = shift;
  return transform;
}

// The patient lay otherwise the second time, and the leg otherwise to the pelvis.
const RigidTransform kPelvisMoved = motion({1, 0.2, 0.1}, 6.0, {12, -30, 45});
const RigidTransform kFemurMoved = motion({0.1, 0.2, 1}, 17.0, {5, -22, 60});

BoneRegistration exact(const RigidTransform& after_from_before) {
  BoneRegistration registration;
  registration.before_from_after = after_from_before.inverse();
  registration.fit.points_from_surface = after_from_before;
  return registration;
}

struct Patient {
  PlanContext context;
  Plan plan;
};

Patient patientOf(Side side) {
  HipPhantom phantom;
  phantom.side = side;
  const Volume ct = phantom.ct();
  const PlanContext context = PlanContext::build(inputOf(phantom, &ct), Job()).value();
  return {context, suggestPlan(context, shippedCatalogue(), Job()).value()};
}

/// What a scan after the operation shows of a hip that was implanted like that (given in the scan before).
FoundHip foundAfter(const PosedHip& hip) {
  FoundHip found;
  found.side = hip.side;
  found.cup = FoundCup{};
  found.cup->product = hip.cup;
  found.cup->outerDiameterMm = {hip.cup.outerDiameterMm, 0.2};
  found.cup->innerDiameterMm = hip.cup.innerDiameterMm();
  found.cup->world_from_cup = kPelvisMoved * hip.world_from_cup;
  found.stem = FoundStem{};
  found.stem->product = hip.stem;
  found.stem->world_from_stem = kFemurMoved * hip.world_from_stem;
  found.head = FoundHead{};
  found.head->product = hip.head;
  found.head->diameterMm = {hip.head.diameterMm, 0.2};
  found.head->center = kFemurMoved * hip.headCenter();
  found.liner = hip.liner;
  return found;
}

const OutcomeRow& rowOf(const PlanOutcome& outcome, const std::string& measure,
                        std::optional<CupDefinition> definition = std::nullopt,
                        const std::string& frame = "") {
  for (const OutcomeRow& row : outcome.rows)
    if (row.measure == measure && row.definition == definition && (frame.empty() || row.frame == frame))
      return row;
  ADD_FAILURE() << "no row " << measure;
  static const OutcomeRow none;
  return none;
}

class Outcome : public testing::TestWithParam<Side> {
 protected:
  Patient patient_ = patientOf(GetParam());
  BoneRegistration pelvis_ = exact(kPelvisMoved), femur_ = exact(kFemurMoved);

  PlanOutcome compared(const FoundHip& found) const {
    return comparePlan(patient_.plan, patient_.context, found, pelvis_, femur_).value();
  }
};

TEST_P(Outcome, APlanCarriedOutExactlyDiffersInNothing) {
  const PlanOutcome outcome = compared(foundAfter(patient_.plan.hip));
  EXPECT_GE(outcome.rows.size(), 3U + 6U + 6U + 2U);
  for (const OutcomeRow& row : outcome.rows) {
    EXPECT_NEAR(row.difference.value, 0.0, 1e-6) << row.measure;
    EXPECT_NEAR(row.difference.sd, 0.0, 1e-6) << row.measure;
  }
}

TEST_P(Outcome, EveryDeviationIsFoundWithItsSign) {
  const LandmarkSet& landmarks = patient_.context.landmarks();
  Plan done = patient_.plan;
  const auto planned = measure(patient_.plan, patient_.context);
  const auto* angles = planned.angles(CupDefinition::Radiographic, PelvicPlane::Functional);
  done = setCupOrientation(done,
                           {CupDefinition::Radiographic, PelvicPlane::Functional,
                            angles->inclinationDeg.value + 5.0, angles->anteversionDeg.value - 3.0},
                           landmarks)
             .value();
  done = setCupCenter(done, done.hip.cupCenter() + 2.0 * lateral(GetParam()) + Vec3(0, -1, 4));
  done = setCupSize(done, done.hip.cup.outerDiameterMm + 2.0, shippedCatalogue()).value();
  done = setStemVersion(done, planned.stemVersionDeg->value + 6.0, landmarks).value();
  done = setStemPosition(
      done, done.hip.world_from_stem.translation() - 3.0 * done.hip.world_from_stem.linear().col(2));
  const PlanOutcome outcome = compared(foundAfter(done.hip));
  EXPECT_NEAR(rowOf(outcome, "cup.inclination", CupDefinition::Radiographic, "FPP").difference.value, 5.0,
              1e-6);
  EXPECT_NEAR(rowOf(outcome, "cup.anteversion", CupDefinition::Radiographic, "FPP").difference.value, -3.0,
              1e-6);
  EXPECT_NEAR(rowOf(outcome, "cup.centerLateral").difference.value, 2.0, 1e-6);
  EXPECT_NEAR(rowOf(outcome, "cup.centerAnterior").difference.value, 1.0, 1e-6);
  EXPECT_NEAR(rowOf(outcome, "cup.centerSuperior").difference.value, 4.0, 1e-6);
  EXPECT_NEAR(rowOf(outcome, "stem.version").difference.value, 6.0, 0.05);
  // The cup 4 mm higher and the stem 3 mm deeper each shorten the leg.
  EXPECT_NEAR(rowOf(outcome, "legLengthChange").difference.value, -7.0, 0.05);
  EXPECT_NEAR(rowOf(outcome, "offsetChange").difference.value, 2.0, 0.2);
  const auto json = nlohmann::json::parse(toJson(outcome));
  EXPECT_EQ(json.at("sizes").at("cup").at("differenceMm"), 2.0);
  EXPECT_EQ(json.at("sizes").at("stem").at("differenceSizes"), 0);
  EXPECT_EQ(json.at("side"), name(GetParam()));
}

// A pelvis whose registration may be turned about the vertical by 1° (sd) turns the anatomic anteversion,
// which is measured in the transverse plane (Murray 1993), by as much; the stem does not care.
TEST_P(Outcome, RegistrationErrorsBecomeTheDifferencesUncertainty) {
  const Vec3 vertical = kPelvisMoved.linear() * Vec3::UnitZ();
  pelvis_.fit.pivot = kPelvisMoved * patient_.plan.hip.cupCenter();
  pelvis_.fit.covariance.bottomRightCorner<3, 3>() =
      std::pow(radFromDeg(1.0), 2) * vertical * vertical.transpose();
  const PlanOutcome outcome = compared(foundAfter(patient_.plan.hip));
  EXPECT_NEAR(rowOf(outcome, "cup.anteversion", CupDefinition::Anatomic, "FPP").difference.sd, 1.0, 0.25);
  EXPECT_NEAR(rowOf(outcome, "cup.centerLateral").difference.sd, 0.0, 1e-6);
  EXPECT_NEAR(rowOf(outcome, "stem.version").difference.sd, 0.0, 1e-6);
}

TEST_P(Outcome, WithoutProductsPlacesAndAnglesAreStillCompared) {
  FoundHip found = foundAfter(patient_.plan.hip);
  found.cup->product.reset();
  found.stem->product.reset();
  found.stem->world_from_stem.translation() +=
      found.stem->axis() *
      found.stem->axis().dot(found.head->center - found.stem->world_from_stem.translation());
  const PlanOutcome outcome = compared(found);
  for (const char* measure :
       {"cup.centerLateral", "stem.version", "stem.varus", "legLengthChange", "offsetChange"})
    EXPECT_NEAR(rowOf(outcome, measure).difference.value, 0.0, 1e-6) << measure;
  EXPECT_TRUE(nlohmann::json::parse(toJson(outcome)).at("sizes").at("stem").at("achieved").is_null());
}

// The user's own stem has its origin where its neck begins, as the catalogue's.
TEST_P(Outcome, TheUsersOwnComponentsAreComparedAndNamed) {
  FoundHip found = foundAfter(patient_.plan.hip);
  const Cup cup = *found.cup->product;
  found.cup->own = CupMesh{"cup.stl", {}, 0.5 * cup.innerDiameterMm(), 0.5 * cup.outerDiameterMm + 1.0, 0.0};
  found.head->own = HeadMesh{"head.stl", {}, found.head->product->diameterMm - 4.0};
  found.stem->own = StemMesh{"stem.stl", {}, found.stem->product->lengthMm, {}, 0.0};
  found.cup->product.reset();
  found.head->product.reset();
  found.stem->product.reset();
  const PlanOutcome outcome = compared(found);
  for (const char* measure :
       {"cup.centerLateral", "stem.version", "stem.varus", "legLengthChange", "offsetChange"})
    EXPECT_NEAR(rowOf(outcome, measure).difference.value, 0.0, 1e-6) << measure;
  const auto sizes = nlohmann::json::parse(toJson(outcome)).at("sizes");
  for (const char* component : {"cup", "head", "stem"}) {
    EXPECT_TRUE(sizes.at(component).at("achieved").is_null());
    EXPECT_EQ(sizes.at(component).at("ownMesh"), std::string(component) + ".stl");
  }
  EXPECT_NEAR(sizes.at("cup").at("differenceMm").get<double>(), 2.0, 1e-9);
  EXPECT_NEAR(sizes.at("head").at("differenceMm").get<double>(), -4.0, 1e-9);
}

TEST_P(Outcome, NeedsAllComponents) {
  FoundHip found = foundAfter(patient_.plan.hip);
  found.stem.reset();
  const auto outcome = comparePlan(patient_.plan, patient_.context, found, pelvis_, femur_);
  ASSERT_FALSE(outcome);
  EXPECT_THAT(outcome.error().message, HasSubstr("shows no stem"));
}

// Before any registration the found hip can be measured against its own scan's landmarks: the same angles as
// the plan's when the landmarks are the plan's.
TEST_P(Outcome, ImplantMeasuresAgreeWithThePlans) {
  FoundHip found = foundAfter(patient_.plan.hip);
  found.cup->world_from_cup = patient_.plan.hip.world_from_cup;
  found.stem->world_from_stem = patient_.plan.hip.world_from_stem;
  const PlanMeasures planned = measure(patient_.plan, patient_.context);
  LandmarkSet landmarks = patient_.context.landmarks();
  landmarks.side(GetParam()).femoralHead.reset();  // metal now
  const ImplantMeasures measures = measureImplants(found, &landmarks);
  ASSERT_EQ(measures.cupAngles.size(), planned.cupAngles.size());
  for (std::size_t n = 0; n < measures.cupAngles.size(); ++n) {
    EXPECT_NEAR(measures.cupAngles[n].inclinationDeg.value, planned.cupAngles[n].inclinationDeg.value, 1e-6);
    EXPECT_NEAR(measures.cupAngles[n].anteversionDeg.value, planned.cupAngles[n].anteversionDeg.value, 1e-6);
  }
  EXPECT_NEAR(measures.stemVersionDeg->value, planned.stemVersionDeg->value, 1e-6);
  EXPECT_NEAR(measures.stemVarusDeg->value, planned.stemVarusDeg->value, 1e-6);
  // The phantom's ASIS line lies along the table, so FPP and table agree.
  const auto* fpp = planned.angles(CupDefinition::Radiographic, PelvicPlane::Functional);
  EXPECT_NEAR(measures.tableCupAngles.front().inclinationDeg.value, fpp->inclinationDeg.value, 1e-6);
  const ImplantMeasures alone = measureImplants(found, nullptr);
  EXPECT_TRUE(alone.cupAngles.empty());
  EXPECT_FALSE(alone.stemVersionDeg);
  EXPECT_TRUE(alone.tableStemVersionDeg);
}

INSTANTIATE_TEST_SUITE_P(Sides, Outcome, testing::Values(Side::Right, Side::Left),
                         [](const auto& tested) { return std::string(name(tested.param)); });

/// Something like a femur: a flared shaft with a trochanter and, if not resected, a head.
TriangleMesh femur(bool head) {
  Stem shaft;
  shaft.lengthMm = 220.0;
  shaft.proximalMedialMm = 26.0;
  shaft.proximalLateralMm = 22.0;
  shaft.proximalDepthMm = 36.0;
  shaft.distalDiameterMm = 28.0;
  shaft.flareMm = 25.0;
  TriangleMesh mesh = stemBodyMesh(shaft);
  Head ball;
  ball.diameterMm = 24.0;
  mesh = joined(mesh, transformed(headMesh(ball), motion({1, 0, 0}, 0.0, {-18, 10, 8})));
  ball.diameterMm = 20.0;
  mesh = joined(mesh, transformed(headMesh(ball), motion({1, 0, 0}, 0.0, {14, 14, -45})));
  ball.diameterMm = 46.0;
  return head ? joined(mesh, transformed(headMesh(ball), motion({1, 0, 0}, 0.0, {40, -10, 15}))) : mesh;
}

double turnDeg(const RigidTransform& a, const RigidTransform& b) {
  return degFromRad(Eigen::AngleAxisd(a.linear().transpose() * b.linear()).angle());
}

TEST(RegisterBone, FindsAResectedFemurThatWasTurnedInside) {
  for (const double turn : {-30.0, -8.0, 25.0}) {
    const auto after_from_before = motion({0.08, -0.06, 1}, turn, {30, -40, 120});
    const auto registered =
        registerBone(HipPart::Femur, femur(true), transformed(femur(false), after_from_before), {}, Job());
    ASSERT_TRUE(registered);
    EXPECT_LT(turnDeg(registered->before_from_after.inverse(), after_from_before), 0.3);
    const Vec3 head(40, -10, 15);
    EXPECT_LT((registered->before_from_after * (after_from_before * head) - head).norm(), 0.3);
  }
}

TEST(RegisterBone, RefusesAnotherBone) {
  Head ball;
  ball.diameterMm = 60.0;
  const auto registered = registerBone(HipPart::Femur, femur(true), headMesh(ball), {}, Job());
  ASSERT_FALSE(registered);
  EXPECT_THAT(registered.error().message, HasSubstr("does not fit the one before"));
  EXPECT_FALSE(registerBone(HipPart::Pelvis, femur(true), TriangleMesh{}, {}, Job()));
}

}  // namespace
}  // namespace coxa
