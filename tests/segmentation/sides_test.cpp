#include "sides.hpp"

#include "pelvis_phantom.hpp"

#include <gtest/gtest.h>

namespace coxa {

namespace {

const BoxPelvis kPelvis;

RigidTransform turned(double deg, const Vec3& axis, const Vec3& shift = Vec3::Zero()) {
  RigidTransform t = RigidTransform::Identity();
  t.linear() = Eigen::AngleAxisd(radFromDeg(deg), axis).toRotationMatrix();
  t.translation() = shift;
  return t;
}

}  // namespace

TEST(MidsagittalPlane, LiesBetweenTheHipBones) {
  const auto plane = midsagittalPlane(BoxPelvis::kinds(), kPelvis.names);
  ASSERT_TRUE(plane);
  EXPECT_NEAR(plane->toLeft.x(), 1.0, 1e-6);
  EXPECT_NEAR(plane->point.x(), 0.0, 0.5);
  // LPS: x grows to the patient's left.
  EXPECT_EQ(plane->sideOf(Vec3(50, 0, 0)), Side::Left);
  EXPECT_EQ(plane->sideOf(Vec3(-50, 0, 0)), Side::Right);
}

TEST(MidsagittalPlane, FollowsATurnedAndShiftedPelvis) {
  const auto pose = turned(9.0, Vec3(0.2, 0.1, 1.0).normalized(), Vec3(18, 5, 4));
  const auto plane = midsagittalPlane(BoxPelvis::kinds(pose), kPelvis.names);
  ASSERT_TRUE(plane);
  const Vec3 expected = pose.linear() * Vec3::UnitX();
  EXPECT_GT(plane->toLeft.dot(expected), std::cos(radFromDeg(1.5)));
  EXPECT_NEAR(expected.dot(plane->point - pose.translation()), 0.0, 2.0);
}

TEST(MidsagittalPlane, WithOneHipFallsBackOnTheSacrum) {
  LabelMap kinds = BoxPelvis::kinds();
  for (int k = 0; k < kinds.grid.size.z(); ++k)
    for (int j = 0; j < kinds.grid.size.y(); ++j)
      for (int i = 0; i < 35; ++i) kinds.at(i, j, k) = 0;
  const auto plane = midsagittalPlane(kinds, kPelvis.names);
  ASSERT_TRUE(plane);
  EXPECT_EQ(plane->sideOf(Vec3(60, 0, 0)), Side::Left);
  EXPECT_NEAR(plane->toLeft.x(), 1.0, 1e-9);
}

TEST(MidsagittalPlane, SaysWhenHeadAndFeetAreExchanged) {
  const auto plane = midsagittalPlane(BoxPelvis::kinds(turned(180, Vec3::UnitY())), kPelvis.names);
  ASSERT_FALSE(plane);
  EXPECT_EQ(plane.error().code, ErrorCode::BadInput);
  EXPECT_NE(plane.error().message.find("head and feet"), std::string::npos);
}

TEST(MidsagittalPlane, SaysWhenFrontAndBackAreExchanged) {
  const auto plane = midsagittalPlane(BoxPelvis::kinds(turned(180, Vec3::UnitZ())), kPelvis.names);
  ASSERT_FALSE(plane);
  EXPECT_NE(plane.error().message.find("front and back"), std::string::npos);
}

TEST(MidsagittalPlane, SaysWhenThePatientLiesOnTheSide) {
  const auto plane = midsagittalPlane(BoxPelvis::kinds(turned(60, Vec3::UnitY())), kPelvis.names);
  ASSERT_FALSE(plane);
  EXPECT_NE(plane.error().message.find("orientation"), std::string::npos);
}

TEST(MidsagittalPlane, NeedsHipBones) {
  const auto plane = midsagittalPlane(LabelMap(BoxPelvis::grid()), kPelvis.names);
  ASSERT_FALSE(plane);
  EXPECT_NE(plane.error().message.find("no hip bones"), std::string::npos);
}

}  // namespace coxa
