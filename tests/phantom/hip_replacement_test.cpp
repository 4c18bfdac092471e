#include "coxa/phantom/hip_replacement.hpp"

#include "coxa/anatomy/frames.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace coxa {
namespace {

// Landmarks of a patient who stands straight in the scanner's axes; the left side mirrors the right.
LandmarkSet straightLandmarks() {
  LandmarkSet set;
  for (const Side side : {Side::Left, Side::Right}) {
    const double out = lateral(side).x();
    HipLandmarks& hip = set.side(side);
    hip.asis = PointLandmark{Vec3(120 * out, -60, 90), {}};
    hip.pubicTubercle = PointLandmark{Vec3(25 * out, -60, 0), {}};
    hip.lesserTrochanter = PointLandmark{Vec3(100 * out, 20, -60), {}};
    hip.femoralHead = SphereLandmark{{Vec3(90 * out, 0, 0), 24.0, 0.0}, {}};
    hip.acetabulum = hip.femoralHead;
    hip.femoralNeck = AxisLandmark{{Vec3(105 * out, 0, -15), Vec3(-out, -0.3, 1).normalized(), 0.0}, {}};
    hip.femoralShaft = AxisLandmark{{Vec3(130 * out, 0, -120), Vec3::UnitZ(), 0.0}, {}};
  }
  return set;
}

PosedHip straightHip(Side side) {
  static const Catalogue catalogue = loadDefaultCatalogue().value();
  const double out = lateral(side).x();
  PosedHip hip;
  hip.side = side;
  hip.cup = *nearestCup(catalogue, 52);
  hip.head = *headFor(catalogue, 32, 0);
  hip.liner = *linerFor(catalogue, hip.cup, 32);
  hip.stem = catalogue.stems.front();
  const Vec3 axis = cupAxisInWorld({CupDefinition::Radiographic, PelvicPlane::Functional, 42.0, 17.0},
                                   straightLandmarks(), side)
                        .value();
  hip.world_from_cup.linear() = Eigen::Quaterniond::FromTwoVectors(Vec3::UnitZ(), axis).toRotationMatrix();
  hip.world_from_cup.translation() = Vec3(88 * out, 0, 1);
  const Vec3 medial(-out, 0, 0);
  hip.world_from_stem.linear() << medial, Vec3::UnitZ().cross(medial), Vec3::UnitZ();
  hip.world_from_stem.translation() = Vec3(130 * out, 0, -30);
  return hip;
}

CupAngles anglesOf(const PosedHip& hip) {
  return cupAnglesOf(hip.cupAxis(), straightLandmarks(), hip.side, CupDefinition::Radiographic,
                     PelvicPlane::Functional)
      .value();
}

TEST(HipReplacement, WithoutSpreadThePlanIsCarriedOut) {
  const PosedHip plan = straightHip(Side::Left);
  const auto hip = carriedOut(plan, straightLandmarks(), {0, 0, 0, 0, 0}, 4);
  ASSERT_TRUE(hip);
  EXPECT_TRUE(hip->world_from_cup.isApprox(plan.world_from_cup, 1e-9));
  EXPECT_TRUE(hip->world_from_stem.isApprox(plan.world_from_stem, 1e-9));
}

TEST(HipReplacement, DeviationsHaveTheStatedSpread) {
  constexpr int kDraws = 2000;
  // A normal distribution cut at two standard deviations keeps 0.880 of its spread (truncated normal).
  constexpr double kCut = 0.880;
  for (const Side side : {Side::Left, Side::Right}) {
    const PosedHip plan = straightHip(side);
    double inclination = 0, version = 0, x = 0, varus = 0;
    for (int n = 0; n < kDraws; ++n) {
      const PosedHip hip = carriedOut(plan, straightLandmarks(), {}, static_cast<std::uint64_t>(n)).value();
      inclination += std::pow(anglesOf(hip).inclinationDeg - 42.0, 2);
      version += std::pow(anglesOf(hip).anteversionDeg - 17.0, 2);
      x += std::pow(hip.cupCenter().x() - plan.cupCenter().x(), 2);
      const Vec3 stem = hip.world_from_stem.linear().col(2);
      varus += std::pow(degFromRad(std::atan2(stem.x(), stem.z())), 2);
      EXPECT_NEAR(hip.world_from_stem.linear().determinant(), 1.0, 1e-9);
    }
    EXPECT_NEAR(std::sqrt(inclination / kDraws), kCut * 5.0, 0.3);
    EXPECT_NEAR(std::sqrt(version / kDraws), kCut * 5.0, 0.3);
    EXPECT_NEAR(std::sqrt(x / kDraws), kCut * 2.0 / std::sqrt(3.0), 0.07);
    // The femur frame is turned against the scanner by the neck's usual version, so varus shows as less in x.
    EXPECT_NEAR(std::sqrt(varus / kDraws), kCut * 1.5, 0.25);
  }
}

TEST(HipReplacement, ReductionBringsTheHeadIntoTheCup) {
  const PosedHip hip = reduced(straightHip(Side::Right));
  EXPECT_LT((hip.headCenter() - hip.cupCenter()).norm(), 1e-9);
}

TEST(HipReplacement, LandmarksFollowTheFemur) {
  HipReplacement replacement;
  replacement.hip = straightHip(Side::Right);
  const LandmarkSet set = straightLandmarks(), after = afterReplacement(set, replacement);
  const Vec3 shift = replacement.hip.reduction();
  EXPECT_GT(shift.norm(), 1.0);
  EXPECT_TRUE(after.right.lesserTrochanter->position.isApprox(set.right.lesserTrochanter->position + shift));
  EXPECT_TRUE(after.right.asis->position.isApprox(set.right.asis->position));
  EXPECT_TRUE(after.left.lesserTrochanter->position.isApprox(set.left.lesserTrochanter->position));
  EXPECT_TRUE(after.right.femoralHead->sphere.center.isApprox(replacement.hip.cupCenter()));
}

TEST(HipReplacement, ScrewsPointBackwardsUpwardsAndStayInBone) {
  const StructureTable table = StructureTable::loadDefault().value();
  for (const Side side : {Side::Left, Side::Right}) {
    const PosedHip hip = straightHip(side);
    Grid grid;
    grid.size = {100, 100, 100};
    grid.spacing = Vec3::Constant(2.0);
    grid.origin = hip.cupCenter() - Vec3::Constant(100.0);
    LabelMap labels(grid);
    // Bone reaches 50 mm around the socket.
    for (int k = 0; k < 100; ++k)
      for (int j = 0; j < 100; ++j)
        for (int i = 0; i < 100; ++i)
          if ((grid.worldFromIndex(Vec3(i, j, k)) - hip.cupCenter()).norm() < 50.0)
            labels.at(i, j, k) = table.find("hip", side)->value;
    const auto screws = acetabularScrews(hip, 3, labels, table, 5);
    ASSERT_EQ(screws.size(), 3U);
    for (const AcetabularScrew& screw : screws) {
      const Vec3 direction = (screw.tip - screw.head).normalized();
      EXPECT_GT(direction.z(), 0.0);
      EXPECT_GT(direction.dot(-hip.cupAxis()), 0.6);
      // 26 mm radius of the cup: 20 mm is the longest whose tip is within 50 mm.
      EXPECT_NEAR((screw.tip - hip.cupCenter()).norm(), 46.0, 1e-6);
    }
    EXPECT_GT((screws[2].tip - screws[0].tip).y(), 0.0);
    EXPECT_EQ(acetabularScrews(hip, 0, labels, table, 5).size(), 0U);
  }
}

}  // namespace
}  // namespace coxa
