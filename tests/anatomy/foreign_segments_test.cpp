#include "coxa/anatomy/foreign_segments.hpp"

#include "support/temp_folder.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace coxa {
namespace {

const Code kLeft{"SCT", "7771000", "Left"};
const Code kFemur{"SCT", "71341001", "Femur"};

const StructureTable& table() {
  static const auto read =
      StructureTable::load(std::filesystem::path(COXA_SOURCE_DIR) / "resources" / "structures.json").value();
  return read;
}

std::optional<std::string> meant(const std::string& name, std::optional<Code> type = {},
                                 std::optional<Code> side = {}) {
  return structureMeant({name, type, side}, table());
}

TEST(ForeignSegments, CodeAndSideDecideBeforeTheName) {
  EXPECT_EQ(meant("Segment_1", kFemur, kLeft), "femur_left");
  EXPECT_EQ(meant("Sacrum", kFemur, kLeft), "femur_left");
  EXPECT_EQ(meant("Segment_1", kFemur, Code{"SRT", "G-A100", "Right"}), "femur_right");
  EXPECT_EQ(meant("Segment_1", Code{"SCT", "54735007", "Sacrum"}), "sacrum");
}

TEST(ForeignSegments, WithoutASideTheNameTellsItOrTheKindIsMeant) {
  EXPECT_EQ(meant("Left thigh bone", kFemur), "femur_left");
  EXPECT_EQ(meant("Left and right femur", kFemur), "femur");
  EXPECT_EQ(meant("Bone 3", kFemur), "femur");
}

TEST(ForeignSegments, ACodeOfOursIsTheValue) {
  const Structure* structure = table().find("quadratus_lumborum_right");
  ASSERT_TRUE(structure->snomedCt.empty());  // else the test shows nothing
  const Code ours{"99COXA", std::to_string(structure->value), "Quadratus lumborum"};
  EXPECT_EQ(meant("x", ours), "quadratus_lumborum_right");
}

TEST(ForeignSegments, NamesAreWordsInAnyOrderAndCase) {
  EXPECT_EQ(meant("femur_left"), "femur_left");
  EXPECT_EQ(meant("Femur, left"), "femur_left");
  EXPECT_EQ(meant("LEFT FEMUR"), "femur_left");
  EXPECT_EQ(meant("Hip bone, right"), "hip_right");
  EXPECT_EQ(meant("Gluteus maximus"), "gluteus_maximus");
  EXPECT_EQ(meant("Femur, left, cortex"), std::nullopt);
  EXPECT_EQ(meant("Urinary bladder", Code{"SCT", "89837001", "Bladder"}), std::nullopt);
  EXPECT_EQ(meant(""), std::nullopt);
}

// Every structure is understood as itself in what our own label file says of it.
TEST(ForeignSegments, OurOwnHeadersComeBack) {
  const TempFolder folder;
  Grid grid;
  grid.size = {16, 16, 1};
  LabelMap labels(grid);
  for (const Structure& structure : table().all()) labels.voxels[structure.value] = structure.value;
  ASSERT_TRUE(writeLabels(folder / "labels.nrrd", labels, table()));
  const auto segments = slicerSegments(readHeaderTexts(folder / "labels.nrrd").value());
  ASSERT_TRUE(segments) << segments.error().message;
  const UnderstoodSegments found = understood(*segments, table());
  EXPECT_THAT(found.unknown, testing::IsEmpty());
  ASSERT_EQ(found.names.size(), table().all().size());
  for (const auto& [value, name] : found.names) EXPECT_EQ(name, table().find(value)->name);
}

TEST(ForeignSegments, SlicerHeadersWithOverlapsOrWithoutValuesAreRefused) {
  const HeaderTexts overlapping = {
      {"Segment0_ID", "a"}, {"Segment0_LabelValue", "1"}, {"Segment0_Layer", "1"}};
  EXPECT_EQ(slicerSegments(overlapping).error().code, ErrorCode::BadInput);
  EXPECT_EQ(slicerSegments({{"Segment0_ID", "a"}}).error().code, ErrorCode::BadInput);
  EXPECT_TRUE(slicerSegments({}).value().empty());
}

}  // namespace
}  // namespace coxa
