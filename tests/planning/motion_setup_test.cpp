#include "coxa/planning/motion_setup.hpp"

#include "hip_phantom.hpp"

#include "coxa/planning/suggest.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace coxa {
namespace {

struct Moving {
  PlanningInput input;
  Plan plan;
  MotionSetup setup;
};

Moving movingHip(Side side) {
  HipPhantom phantom;
  phantom.side = side;
  const Volume ct = phantom.ct();
  PlanningInput input = inputOf(phantom, &ct);
  const Plan plan = suggestPlan(input, shippedCatalogue(), Job()).value();
  input.ct = nullptr;
  return {input, plan, motionSetup(plan, input).value()};
}

const TriangleMesh& bodyOf(const MotionSetup& setup, const std::string& bodyName) {
  return std::find_if(setup.bodies.begin(), setup.bodies.end(),
                      [&](const MotionBody& body) { return body.name == bodyName; })
      ->mesh;
}

TEST(MotionSetup, TheHeadSitsInTheLinerAndTheNativeHeadIsGone) {
  const Moving hip = movingHip(Side::Right);
  const Vec3 center = hip.plan.hip.cupCenter();
  EXPECT_LT((hip.setup.joint.center - center).norm(), 1e-9);
  EXPECT_LT((bounds(bodyOf(hip.setup, "head")).center() - center).norm(), 0.1);

  const TriangleMesh resected = resectedFemur(hip.input.femur, hip.plan.hip);
  EXPECT_LT(volumeMm3(resected), volumeMm3(hip.input.femur));
  EXPECT_GT(volumeMm3(resected), 0.5 * volumeMm3(hip.input.femur));
  const Vec3 nativeHead = hip.input.landmarks.right.femoralHead->sphere.center;
  for (const auto& vertex : resected.vertices)
    ASSERT_GT((vertex.cast<double>() - nativeHead).norm(),
              0.5 * hip.input.landmarks.right.femoralHead->sphere.radiusMm);
}

TEST(MotionSetup, ThePlannedHipMovesFreelyAtNeutralAndStopsSomewhere) {
  const Moving hip = movingHip(Side::Right);
  const MotionModel model = MotionModel::build(hip.setup).value();
  EXPECT_TRUE(model.contacts({}).empty());
  const auto flexion = model.firstContact({{}, {175.0, 0.0, 0.0}});
  ASSERT_TRUE(flexion);
  EXPECT_GT(flexion->degrees, 60.0);
}

TEST(MotionSetup, LeftAndRightMoveAlike) {
  const Moving right = movingHip(Side::Right);
  const Moving left = movingHip(Side::Left);
  const auto rightModel = MotionModel::build(right.setup).value();
  const auto leftModel = MotionModel::build(left.setup).value();
  for (const JointAngles& end : {JointAngles{150, 0, 0}, JointAngles{0, -90, 0}, JointAngles{0, 0, 120}}) {
    const auto onRight = rightModel.firstContact({{}, end});
    const auto onLeft = leftModel.firstContact({{}, end});
    ASSERT_EQ(onRight.has_value(), onLeft.has_value());
    if (onRight) {
      EXPECT_NEAR(onRight->degrees, onLeft->degrees, 0.5);
    }
  }
}

}  // namespace
}  // namespace coxa
