#include "coxa/anatomy/landmarks.hpp"

#include "hip_phantom.hpp"
#include "support/shared_data.hpp"

#include "coxa/anatomy/frames.hpp"
#include "coxa/anatomy/structures.hpp"
#include "coxa/image/files.hpp"
#include "coxa/image/resample.hpp"

#include <gmock/gmock.h>

namespace coxa {
namespace {

namespace phantom = hip_phantom;

double degBetween(const Vec3& a, const Vec3& b) {
  return degFromRad(std::atan2(a.cross(b).norm(), a.dot(b)));
}

// The phantom is painted and searched once for all tests.
const LabelMap& phantomLabels() {
  static const LabelMap labels = phantom::labels(phantom::grid());
  return labels;
}
const LandmarkSet& phantomLandmarks() {
  static const LandmarkSet found = findLandmarks(phantomLabels(), ScalarImage(), Job()).value();
  return found;
}

bool hasNotice(const LandmarkSet& set, const std::string& code) {
  return std::any_of(set.notices.begin(), set.notices.end(),
                     [&](const Notice& notice) { return notice.code == code; });
}

void expectPhantomsRightHip(const HipLandmarks& hip) {
  ASSERT_TRUE(hip.femoralHead && hip.acetabulum && hip.acetabularRim && hip.femoralShaft && hip.femoralNeck);
  ASSERT_TRUE(hip.greaterTrochanter && hip.lesserTrochanter && hip.asis && hip.pubicTubercle);
  EXPECT_LT((hip.femoralHead->sphere.center - phantom::kHead).norm(), 0.4);
  EXPECT_NEAR(hip.femoralHead->sphere.radiusMm, phantom::kHeadRadius, 0.3);
  EXPECT_LT((hip.acetabulum->sphere.center - phantom::kHead).norm(), 0.7);
  EXPECT_NEAR(hip.acetabulum->sphere.radiusMm, phantom::kSocketRadius, 0.5);
  EXPECT_LT(degBetween(hip.acetabularRim->plane.normal, phantom::kOpening), 3);
  EXPECT_LT(std::abs(hip.acetabularRim->plane.signedDistance(phantom::kHead)), 2);
  EXPECT_LT(degBetween(hip.femoralShaft->line.direction, Vec3::UnitZ()), 0.5);
  EXPECT_NEAR(hip.femoralShaft->line.point.x(), phantom::kShaftEnd.x(), 0.3);
  EXPECT_NEAR(hip.femoralShaft->line.point.y(), phantom::kShaftEnd.y(), 0.3);
  EXPECT_LT(degBetween(hip.femoralNeck->line.direction, phantom::kHead - phantom::kShaftTop), 2);
  EXPECT_LT((hip.greaterTrochanter->position - (phantom::kGreaterTop + Vec3(0, 0, 16))).norm(), 3);
  EXPECT_LT((hip.lesserTrochanter->position - phantom::kLesser).norm(), 8 + 1);
  EXPECT_NEAR(hip.lesserTrochanter->position.z(), phantom::kLesser.z(), 3);
  EXPECT_LT((hip.asis->position - phantom::kAsis).norm(), 6 + 1.5);
  EXPECT_LT((hip.pubicTubercle->position - phantom::kTubercle).norm(), 6 + 1.5);
  EXPECT_FALSE(hip.medialEpicondyle);
}

TEST(Landmarks, ThePhantomsAreWhereTheyWereMade) {
  expectPhantomsRightHip(phantomLandmarks().right);
  expectPhantomsRightHip(mirroredLeftRight(phantomLandmarks()).right);
  EXPECT_TRUE(hasNotice(phantomLandmarks(), "anatomy.epicondyles-missing"));
}

TEST(Landmarks, TheGridsAxesDoNotMatter) {
  // Voxel axes 20° off the patient's, and left-handed.
  Grid grid;
  grid.size = {250, 120, 190};
  grid.spacing = Vec3(1.5, 1.5, 2);
  grid.direction = Eigen::AngleAxisd(0.35, Vec3(0.2, 0.3, 1).normalized()).toRotationMatrix();
  grid.direction.col(2) *= -1.0;
  grid.origin = Vec3(0, 5, -45) - (grid.center() - grid.origin);
  const auto found = findLandmarks(phantom::labels(grid), ScalarImage(), Job()).value();
  expectPhantomsRightHip(found.right);
}

TEST(Landmarks, AMirroredPatientHasMirroredLandmarks) {
  auto labels = mirroredLeftRight(phantomLabels(), 17.0);
  const auto table = StructureTable::loadDefault().value();
  for (auto& value : labels.voxels) value = table.mirrored(value);
  const auto mirror = mirroredLeftRight(findLandmarks(labels, ScalarImage(), Job()).value(), 17.0);
  for (const Side side : {Side::Left, Side::Right}) {
    const auto &a = phantomLandmarks().side(side), &b = mirror.side(side);
    constexpr double kMm = 0.01;
    EXPECT_LT((a.femoralHead->sphere.center - b.femoralHead->sphere.center).norm(), kMm);
    EXPECT_LT((a.acetabulum->sphere.center - b.acetabulum->sphere.center).norm(), kMm);
    EXPECT_LT((a.acetabularRim->plane.normal - b.acetabularRim->plane.normal).norm(), kMm);
    EXPECT_LT((a.femoralNeck->line.direction - b.femoralNeck->line.direction).norm(), kMm);
    EXPECT_LT((a.femoralShaft->line.direction - b.femoralShaft->line.direction).norm(), kMm);
    EXPECT_LT((a.greaterTrochanter->position - b.greaterTrochanter->position).norm(), kMm);
    EXPECT_LT((a.lesserTrochanter->position - b.lesserTrochanter->position).norm(), kMm);
    EXPECT_LT((a.asis->position - b.asis->position).norm(), kMm);
    EXPECT_LT((a.pubicTubercle->position - b.pubicTubercle->position).norm(), kMm);
  }
}

LandmarkSet foundBetween(double fromZ, double toZ) {
  const LabelMap& all = phantomLabels();
  IndexBox box{Eigen::Vector3i::Zero(), all.grid.size - Eigen::Vector3i::Ones()};
  box.min.z() = static_cast<int>((fromZ - all.grid.origin.z()) / all.grid.spacing.z());
  box.max.z() = static_cast<int>((toZ - all.grid.origin.z()) / all.grid.spacing.z());
  return findLandmarks(cropped(all, box), ScalarImage(), Job()).value();
}

TEST(Landmarks, WhatTheScanDoesNotShowIsAbsentAndSaid) {
  const auto low = foundBetween(-214, 60);
  EXPECT_FALSE(low.left.asis || low.right.asis);
  EXPECT_TRUE(low.left.femoralHead && low.right.acetabulum);
  EXPECT_TRUE(hasNotice(low, "anatomy.asis-missing"));

  const auto high = foundBetween(-80, 125);
  EXPECT_TRUE(high.right.femoralHead && high.right.asis);
  EXPECT_FALSE(high.right.femoralShaft || high.right.femoralNeck || high.right.lesserTrochanter);
  EXPECT_TRUE(hasNotice(high, "anatomy.femoral-shaft-missing"));
}

TEST(Landmarks, AShortShaftIsLessSure) {
  const auto cut = foundBetween(-135, 125);
  ASSERT_TRUE(cut.right.femoralShaft);
  EXPECT_LT(cut.right.femoralShaft->trust.confidence,
            0.8 * phantomLandmarks().right.femoralShaft->trust.confidence);
  EXPECT_GT(cut.right.femoralShaft->trust.sdMm, phantomLandmarks().right.femoralShaft->trust.sdMm);
  EXPECT_NE(cut.right.femoralShaft->trust.note, "");
}

TEST(Landmarks, AShallowSocketIsPutAroundTheHeadAndSaidToBe) {
  // A dish of 45 mm touches where the socket's floor was: its own sphere is no hip joint's.
  constexpr double kDishRadius = 45;
  const Vec3 inward = -phantom::kOpening;
  const Vec3 dish = phantom::kHead + (phantom::kSocketRadius - kDishRadius) * inward;
  LabelMap labels = phantomLabels();
  for (int k = 0; k < labels.grid.size.z(); ++k)
    for (int j = 0; j < labels.grid.size.y(); ++j)
      for (int i = 0; i < labels.grid.size.x(); ++i) {
        const Vec3 p = labels.grid.worldFromIndex(Vec3(i, j, k)), arm = p - phantom::kHead;
        const double depth = (p - dish).norm() - kDishRadius;
        std::uint8_t& voxel = labels.at(i, j, k);
        if (voxel == 2 && arm.norm() < phantom::kSocketRadius + 7) voxel = 0;
        if (voxel == 0 && depth > 0 && depth < 9 && arm.normalized().dot(inward) > 0.5) voxel = 2;
      }
  const auto found = findLandmarks(labels, ScalarImage(), Job()).value();
  const auto &shallow = found.right.acetabulum, &deep = phantomLandmarks().right.acetabulum;
  ASSERT_TRUE(shallow);
  EXPECT_EQ(shallow->sphere.center, found.right.femoralHead->sphere.center);
  EXPECT_GT(shallow->sphere.radiusMm, phantom::kSocketRadius - 0.5);
  EXPECT_LT(shallow->sphere.radiusMm, phantom::kSocketRadius + 4.5);
  EXPECT_GT(shallow->trust.sdMm, 2.5);
  EXPECT_LT(shallow->trust.confidence, deep->trust.confidence);
  EXPECT_NE(shallow->trust.note, "");
  EXPECT_EQ(deep->trust.note, "");
}

TEST(Landmarks, DoubtfulVoxelsLowerConfidence) {
  ScalarImage uncertainty(phantom::grid(), 0.005F);
  const Vec3 tip = phantomLandmarks().right.greaterTrochanter->position;
  for (int k = 0; k < uncertainty.grid.size.z(); ++k)
    for (int j = 0; j < uncertainty.grid.size.y(); ++j)
      for (int i = 0; i < uncertainty.grid.size.x(); ++i)
        if ((uncertainty.grid.worldFromIndex(Vec3(i, j, k)) - tip).norm() < 8)
          uncertainty.at(i, j, k) = 0.15F;
  const auto found = findLandmarks(phantomLabels(), uncertainty, Job()).value();
  const Trust &sure = phantomLandmarks().right.greaterTrochanter->trust,
              &doubted = found.right.greaterTrochanter->trust;
  EXPECT_LT(doubted.confidence, 0.5 * sure.confidence);
  EXPECT_GT(doubted.sdMm, 2 * sure.sdMm);
  EXPECT_EQ(found.left.greaterTrochanter->trust.confidence,
            phantomLandmarks().left.greaterTrochanter->trust.confidence);
}

TEST(Landmarks, SomethingElseUnderAHipBonesLabelIsNotAPelvis) {
  LabelMap labels(phantom::grid());
  // A bar that runs from front to back: its "plane" would lie flat.
  paint(labels, 1,
        [](const Vec3& p) { return phantom::toSegment(p, Vec3(40, -50, 60), Vec3(60, 50, -60)) < 12; });
  paint(labels, 2,
        [](const Vec3& p) { return phantom::toSegment(p, Vec3(-40, 50, 60), Vec3(-60, -50, -60)) < 12; });
  const auto found = findLandmarks(labels, ScalarImage(), Job()).value();
  EXPECT_FALSE(pelvisFromWorld(found, PelvicPlane::Anterior));
  EXPECT_TRUE(hasNotice(found, "anatomy.femur-missing"));
}

TEST(Landmarks, NoBonesIsBadInput) {
  const auto none = findLandmarks(LabelMap(phantom::grid()), ScalarImage(), Job());
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().code, ErrorCode::BadInput);
}

// Anatomy that holds for every patient, on an expert's labels of a real CT (which have no sides: split here).
TEST(Landmarks, ARealPelvisMakesAnatomicalSense) {
  COXA_NEEDS_SHARED_DATA();
  auto labels = readLabelMap(sharedData() / "pelvic-ref" / "labels" / "002" / "label.mhd").value();
  const int middle = 272;  // voxel column of the symphysis in this CT
  for (int k = 0; k < labels.grid.size.z(); ++k)
    for (int j = 0; j < labels.grid.size.y(); ++j)
      for (int i = 0; i < labels.grid.size.x(); ++i) {
        std::uint8_t& value = labels.at(i, j, k);
        const int left = i > middle ? 0 : 1;
        value = value == 1   ? static_cast<std::uint8_t>(1 + left)
                : value == 2 ? static_cast<std::uint8_t>(3 + left)
                             : 0;
      }
  const auto found = findLandmarks(labels, ScalarImage(), Job()).value();
  for (const Side side : {Side::Left, Side::Right}) {
    const auto& hip = found.side(side);
    ASSERT_TRUE(hip.femoralHead && hip.acetabulum && hip.acetabularRim && hip.femoralNeck &&
                hip.femoralShaft);
    ASSERT_TRUE(hip.asis && hip.pubicTubercle && hip.lesserTrochanter && hip.greaterTrochanter);
    const Vec3 out = lateral(side);
    const Vec3& head = hip.femoralHead->sphere.center;
    EXPECT_GT(hip.femoralHead->sphere.radiusMm, 20);
    EXPECT_LT(hip.femoralHead->sphere.radiusMm, 28);
    EXPECT_LT((hip.acetabulum->sphere.center - head).norm(), 5);
    EXPECT_GT(hip.acetabulum->sphere.radiusMm, hip.femoralHead->sphere.radiusMm);
    EXPECT_GT(out.dot(hip.greaterTrochanter->position - head), 25);
    EXPECT_LT(std::abs(hip.greaterTrochanter->position.z() - head.z()), 25);
    EXPECT_GT(head.z() - hip.lesserTrochanter->position.z(), 35);
    EXPECT_GT(hip.asis->position.z() - head.z(), 50);
    EXPECT_LT(hip.asis->position.y(), head.y() - 20);
    EXPECT_GT(out.dot(head - hip.pubicTubercle->position), 40);
    EXPECT_GT(out.dot(hip.acetabularRim->plane.normal), 0.5);
    const double neckShaftDeg =
        180 - degBetween(hip.femoralNeck->line.direction, hip.femoralShaft->line.direction);
    EXPECT_NEAR(neckShaftDeg, 125, 15);  // this patient's hips are in varus
  }
  EXPECT_LT(std::abs(pelvicTiltDeg(found).value()), 25);
}

}  // namespace
}  // namespace coxa
