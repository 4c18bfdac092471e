#include "coxa/anatomy/landmarks.hpp"

#include <gmock/gmock.h>

namespace coxa {
namespace {

LandmarkSet everyLandmark() {
  LandmarkSet set;
  for (const Side side : {Side::Left, Side::Right}) {
    const Vec3 p = lateral(side) * 0.1;  // not a binary fraction
    auto& hip = set.side(side);
    const Trust trust{1.5, 0.75, side == Side::Left, "found by eye"};
    hip.asis = hip.pubicTubercle = hip.greaterTrochanter = PointLandmark{p, trust};
    hip.lesserTrochanter = hip.medialEpicondyle = hip.lateralEpicondyle = PointLandmark{3.0 * p, trust};
    hip.femoralHead = hip.acetabulum = SphereLandmark{{p, 24.2, 0.3}, trust};
    hip.acetabularRim = PlaneLandmark{{p, Vec3(1, 2, 3).normalized(), 0.3}, trust};
    hip.femoralNeck = hip.femoralShaft = AxisLandmark{{p, Vec3(1, 2, 3).normalized(), 0.3}, trust};
  }
  set.notices.push_back({Notice::Severity::Info, "anatomy.test", "Only a test.", {}});
  return set;
}

TEST(LandmarksJson, RoundTripLosesNothing) {
  const auto set = everyLandmark();
  const auto text = toJson(set);
  const auto back = landmarksFromJson(text);
  ASSERT_TRUE(back);
  EXPECT_EQ(toJson(*back), text);
  EXPECT_EQ(back->left.asis->position, set.left.asis->position);
  EXPECT_EQ(back->right.acetabularRim->plane.normal, set.right.acetabularRim->plane.normal);
  EXPECT_EQ(back->left.femoralHead->sphere.radiusMm, 24.2);
  EXPECT_TRUE(back->left.femoralShaft->trust.corrected);
  EXPECT_EQ(back->right.femoralNeck->trust.note, "found by eye");
  EXPECT_EQ(back->notices.front().severity, Notice::Severity::Info);
}

TEST(LandmarksJson, WhatIsAbsentStaysAbsent) {
  LandmarkSet set;
  set.left.asis = PointLandmark{};
  const auto back = landmarksFromJson(toJson(set)).value();
  EXPECT_TRUE(back.left.asis);
  EXPECT_FALSE(back.left.femoralHead);
  EXPECT_FALSE(back.right.asis);
}

TEST(LandmarksJson, MalformedIsRefused) {
  EXPECT_FALSE(landmarksFromJson("not json"));
  EXPECT_FALSE(landmarksFromJson(R"({"left": {}})"));
  EXPECT_FALSE(landmarksFromJson(R"({"left": {"asis": {"position": [1, 2]}}, "right": {}})"));
  const auto twoLong =
      landmarksFromJson(R"({"left": {"acetabularRim": {"point": [0,0,0], "normal": [0,0,2]}}, "right": {}})");
  ASSERT_FALSE(twoLong);
  EXPECT_EQ(twoLong.error().code, ErrorCode::BadInput);
}

TEST(LandmarkCorrection, TheNeckFollowsTheHeadUnlessItWasCorrected) {
  HipLandmarks hip;
  hip.femoralNeck = AxisLandmark{{Vec3::Zero(), Vec3::UnitZ(), 0}, {}};
  hip.femoralHead = SphereLandmark{{Vec3(30, 0, 0), 24, 0}, {1.0, 1.0, true, ""}};
  followCorrections(hip);
  EXPECT_LT((hip.femoralNeck->line.direction - Vec3::UnitX()).norm(), 1e-12);
  hip.femoralNeck->trust.corrected = true;
  hip.femoralHead->sphere.center = Vec3(0, 20, 0);
  followCorrections(hip);
  EXPECT_LT((hip.femoralNeck->line.direction - Vec3::UnitX()).norm(), 1e-12);
}

}  // namespace
}  // namespace coxa
