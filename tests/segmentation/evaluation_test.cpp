#include "coxa/segmentation/evaluation.hpp"

#include "support/shared_data.hpp"

#include "coxa/anatomy/reference_labels.hpp"
#include "coxa/image/files.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace coxa {

namespace {

constexpr std::uint8_t kHipLeft = 1, kHipRight = 2, kSacrum = 5, kGluteusMaximusLeft = 7,
                       kGluteusMaximusRight = 8;

LabelMap empty() {
  Grid grid;
  grid.size = {20, 10, 10};
  grid.spacing = {2, 1, 1};
  return LabelMap(grid);
}

void fill(LabelMap& map, int fromX, int toX, std::uint8_t value) {
  for (int k = 0; k < 10; ++k)
    for (int j = 0; j < 10; ++j)
      for (int i = fromX; i < toX; ++i) map.at(i, j, k) = value;
}

LabelMap box(int fromX, int toX, std::uint8_t value) {
  LabelMap map = empty();
  fill(map, fromX, toX, value);
  return map;
}

// Right is at smaller x. The sacrum fills 8..11, so the middle lies at voxel 9.5.
LabelMap pelvis() {
  LabelMap map = empty();
  fill(map, 0, 4, kGluteusMaximusRight);
  fill(map, 4, 7, kHipRight);
  fill(map, 8, 12, kSacrum);
  fill(map, 13, 16, kHipLeft);
  fill(map, 16, 20, kGluteusMaximusLeft);
  return map;
}

}  // namespace

TEST(CompareLabels, DiceAndSurfaceDistanceOfShiftedBoxes) {
  const auto agreement = compareLabels(box(0, 10, kHipLeft), box(5, 15, kHipLeft));
  ASSERT_TRUE(agreement);
  ASSERT_EQ(agreement->structures.size(), 1U);
  const StructureAgreement& row = agreement->structures.front();
  EXPECT_EQ(row.name, "hip_left");
  EXPECT_DOUBLE_EQ(row.dice, 0.5);  // 2·500 / (1000 + 1000)
  EXPECT_DOUBLE_EQ(row.volumeMl, 2.0);
  ASSERT_TRUE(row.asdMm && row.hd95Mm);
  // Surface: 1000 - 8³ = 488 voxels each. Along x a slice i of the first box is 2·(5 - i) mm before the
  // second for i = 0…4. Slice 0 has 100 voxels at 10 mm; slices 1…4 have a rim of 36 at 8, 6, 4 and 2 mm;
  // within the second, the inner 64 voxels of the far face (slice 9) lie off its sides, layer by layer 1, 2,
  // 3, 4 voxels of 1 mm deep, as 28, 20, 12 and 4 voxels; slices 5…8 lie on its sides.
  const double oneWay = 100 * 10.0 + 36 * (8 + 6 + 4 + 2) + (28 * 1.0 + 20 * 2.0 + 12 * 3.0 + 4 * 4.0);
  EXPECT_NEAR(*row.asdMm, oneWay / 488, 1e-6);
  EXPECT_NEAR(*row.hd95Mm, 10.0, 1e-6);  // a fifth of the surface is that far
}

TEST(CompareLabels, CountsStructuresThatOnlyOneMapHas) {
  const auto agreement = compareLabels(box(0, 10, kHipLeft), box(0, 10, kHipRight));
  ASSERT_TRUE(agreement);
  ASSERT_EQ(agreement->structures.size(), 2U);
  for (const auto& row : agreement->structures) {
    EXPECT_EQ(row.dice, 0.0);
    EXPECT_FALSE(row.asdMm);
    EXPECT_FALSE(row.hd95Mm);
  }
  // Only the reference's structures are judged.
  EXPECT_EQ(agreement->bones.structures, 1);
  EXPECT_EQ(agreement->bones.missing, 1);
  EXPECT_FALSE(agreement->bones.meanAsdMm);
  ASSERT_TRUE(agreement->worst);
  EXPECT_EQ(agreement->worst->name, "hip_right");
}

