#include "coxa/planning/suggest.hpp"

#include "hip_phantom.hpp"

#include <gmock/gmock.h>

namespace coxa {
namespace {

struct Planned {
  PlanContext context;
  Plan plan;
  PlanMeasures measures;
};

Planned plannedWith(const HipPhantom& phantom) {
  const Volume ct = phantom.ct();
  const PlanContext context = PlanContext::build(inputOf(phantom, &ct), Job()).value();
  const Plan plan = suggestPlan(context, shippedCatalogue(), Job()).value();
  return {context, plan, measure(plan, context)};
}

// Reamed 1 mm deeper than a socket of 50 mm: cup 52.
TEST(Suggestion, CupFitsTheSocket) {
  const Planned p = plannedWith({});
  EXPECT_EQ(p.plan.hip.cup.outerDiameterMm, 52.0);
  EXPECT_EQ(p.plan.hip.head.diameterMm, 36.0);
  EXPECT_EQ(p.plan.hip.liner.headDiameterMm, 36.0);
  EXPECT_GE(p.measures.coveragePercent.value, 90.0);
  ASSERT_TRUE(p.measures.medialWallMm);
  EXPECT_GE(p.measures.medialWallMm->value, 1.0);
  EXPECT_NEAR(p.plan.hip.cupCenter().z(), HipPhantom().socketCenter().z(), 1e-9) << "height kept";
}

TEST(Suggestion, LargerSocketsTakeLargerCups) {
  double before = 0.0;
  for (const double radius : {21.0, 24.0, 27.0, 30.0}) {
    HipPhantom phantom;
    phantom.socketRadiusMm = radius;
    const double diameter = plannedWith(phantom).plan.hip.cup.outerDiameterMm;
    EXPECT_NEAR(diameter, 2.0 * radius + 2.0, 1.0 + 1e-9);
    EXPECT_GT(diameter, before);
    before = diameter;
  }
}

// Walls of 0.8 mm do not hold a cup that is reamed 1 mm deeper all around.
TEST(Suggestion, ThinWallsAreNotBrokenThrough) {
  HipPhantom phantom;
  phantom.wallMm = 0.8;
  const Planned p = plannedWith(phantom);
  EXPECT_LT(p.plan.hip.cup.outerDiameterMm, 52.0);
  EXPECT_GE(p.measures.medialWallMm->value, 1.0);
}

// Widmer: 37.3 - 0.7 · 25 = 19.8; 37.3 - 0.7 · 40 = 9.3, held at 15; 37.3, held at 20.
TEST(Suggestion, CupAnteversionFollowsTheStem) {
  for (const auto& [version, anteversion] :
       std::vector<std::pair<double, double>>{{25.0, 19.8}, {40.0, 15.0}, {0.0, 20.0}}) {
    HipPhantom phantom;
    phantom.versionDeg = version;
    const Planned p = plannedWith(phantom);
    const MeasuredCupAngles* angles = p.measures.angles(CupDefinition::Radiographic, PelvicPlane::Functional);
    ASSERT_TRUE(angles);
    EXPECT_NEAR(angles->inclinationDeg.value, 40.0, 1e-6);
    EXPECT_NEAR(angles->anteversionDeg.value, anteversion, 0.2);
    EXPECT_NEAR(p.measures.stemVersionDeg->value, version, 0.2);
  }
}

TEST(Suggestion, StemIsTheLargestThatTheCanalTakes) {
  for (const double radius : {4.0, 5.0, 6.0, 7.0}) {
    HipPhantom phantom;
    phantom.canalRadiusMm = radius;
    const Planned p = plannedWith(phantom);
    // Sizes step by 0.75 mm; the inner wall in a CT of 0.7 mm voxels is true within half of one.
    EXPECT_NEAR(p.plan.hip.stem.distalDiameterMm, 2.0 * radius, 1.4) << "canal radius " << radius;
    EXPECT_GE(p.measures.canalClearanceMm->value, -0.5);
    EXPECT_NEAR(p.measures.stemVarusDeg->value, 0.0, 0.3);
  }
}

TEST(Suggestion, RestoresLegLengthAndOffset) {
  for (const double nativeOffset : {38.0, 42.0, 46.0}) {
    HipPhantom phantom;
    phantom.nativeOffsetMm = nativeOffset;
    const Planned p = plannedWith(phantom);
    EXPECT_NEAR(p.measures.legLengthChangeMm->value, 0.0, 0.01);
    EXPECT_NEAR(p.measures.offsetChangeMm->value, 0.0, 4.0);
  }
}

TEST(Suggestion, EvensOutAShorterLegWithinEightMillimetres) {
  HipPhantom phantom;
  phantom.otherLegLongerMm = 6.0;
  Planned p = plannedWith(phantom);
  EXPECT_NEAR(p.measures.legLengthChangeMm->value, 6.0, 0.01);
  EXPECT_NEAR(p.measures.legLengthAgainstOtherSideMm->value, 0.0, 0.01);
  phantom.otherLegLongerMm = 20.0;
  p = plannedWith(phantom);
  EXPECT_NEAR(p.measures.legLengthChangeMm->value, 8.0, 0.01);
  EXPECT_NEAR(p.measures.legLengthAgainstOtherSideMm->value, -12.0, 0.01);
}

TEST(Suggestion, SaysWhatDifferenceOfTheLegsIsLeft) {
  const auto noticesAt = [](double otherLegLongerMm, double landmarkSdMm) {
    HipPhantom phantom;
    phantom.otherLegLongerMm = otherLegLongerMm;
    phantom.landmarkSdMm = landmarkSdMm;
    return suggestPlan(inputOf(phantom, nullptr), shippedCatalogue(), Job())->notices;
  };
  const auto saying = [](const char* words) {
    return testing::Contains(testing::AllOf(testing::Field(&Notice::code, "planning.leg-length-not-reached"),
                                            testing::Field(&Notice::message, testing::HasSubstr(words))));
  };
  EXPECT_THAT(noticesAt(15.0, 0.0), testing::Not(saying("")));
  EXPECT_THAT(noticesAt(20.0, 0.0), saying("stays 12 mm shorter"));
  EXPECT_THAT(noticesAt(-20.0, 0.0), saying("stays 12 mm longer"));
  EXPECT_THAT(noticesAt(12.0, 10.0), saying("stays 12 mm shorter than the other: the difference is within"));
}

TEST(Suggestion, LeftIsTheMirrorImageOfRight) {
  HipPhantom right;
  right.landmarkSdMm = 1.0;
  right.otherLegLongerMm = 3.0;
  HipPhantom left = right;
  left.side = Side::Left;
  const Planned r = plannedWith(right), l = plannedWith(left);
  const auto mirror = [](const Vec3& v) -> Vec3 { return Vec3(-v.x(), v.y(), v.z()); };
  EXPECT_EQ(r.plan.hip.cup.id, l.plan.hip.cup.id);
  EXPECT_EQ(r.plan.hip.stem.id, l.plan.hip.stem.id);
  EXPECT_EQ(r.plan.hip.head.id, l.plan.hip.head.id);
  EXPECT_EQ(l.plan.hip.side, Side::Left);
  EXPECT_EQ(r.plan.hip.cupCenter(), mirror(l.plan.hip.cupCenter()));
  EXPECT_EQ(r.plan.hip.cupAxis(), mirror(l.plan.hip.cupAxis()));
  EXPECT_EQ(r.plan.hip.headCenter(), mirror(l.plan.hip.headCenter()));
  EXPECT_NEAR(l.plan.hip.world_from_stem.linear().determinant(), 1.0, 1e-12);
  EXPECT_EQ(r.measures.coveragePercent.value, l.measures.coveragePercent.value);
  EXPECT_EQ(r.measures.stemVersionDeg->sd, l.measures.stemVersionDeg->sd);
  EXPECT_EQ(r.measures.offsetAgainstOtherSideMm->value, l.measures.offsetAgainstOtherSideMm->value);
}

TEST(Suggestion, DoesNotDependOnWhereThePatientLies) {
  HipPhantom moved;
  moved.shift = Vec3(123.4, -56.7, 890.1);
  const Planned here = plannedWith({}), there = plannedWith(moved);
  EXPECT_EQ(here.plan.hip.cup.id, there.plan.hip.cup.id);
  EXPECT_EQ(here.plan.hip.stem.id, there.plan.hip.stem.id);
  EXPECT_LT((here.plan.hip.cupCenter() + moved.shift - there.plan.hip.cupCenter()).norm(), 0.51);
  EXPECT_NEAR(here.measures.coveragePercent.value, there.measures.coveragePercent.value, 1.0);
  EXPECT_NEAR(here.measures.stemVersionDeg->value, there.measures.stemVersionDeg->value, 1e-3);
  EXPECT_NEAR(there.measures.legLengthChangeMm->value, 0.0, 0.01);
}

void turn(HipLandmarks& hip, const RigidTransform& turned) {
  for (auto* point :
       {&hip.asis, &hip.pubicTubercle, &hip.lesserTrochanter, &hip.medialEpicondyle, &hip.lateralEpicondyle})
    (*point)->position = turned * (*point)->position;
  for (auto* sphere : {&hip.femoralHead, &hip.acetabulum})
    (*sphere)->sphere.center = turned * (*sphere)->sphere.center;
  for (auto* axis : {&hip.femoralShaft, &hip.femoralNeck}) {
    (*axis)->line.point = turned * (*axis)->line.point;
    (*axis)->line.direction = turned.linear() * (*axis)->line.direction;
  }
}

// A patient who lies askew on the table, in a volume whose axes are not the world's, gets the same plan.
TEST(Suggestion, TurnsWithThePatient) {
  const HipPhantom phantom;
  const Planned straight = plannedWith(phantom);
  RigidTransform turned = RigidTransform::Identity();
  turned.rotate(Eigen::AngleAxisd(radFromDeg(12.0), Vec3::UnitZ()));
  Volume ct = phantom.ct();
  ct.grid.origin = turned * ct.grid.origin;
  ct.grid.direction = turned.linear() * ct.grid.direction;
  PlanningInput input = inputOf(phantom, &ct);
  turn(input.landmarks.left, turned);
  turn(input.landmarks.right, turned);
  input.hipBone = transformed(input.hipBone, turned);
  input.femur = transformed(input.femur, turned);

  const PlanContext context = PlanContext::build(input, Job()).value();
  const Plan plan = suggestPlan(context, shippedCatalogue(), Job()).value();
  const PlanMeasures measures = measure(plan, context);
  // The bones are sampled on a grid that does not turn along, and the cup moves in steps of 0.5 mm.
  EXPECT_EQ(plan.hip.cup.id, straight.plan.hip.cup.id);
  EXPECT_LT((plan.hip.cupCenter() - turned * straight.plan.hip.cupCenter()).norm(), 1.01);
  EXPECT_LT((plan.hip.cupAxis() - turned.linear() * straight.plan.hip.cupAxis()).norm(), 1e-2);
  EXPECT_NEAR(plan.hip.stem.size, straight.plan.hip.stem.size, 1);
  EXPECT_NEAR(measures.stemVersionDeg->value, straight.measures.stemVersionDeg->value, 0.2);
  EXPECT_NEAR(measures.coveragePercent.value, straight.measures.coveragePercent.value, 1.5);
  EXPECT_NEAR(measures.legLengthChangeMm->value, 0.0, 0.01);

  // The same plan, carried along, measures the same.
  Plan carried = straight.plan;
  carried.hip.world_from_cup = turned * carried.hip.world_from_cup;
  carried.hip.world_from_stem = turned * carried.hip.world_from_stem;
  const PlanMeasures same = measure(carried, context);
  for (std::size_t i = 0; i < same.cupAngles.size(); ++i)
    EXPECT_NEAR(same.cupAngles[i].anteversionDeg.value, straight.measures.cupAngles[i].anteversionDeg.value,
                1e-4);
  EXPECT_NEAR(same.offsetChangeMm->value, straight.measures.offsetChangeMm->value, 1e-4);
  EXPECT_NEAR(same.stemVersionDeg->value, straight.measures.stemVersionDeg->value, 1e-4);
  EXPECT_NEAR(same.coveragePercent.value, straight.measures.coveragePercent.value, 0.6);
  EXPECT_NEAR(same.medialWallMm->value, straight.measures.medialWallMm->value, 0.3);
  EXPECT_NEAR(same.canalClearanceMm->value, straight.measures.canalClearanceMm->value, 0.4);
}

TEST(Suggestion, SaysWhenTheCanalIsAssumed) {
  const auto plan = suggestPlan(inputOf({}, nullptr), shippedCatalogue(), Job());
  ASSERT_TRUE(plan) << plan.error().message;
  EXPECT_THAT(plan->notices, testing::Contains(testing::Field(&Notice::code, "planning.canal-assumed")));
}

TEST(Suggestion, NamesMissingLandmarks) {
  PlanningInput input = inputOf({}, nullptr);
  input.landmarks.left.asis.reset();
  input.landmarks.right.femoralShaft.reset();
  const auto context = PlanContext::build(input, Job());
  ASSERT_FALSE(context);
  EXPECT_EQ(context.error().code, ErrorCode::BadInput);
  EXPECT_THAT(context.error().message, testing::HasSubstr("left ASIS"));
  EXPECT_THAT(context.error().message, testing::HasSubstr("femoral shaft"));
}

TEST(Suggestion, CanBeCancelled) {
  Job job;
  job.cancel();
  const auto plan = suggestPlan(inputOf({}, nullptr), shippedCatalogue(), job);
  ASSERT_FALSE(plan);
  EXPECT_EQ(plan.error().code, ErrorCode::Cancelled);
}

}  // namespace
}  // namespace coxa
