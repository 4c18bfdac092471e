#include "coxa/anatomy/landmark_spread.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace coxa {
namespace {

LandmarkSet headAt(double x) {
  LandmarkSet set;
  set.left.femoralHead = SphereLandmark{{Vec3(x, 0, 0), 24.0}, {0.6, 0.9, false, ""}};
  return set;
}

TEST(LandmarkSpread, AddsTheSamplesStandardDeviationInQuadrature) {
  LandmarkSet set = headAt(0.0);
  addSpread(set, {headAt(-0.8), headAt(0.0), headAt(0.8)});  // sd 0.8 over n - 1
  EXPECT_NEAR(set.left.femoralHead->trust.sdMm, std::hypot(0.6, 0.8), 1e-12);
  EXPECT_NEAR(set.left.femoralHead->trust.confidence, 0.9 * std::exp(-0.08), 1e-12);
  EXPECT_EQ(set.left.femoralHead->sphere.center.x(), 0.0);
}

TEST(LandmarkSpread, WhatSomeSamplesLackIsLessCertain) {
  LandmarkSet set = headAt(0.0);
  addSpread(set, {headAt(0.0), LandmarkSet{}, headAt(0.0), LandmarkSet{}});
  EXPECT_NEAR(set.left.femoralHead->trust.confidence, 0.45, 1e-12);
}

TEST(LandmarkSpread, HandPlacedLandmarksStay) {
  LandmarkSet set = headAt(0.0);
  set.left.femoralHead->trust.corrected = true;
  addSpread(set, {headAt(-5.0), headAt(5.0)});
  EXPECT_EQ(set.left.femoralHead->trust.sdMm, 0.6);
}

TEST(LandmarkSpread, ATurnedAxisAndATiltedRimSpread) {
  const auto with = [](double degrees) {
    const double a = radFromDeg(degrees);
    LandmarkSet set;
    set.right.femoralShaft =
        AxisLandmark{{Vec3::Zero(), Vec3(std::sin(a), 0, std::cos(a))}, {0, 1, false, ""}};
    set.right.acetabularRim =
        PlaneLandmark{{Vec3::Zero(), Vec3(std::sin(a), 0, std::cos(a))}, {0, 1, false, ""}};
    return set;
  };
  LandmarkSet set = with(0.0);
  addSpread(set, {with(0.0), with(10.0)});
  const double s = std::sin(radFromDeg(10.0));
  EXPECT_NEAR(set.right.femoralShaft->trust.sdMm, std::sqrt(0.5 * 0.5) * 60.0 * s, 1e-9);
  EXPECT_NEAR(set.right.acetabularRim->trust.sdMm, std::sqrt(0.5 * 0.5) * 25.0 * s, 1e-9);
}

}  // namespace
}  // namespace coxa
