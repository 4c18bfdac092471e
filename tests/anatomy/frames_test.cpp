#include "coxa/anatomy/frames.hpp"

#include <gmock/gmock.h>

namespace coxa {
namespace {

using testing::HasSubstr;

PointLandmark at(const Vec3& position, double sdMm = 1.0) {
  return {position, {sdMm, 1.0, false, ""}};
}

// A pelvis lying in the scanner, ASIS line along x, tilted by `tiltDeg` (anterior positive), and straight
// femora.
LandmarkSet lying(double tiltDeg) {
  const double drop = 90.0, tilt = radFromDeg(tiltDeg);
  LandmarkSet set;
  for (const Side side : {Side::Left, Side::Right}) {
    auto& hip = set.side(side);
    const double out = lateral(side).x();
    hip.asis = at({out * 120, -80, 60});
    // Anterior is -Y, so tubercles that lie behind the ASIS have the greater y.
    hip.pubicTubercle = at({out * 28, -80 + drop * std::sin(tilt), 60 - drop * std::cos(tilt)});
    hip.femoralHead = SphereLandmark{{Vec3(out * 85, 0, 0), 24, 0}, {}};
    hip.femoralShaft = AxisLandmark{{Vec3(out * 120, 10, -100), Vec3::UnitZ(), 0}, {}};
    const double version = radFromDeg(18);
    const Vec3 neck = Vec3(-out * std::cos(version), -std::sin(version), 0.8).normalized();
    hip.femoralNeck = AxisLandmark{{Vec3(out * 100, 3, -12), neck, 0}, {}};
    hip.medialEpicondyle = at({out * 80, 20, -400});
    hip.lateralEpicondyle = at({out * 160, 20, -400});
  }
  return set;
}

LandmarkSet moved(LandmarkSet set, const RigidTransform& t) {
  for (const Side side : {Side::Left, Side::Right}) {
    auto& hip = set.side(side);
    for (auto* point : {&hip.asis, &hip.pubicTubercle, &hip.medialEpicondyle, &hip.lateralEpicondyle})
      if (*point) (*point)->position = t * (*point)->position;
    hip.femoralHead->sphere.center = t * hip.femoralHead->sphere.center;
    hip.femoralShaft->line.point = t * hip.femoralShaft->line.point;
    hip.femoralShaft->line.direction = t.linear() * hip.femoralShaft->line.direction;
  }
  return set;
}

RigidTransform someMotion() {
  RigidTransform t = RigidTransform::Identity();
  t.rotate(Eigen::AngleAxisd(0.7, Vec3(0.3, -1, 0.5).normalized()));
  t.pretranslate(Vec3(30, -200, 55));
  return t;
}

TEST(PelvicFrame, AxesPointRightAnteriorSuperior) {
  for (const auto plane : {PelvicPlane::Anterior, PelvicPlane::Functional}) {
    const auto frame = pelvisFromWorld(lying(0), plane).value();
    EXPECT_LT((frame * Vec3(0, -80, 60)).norm(), 1e-12);
    EXPECT_LT((frame.linear() * Vec3(-1, 0, 0) - Vec3::UnitX()).norm(), 1e-12);
    EXPECT_LT((frame.linear() * Vec3(0, -1, 0) - Vec3::UnitY()).norm(), 1e-12);
    EXPECT_LT((frame.linear() * Vec3(0, 0, 1) - Vec3::UnitZ()).norm(), 1e-12);
  }
}

TEST(PelvicFrame, TubercleLevelIsInTheAnteriorPlane) {
  const auto set = lying(12);
  const auto frame = pelvisFromWorld(set, PelvicPlane::Anterior).value();
  EXPECT_NEAR((frame * set.left.pubicTubercle->position).y(), 0, 1e-9);
  EXPECT_NEAR((frame * set.right.pubicTubercle->position).y(), 0, 1e-9);
  EXPECT_NEAR(frame.linear().determinant(), 1, 1e-12);
}

TEST(PelvicFrame, FunctionalPlaneStaysUprightWhenThePelvisLeansSideways) {
  RigidTransform lean = RigidTransform::Identity();
  lean.rotate(Eigen::AngleAxisd(radFromDeg(8), Vec3::UnitY()));
  const auto frame = pelvisFromWorld(moved(lying(0), lean), PelvicPlane::Functional).value();
  const Vec3 anterior = frame.linear().transpose().col(1);
  EXPECT_LT((anterior - Vec3(0, -1, 0)).norm(), 1e-12);
}

TEST(PelvicFrame, TiltIsPositiveWhenTheAsisLieAnteriorOfTheTubercles) {
  EXPECT_NEAR(pelvicTiltDeg(lying(9)).value(), 9, 1e-9);
  EXPECT_NEAR(pelvicTiltDeg(lying(-6)).value(), -6, 1e-9);
}

TEST(PelvicFrame, TiltCarriesTheLandmarksUncertainty) {
  // Midpoints of two points with sd 1 each have sd sqrt(1/2); their difference has sd 1, a third of its
  // variance along the axis that tilts, seen over 90 mm.
  const auto tilt = pelvicTilt(lying(5)).value();
  EXPECT_NEAR(tilt.value, 5, 1e-9);
  EXPECT_NEAR(tilt.sd, degFromRad(std::atan(1.0 / std::sqrt(3.0) / 90.0)), 1e-9);
}

TEST(PelvicFrame, AMissingLandmarkIsNamed) {
  auto set = lying(0);
  set.left.pubicTubercle.reset();
  EXPECT_TRUE(pelvisFromWorld(set, PelvicPlane::Functional));
  const auto frame = pelvisFromWorld(set, PelvicPlane::Anterior);
  ASSERT_FALSE(frame);
  EXPECT_EQ(frame.error().code, ErrorCode::BadInput);
  EXPECT_THAT(frame.error().message, HasSubstr("left pubic tubercle"));
}

TEST(CupAnglesInWorld, RoundTripOnBothSidesAndPlanes) {
  const auto set = moved(lying(7), someMotion());
  for (const Side side : {Side::Left, Side::Right})
    for (const auto plane : {PelvicPlane::Anterior, PelvicPlane::Functional})
      for (const auto definition :
           {CupDefinition::Radiographic, CupDefinition::Operative, CupDefinition::Anatomic}) {
        const CupAngles angles{definition, plane, 42, 17};
        const auto axis = cupAxisInWorld(angles, set, side).value();
        EXPECT_NEAR(axis.norm(), 1, 1e-12);
        const auto back = cupAnglesOf(axis, set, side, definition, plane).value();
        EXPECT_NEAR(back.inclinationDeg, 42, 1e-9);
        EXPECT_NEAR(back.anteversionDeg, 17, 1e-9);
      }
}

TEST(CupAnglesInWorld, CupsOpenLaterallyAnteriorlyAndDown) {
  const CupAngles angles{CupDefinition::Radiographic, PelvicPlane::Anterior, 40, 15};
  for (const Side side : {Side::Left, Side::Right}) {
    const auto axis = cupAxisInWorld(angles, lying(0), side).value();
    EXPECT_GT(axis.dot(lateral(side)), 0.5);
    EXPECT_LT(axis.y(), -0.2);
    EXPECT_LT(axis.z(), -0.5);
  }
}

TEST(CupAnglesInWorld, AnteriorPlaneAnglesDoNotChangeWhenThePatientMoves) {
  const Vec3 axis = Vec3(-0.6, -0.3, -0.7).normalized();
  const auto motion = someMotion();
  const auto before =
      cupAnglesOf(axis, lying(4), Side::Right, CupDefinition::Anatomic, PelvicPlane::Anterior).value();
  const auto after = cupAnglesOf(motion.linear() * axis, moved(lying(4), motion), Side::Right,
                                 CupDefinition::Anatomic, PelvicPlane::Anterior)
                         .value();
  EXPECT_NEAR(before.inclinationDeg, after.inclinationDeg, 1e-9);
  EXPECT_NEAR(before.anteversionDeg, after.anteversionDeg, 1e-9);
}

// Tilt adds to operative anteversion and leaves operative inclination; at radiographic 40/15 one degree of
// posterior tilt gives +0.765° of radiographic anteversion (Murray 1993).
TEST(CupAnglesInWorld, PosteriorTiltAddsToOperativeAnteversion) {
  const CupAngles inApp{CupDefinition::Radiographic, PelvicPlane::Anterior, 40, 15};
  const auto axis = cupAxisInWorld(inApp, lying(-1), Side::Left).value();
  const auto radiographic =
      cupAnglesOf(axis, lying(-1), Side::Left, CupDefinition::Radiographic, PelvicPlane::Functional).value();
  EXPECT_NEAR(radiographic.anteversionDeg, 15.765, 0.01);
  const auto operative =
      cupAnglesOf(axis, lying(-1), Side::Left, CupDefinition::Operative, PelvicPlane::Functional).value();
  EXPECT_NEAR(operative.inclinationDeg, 38.4, 0.05);
  EXPECT_NEAR(operative.anteversionDeg, 20.3, 0.05);
}

TEST(FemurFrame, AxesPointRightAnteriorProximal) {
  for (const Side side : {Side::Left, Side::Right}) {
    const auto frame = femurFrame(lying(0), side).value();
    EXPECT_EQ(frame.substitute, "");
    EXPECT_LT((frame.femur_from_world * lying(0).side(side).femoralHead->sphere.center).norm(), 1e-12);
    EXPECT_LT((frame.femur_from_world.linear() * Vec3(-1, 0, 0) - Vec3::UnitX()).norm(), 1e-12);
    EXPECT_LT((frame.femur_from_world.linear() * Vec3(0, -1, 0) - Vec3::UnitY()).norm(), 1e-12);
    EXPECT_NEAR(frame.rotationSdDeg, degFromRad(std::atan(std::sqrt(2.0 / 3.0) / 80.0)), 1e-9);
  }
}

TEST(FemurFrame, MovesWithTheFemur) {
  const auto motion = someMotion();
  const auto before = femurFrame(lying(0), Side::Left).value().femur_from_world;
  const auto after = femurFrame(moved(lying(0), motion), Side::Left).value().femur_from_world;
  EXPECT_TRUE((after * motion).isApprox(before, 1e-9));
}

TEST(FemurFrame, WithoutKneeTheNecksUsualVersionStandsIn) {
  for (const Side side : {Side::Left, Side::Right}) {
    auto set = lying(0);
    set.side(side).lateralEpicondyle.reset();
    const auto frame = femurFrame(set, side).value();
    EXPECT_NE(frame.substitute, "");
    EXPECT_GT(frame.rotationSdDeg, 5);
    EXPECT_LT((frame.femur_from_world.linear() * Vec3(-1, 0, 0) - Vec3::UnitX()).norm(), 1e-9);
  }
}

TEST(FemurFrame, WhatIsMissingIsNamed) {
  auto set = lying(0);
  set.right.medialEpicondyle.reset();
  set.right.femoralNeck.reset();
  EXPECT_THAT(femurFrame(set, Side::Right).error().message, HasSubstr("neck axis"));
  set.right.femoralShaft.reset();
  EXPECT_THAT(femurFrame(set, Side::Right).error().message, HasSubstr("shaft axis"));
}

}  // namespace
}  // namespace coxa