TEST(CompareLabels, MeansGoByGroup) {
  LabelMap labels = pelvis();
  fill(labels, 16, 20, 0);  // a muscle of two is missing
  const auto agreement = compareLabels(labels, pelvis());
  ASSERT_TRUE(agreement);
  EXPECT_EQ(agreement->muscles.structures, 2);
  EXPECT_EQ(agreement->muscles.missing, 1);
  EXPECT_DOUBLE_EQ(agreement->muscles.meanDice, 0.5);
  EXPECT_DOUBLE_EQ(agreement->muscles.meanAsdMm.value(), 0.0);
  EXPECT_EQ(agreement->bones.structures, 3);
  EXPECT_DOUBLE_EQ(agreement->bones.meanDice, 1.0);
  EXPECT_EQ(agreement->worst->name, "gluteus_maximus_left");
}

TEST(CompareLabels, CrossedVolumeIsThatBeyondTheReferencesMiddle) {
  LabelMap labels = pelvis();
  fill(labels, 18, 20, kGluteusMaximusRight);  // 200 voxels of 2 mm³ in the left half
  const auto agreement = compareLabels(labels, pelvis());
  ASSERT_TRUE(agreement && agreement->crossed);
  EXPECT_DOUBLE_EQ(agreement->crossed->labelsMl, 0.4);
  EXPECT_DOUBLE_EQ(agreement->crossed->referenceMl, 0.0);
}

TEST(CompareLabels, WithoutBonesNothingIsSaidOfTheMiddle) {
  const auto agreement = compareLabels(box(0, 10, kGluteusMaximusLeft), box(0, 10, kGluteusMaximusLeft));
  ASSERT_TRUE(agreement);
  EXPECT_FALSE(agreement->crossed);
}

TEST(CompareLabels, RefusesDifferentGrids) {
  LabelMap moved = box(0, 10, 1);
  moved.grid.origin.x() += 5.0;
  EXPECT_FALSE(compareLabels(box(0, 10, 1), moved));
}

TEST(CompareLabels, CanBeCancelled) {
  const Job job;
  job.cancel();
  const auto agreement = compareLabels(pelvis(), pelvis(), job);
  ASSERT_FALSE(agreement);
  EXPECT_EQ(agreement.error().code, ErrorCode::Cancelled);
}

// A structure moved by one voxel of s mm: no surface voxel is further than s from the other surface.
TEST(CompareLabels, ARealPatientMovedByOneVoxelIsThatFarApartAtMost) {
  COXA_NEEDS_SHARED_DATA();
  const auto expert = readLabelMap(sharedData() / "pelvic-ref" / "labels" / "002" / "label.mhd");
  ASSERT_TRUE(expert) << expert.error().message;
  const auto reference = withSides(*expert, StructureTable::loadDefault().value());
  ASSERT_TRUE(reference);
  const auto itself = compareLabels(*reference, *reference);
  ASSERT_TRUE(itself);
  EXPECT_EQ(itself->muscles.structures, 48);
  EXPECT_EQ(itself->muscles.meanAsdMm, 0.0);
  EXPECT_EQ(itself->bones.meanDice, 1.0);

  LabelMap moved = *reference;
  std::rotate(moved.voxels.begin(), moved.voxels.begin() + 1, moved.voxels.end());  // x by -1 voxel
  const auto agreement = compareLabels(moved, *reference);
  ASSERT_TRUE(agreement);
  const double spacing = reference->grid.spacing.x();
  for (const auto& row : agreement->structures) {
    EXPECT_LE(*row.hd95Mm, spacing + 1e-6) << row.name;
    EXPECT_LT(*row.asdMm, spacing) << row.name;
    EXPECT_GT(*row.asdMm, 0.0) << row.name;
  }
}

}  // namespace coxa
