#include "coxa/motion/hip_joint.hpp"

#include "support/hip_bodies.hpp"

#include <gtest/gtest.h>

#include <random>

using namespace coxa;

namespace {

HipJoint straightJoint(Side side) {
  HipJoint joint;
  joint.side = side;
  joint.center = Vec3(side == Side::Left ? 90.0 : -90.0, 10.0, -20.0);
  joint.pelvis_from_world = shapes::pelvisFromLps();
  joint.femur_from_world = femurFrameAsPosed(joint.center, joint.pelvis_from_world);
  return joint;
}

}  // namespace

// What the words mean, in LPS: +x left, +y posterior, +z superior.
TEST(HipJoint, FlexionLiftsTheKneeForward) {
  for (const Side side : {Side::Left, Side::Right}) {
    const HipJoint joint = straightJoint(side);
    const Vec3 knee = joint.center - Vec3(0.0, 0.0, 400.0);
    const Vec3 moved = femurMotion(joint, {90.0, 0.0, 0.0}) * knee;
    EXPECT_NEAR((moved - (joint.center - Vec3(0.0, 400.0, 0.0))).norm(), 0.0, 1e-9);
  }
}

TEST(HipJoint, AdductionTakesTheKneeInwards) {
  for (const Side side : {Side::Left, Side::Right}) {
    const HipJoint joint = straightJoint(side);
    const Vec3 knee = joint.center - Vec3(0.0, 0.0, 400.0);
    const Vec3 moved = femurMotion(joint, {0.0, 30.0, 0.0}) * knee;
    EXPECT_NEAR((moved - knee).dot(lateral(side)), -200.0, 1e-9);
  }
}

TEST(HipJoint, InternalRotationTurnsTheToesInwards) {
  for (const Side side : {Side::Left, Side::Right}) {
    const HipJoint joint = straightJoint(side);
    const Vec3 toes = joint.center + Vec3(0.0, -100.0, 0.0);
    const Vec3 moved = femurMotion(joint, {0.0, 0.0, 30.0}) * toes;
    EXPECT_NEAR((moved - toes).dot(lateral(side)), -50.0, 1e-9);
  }
}

TEST(HipJoint, FlexionComesBeforeRotationAboutTheLongAxis) {
  // At 90° of flexion the long axis points forward: internal rotation takes the shank (here: a point below
  // the flexed knee) outwards.
  const HipJoint joint = straightJoint(Side::Right);
  const Vec3 foot = joint.center + Vec3(0.0, 100.0, -400.0);  // behind the straight knee
  const Vec3 flexed = femurMotion(joint, {90.0, 0.0, 0.0}) * foot;
  EXPECT_NEAR((flexed - (joint.center + Vec3(0.0, -400.0, -100.0))).norm(), 0.0, 1e-9);
  const Vec3 turned = femurMotion(joint, {90.0, 0.0, 30.0}) * foot;
  EXPECT_NEAR((turned - flexed).dot(lateral(Side::Right)), 50.0, 1e-9);
}

TEST(HipJoint, AnglesAndMotionAreInverse) {
  std::mt19937 random(4);
  std::uniform_real_distribution<double> wide(-179.0, 179.0);
  std::uniform_real_distribution<double> narrow(-89.0, 89.0);
  for (int i = 0; i < 200; ++i) {
    HipJoint joint = straightJoint(i % 2 ? Side::Left : Side::Right);
    joint.femur_from_world.rotate(Eigen::AngleAxisd(narrow(random), Vec3(1.0, 2.0, 3.0).normalized()));
    const JointAngles in{wide(random), narrow(random), wide(random)};
    const RigidTransform motion = femurMotion(joint, in);
    const JointAngles out = jointAngles(joint, motion);
    EXPECT_NEAR(out.flexionDeg, in.flexionDeg, 1e-8);
    EXPECT_NEAR(out.adductionDeg, in.adductionDeg, 1e-8);
    EXPECT_NEAR(out.internalRotationDeg, in.internalRotationDeg, 1e-8);
    EXPECT_NEAR((motion * joint.center - joint.center).norm(), 0.0, 1e-9);
  }
}

TEST(HipJoint, GimbalLockStillGivesTheOrientation) {
  const HipJoint joint = straightJoint(Side::Left);
  for (const double adduction : {90.0, -90.0}) {
    const RigidTransform motion = femurMotion(joint, {20.0, adduction, 35.0});
    const RigidTransform again = femurMotion(joint, jointAngles(joint, motion));
    EXPECT_NEAR((motion.linear() - again.linear()).norm(), 0.0, 1e-7);
  }
}

TEST(HipJoint, PoseOfTheScanIsTheIdentity) {
  HipJoint joint = straightJoint(Side::Right);
  joint.femur_from_world.linear() = Eigen::AngleAxisd(radFromDeg(-12.0), Vec3::UnitX()).toRotationMatrix() *
                                    joint.femur_from_world.linear();
  const JointAngles pose = jointAngles(joint, RigidTransform::Identity());
  EXPECT_NEAR(pose.flexionDeg, 12.0, 1e-9);
  EXPECT_NEAR((femurMotion(joint, pose).matrix() - RigidTransform::Identity().matrix()).norm(), 0.0, 1e-9);
}
