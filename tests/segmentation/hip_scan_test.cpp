#include "coxa/segmentation/hip_scan.hpp"

#include "support/shared_data.hpp"

#include "coxa/dicom/ct_reader.hpp"
#include "coxa/dicom/scan.hpp"
#include "coxa/image/resample.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <random>

namespace coxa {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

// 320 × 320 × 150 mm of air with what `huAt` says of a point in mm from the middle.
template <class HuAt>
Volume scene(const HuAt& huAt) {
  Grid grid;
  grid.size = {80, 80, 30};
  grid.spacing = {4.0, 4.0, 5.0};
  grid.origin = {-158.0, -158.0, -72.5};
  Volume ct(grid, -1000);
  for (int k = 0; k < grid.size.z(); ++k)
    for (int j = 0; j < grid.size.y(); ++j)
      for (int i = 0; i < grid.size.x(); ++i)
        ct.at(i, j, k) = static_cast<std::int16_t>(huAt(grid.worldFromIndex(Vec3(i, j, k))));
  return ct;
}

// A trunk of muscle under fat with a thick bone: nothing that the values alone tell from a hip.
int trunk(const Vec3& p) {
  const double r = std::hypot(p.x(), p.y());
  return r < 25.0 ? 400 : r < 90.0 ? 50 : r < 125.0 ? -100 : -1000;
}

std::string refused(const Volume& ct) {
  const auto checked = checkScan(ct);
  if (checked) return "taken";
  EXPECT_EQ(checked.error().code, ErrorCode::BadInput);
  return checked.error().message;
}

TEST(CheckScan, TakesABody) {
  EXPECT_EQ(refused(scene(trunk)), "taken");
}

TEST(CheckScan, RefusesWaterAndOtherPhantoms) {
  EXPECT_THAT(refused(scene([](const Vec3& p) {
                const double r = std::hypot(p.x(), p.y());
                return r < 100.0 ? 0 : r < 106.0 ? 120 : -1000;
              })),
              HasSubstr("no bone"));
  EXPECT_THAT(refused(scene([](const Vec3& p) {
                const double r = std::hypot(p.x(), p.y());
                return r < 25.0 ? 400 : r < 110.0 ? 0 : -1000;
              })),
              HasSubstr("no fat"));
}

TEST(CheckScan, RefusesAnEmptyTableAndALimb) {
  EXPECT_THAT(refused(scene([](const Vec3& p) { return std::abs(p.y() - 100.0) < 15.0 ? -100 : -1000; })),
              HasSubstr("no body"));
  EXPECT_THAT(refused(scene([](const Vec3& p) { return trunk(3.0 * p); })), HasSubstr("limb"));
}

TEST(CheckScan, RefusesValuesThatAreNoHounsfieldUnits) {
  for (const int added : {1000, 1024})
    EXPECT_THAT(refused(scene([added](const Vec3& p) { return trunk(p) + added; })), HasSubstr("1024 added"));
  // An MR: fat bright, air and cortical bone dark.
  EXPECT_THAT(refused(scene([](const Vec3& p) {
                const int hu = trunk(p);
                return hu == -100 ? 900 : hu == 50 ? 350 : hu == 400 ? 30 : 5;
              })),
              HasSubstr("Hounsfield"));
}

TEST(CheckScan, RefusesAFewImages) {
  Volume radiograph = scene(trunk);
  radiograph.grid.size.z() = 1;
  radiograph.voxels.resize(radiograph.grid.voxelCount());
  EXPECT_THAT(refused(radiograph), HasSubstr("X-ray"));
}

// A rod of 12 mm has 22 ml over 50 mm, and 4 ml over 10 mm.
TEST(ShowsImplant, FromFiveMillilitresOfMetalOn) {
  const auto withRod = [](double lengthMm) {
    return scene([=](const Vec3& p) {
      return std::abs(p.z()) < 0.5 * lengthMm && std::hypot(p.x() - 60.0, p.y()) < 12.0 ? 3071 : trunk(p);
    });
  };
  EXPECT_TRUE(showsImplant(withRod(50.0)));
  EXPECT_FALSE(showsImplant(withRod(10.0)));
  EXPECT_FALSE(showsImplant(scene(trunk)));
}

// As CT 002 has them.
HipMeasures usual() {
  return {{JointMeasures{350.0, 270.0, 12.5, 1318.0}, JointMeasures{345.0, 265.0, 12.1, 1267.0}},
          0.27,
          302.0,
          0.0};
}

TEST(CheckHips, TakesTwoHipsAndOne) {
  EXPECT_THAT(checkHips(usual()).value(), IsEmpty());
  for (const std::size_t side : {0U, 1U}) {
    HipMeasures one = usual();
    one.joints[side] = {};
    EXPECT_THAT(checkHips(one).value(), IsEmpty());
  }
}

TEST(CheckHips, RefusesBonesThatFormNoJoint) {
  const JointMeasures parts[] = {{350.0, 270.0, 0.0, 1300.0},  // the joint lies outside
                                 {350.0, 0.0, 0.0, 1300.0},    // above the hips
                                 {0.0, 270.0, 0.0, 0.0},       // thighs
                                 {35.0, 310.0, 12.0, 1300.0},  // a piece of a hip bone, as in knees
                                 {490.0, 80.0, 55.0, 1300.0},  // a femur wrapped in a hip bone, as in a skull
                                 {112.0, 192.0, 10.0, 24.0}};  // no muscles around it, as in a chest
  for (const JointMeasures& part : parts) {
    HipMeasures hips = usual();
    hips.joints = {part, part};
    const auto checked = checkHips(hips);
    ASSERT_FALSE(checked) << part.hipMl << " " << part.femurMl << " " << part.contactMl;
    EXPECT_EQ(checked.error().code, ErrorCode::BadInput);
    EXPECT_THAT(checked.error().message, HasSubstr("socket"));
  }
}

TEST(CheckHips, RefusesWhatIsNotDenseOrNotSure) {
  HipMeasures soft = usual();
  soft.hipHu = 60.0;
  EXPECT_THAT(checkHips(soft).error().message, HasSubstr("60 HU"));
  HipMeasures unsure = usual();
  unsure.boneEntropy = 0.7;
  EXPECT_THAT(checkHips(unsure).error().message, HasSubstr("not sure"));
}

TEST(CheckHips, DoubtsAnUnsureHipBesideMetalAndSaysWhatToDo) {
  HipMeasures operated = usual();
  operated.boneEntropy = 0.7;
  operated.metalMl = 60.0;
  const auto doubts = checkHips(operated);
  ASSERT_TRUE(doubts);
  ASSERT_THAT(*doubts, SizeIs(1));
  EXPECT_THAT(doubts->front().message, HasSubstr("reduce-metal"));
  operated.metalMl = 0.3;  // markers
  EXPECT_FALSE(checkHips(operated));
}

TEST(CheckHips, TakesTwoReplacedHipsThoughNoBoneTouchesBone) {
  HipMeasures operated = usual();
  for (JointMeasures& joint : operated.joints) joint.contactMl = 0.0;
  EXPECT_FALSE(checkHips(operated));
  operated.metalMl = 100.0;
  const auto doubts = checkHips(operated);
  ASSERT_TRUE(doubts) << doubts.error().message;
  EXPECT_TRUE(doubts->empty());
}

TEST(CheckHips, SaysWhenItIsDoubtful) {
  HipMeasures hips = usual();
  hips.hipHu = 120.0;
  EXPECT_THAT(checkHips(hips).value(), SizeIs(1));
  hips.boneEntropy = 0.55;
  EXPECT_THAT(checkHips(hips).value(), SizeIs(2));
  for (auto& joint : hips.joints) joint.contactMl = 4.0;
  const auto doubts = checkHips(hips).value();
  ASSERT_THAT(doubts, SizeIs(3));
  for (const Notice& notice : doubts) EXPECT_EQ(notice.code, "segmentation.unlike-hip");
}

// Measures by hand: a hip bone's block on a femur's.
TEST(MeasureHips, CountsWhatTouches) {
  const auto table = StructureTable::loadDefault().value();
  Grid grid;
  grid.size = {40, 40, 30};
  grid.spacing = {2.0, 2.0, 3.0};
  Segmentation found{LabelMap(grid), ScalarImage(grid, 0.0F), ScalarImage(grid, 0.5F), {}, {}};
  Volume ct(grid, 40);
  const auto box = [&](const char* name, int low, int high) {
    for (int k = low; k < high; ++k)
      for (int j = 10; j < 20; ++j)
        for (int i = 10; i < 20; ++i) {
          found.labels.at(i, j, k) = table.find(name)->value;
          ct.at(i, j, k) = 300;
        }
  };
  box("femur_right", 5, 15);
  box("hip_right", 15, 25);
  const HipMeasures measures = measureHips(ct, found, table);
  EXPECT_NEAR(measures.joints[1].hipMl, 12.0, 1e-9);  // 1000 voxels of 12 mm³
  EXPECT_NEAR(measures.joints[1].femurMl, 12.0, 1e-9);
  EXPECT_NEAR(measures.joints[1].contactMl, 1.2, 1e-9);  // the layer of 100 next to it
  EXPECT_EQ(measures.joints[0].hipMl, 0.0);
  EXPECT_NEAR(measures.boneEntropy, 0.5, 1e-6);
  EXPECT_NEAR(measures.hipHu, 300.0, 1e-6);
}

// CT 003 was not used to choose the limits. Every second pixel.
Volume realCt(int firstSlice, int slices) {
  const auto index = scanFolder(sharedData() / "pelvic-ref" / "ct-003").value();
  const Volume ct = readCt(chooseCtSeries(index).value().series).value().volume;
  Grid grid = ct.grid;
  grid.size = {ct.grid.size.x() / 2, ct.grid.size.y() / 2, slices};
  grid.spacing.x() *= 2.0;
  grid.spacing.y() *= 2.0;
  grid.origin = ct.grid.worldFromIndex(Vec3(0.5, 0.5, firstSlice));
  return resampleLinear(ct, grid);
}

SegmentationOptions preview() {
  SegmentationOptions options;
  options.samples = 1;
  options.device = Device::Cpu;
  return options;
}

// The femoral heads end at slice 84 of CT 003, the hip bones at 49 and 126.
TEST(RealScan, OneHipOfAPatientIsEnough) {
  COXA_NEEDS_SHARED_DATA();
  Volume ct = realCt(50, 52);
  ct.grid.size.x() /= 2;
  Volume half(ct.grid);
  for (int k = 0; k < 52; ++k)
    for (int j = 0; j < ct.grid.size.y(); ++j)
      for (int i = 0; i < ct.grid.size.x(); ++i)
        half.at(i, j, k) =
            ct.voxels[static_cast<std::size_t>((k * ct.grid.size.y() + j) * 2 * ct.grid.size.x() + i)];
  const auto found = segmentScan(half, preview(), Job());
  ASSERT_TRUE(found) << found.error().message;
  for (const Notice& notice : found->summary.notices)
    EXPECT_NE(notice.code, "segmentation.unlike-hip") << notice.message;
}

TEST(RealScan, AboveAndBelowTheHipsIsNoHipCt) {
  COXA_NEEDS_SHARED_DATA();
  for (const int first : {128, 0}) {  // lumbar spine; thighs
    const auto found = segmentScan(realCt(first, first == 0 ? 45 : 17), preview(), Job());
    ASSERT_FALSE(found) << first;
    EXPECT_EQ(found.error().code, ErrorCode::BadInput);
    EXPECT_THAT(found.error().message, HasSubstr("no CT of the hips"));
  }
}

}  // namespace
}  // namespace coxa
