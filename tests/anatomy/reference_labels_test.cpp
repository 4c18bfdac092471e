#include "coxa/anatomy/reference_labels.hpp"

#include "support/shared_data.hpp"
#include "support/temp_folder.hpp"

#include "coxa/image/files.hpp"
#include "coxa/image/resample.hpp"

#include <gtest/gtest.h>

#include <fstream>

namespace coxa {
namespace {

StructureTable table() {
  return StructureTable::load(std::filesystem::path(COXA_SOURCE_DIR) / "resources" / "structures.json")
      .value();
}

void fillBox(LabelMap& labels, Eigen::Vector3i from, Eigen::Vector3i to, std::uint8_t value) {
  for (int k = from.z(); k <= to.z(); ++k)
    for (int j = from.y(); j <= to.y(); ++j)
      for (int i = from.x(); i <= to.x(); ++i) labels.at(i, j, k) = value;
}

// Two femora, a spine between them that is not at x = 0, one muscle that crosses the middle and one that only
// reaches over it.
LabelMap expertLabels() {
  Grid grid;
  grid.size = {61, 20, 20};
  grid.origin = {100, 0, 0};
  LabelMap labels(grid);
  fillBox(labels, {2, 8, 0}, {10, 12, 19}, 2);
  fillBox(labels, {50, 8, 0}, {58, 12, 19}, 2);
  fillBox(labels, {26, 15, 0}, {34, 19, 19}, 4);
  fillBox(labels, {20, 0, 0}, {40, 2, 19}, 26);
  fillBox(labels, {29, 5, 3}, {55, 7, 6}, 13);
  return labels;
}

TEST(ReferenceLabels, SidesFollowThePatientsMiddle) {
  const auto sided = withSides(expertLabels(), table());
  ASSERT_TRUE(sided) << sided.error().message;
  const auto name = [&](int i, int j, int k) { return table().find(sided->at(i, j, k))->name; };
  EXPECT_EQ(name(5, 10, 5), "femur_right");  // LPS: smaller x is the patient's right
  EXPECT_EQ(name(55, 10, 5), "femur_left");
  EXPECT_EQ(name(30, 17, 5), "lumbar_spine");
  EXPECT_EQ(name(22, 1, 5), "rectus_abdominis_right");
  EXPECT_EQ(name(38, 1, 5), "rectus_abdominis_left");
  EXPECT_EQ(name(29, 6, 4), "psoas_major_left");  // a whole part stays whole
}

TEST(ReferenceLabels, AMirroredPatientSwapsSides) {
  const LabelMap expert = expertLabels();
  const auto sided = withSides(expert, table());
  const auto mirror = withSides(mirroredLeftRight(expert), table());
  ASSERT_TRUE(sided && mirror);
  std::size_t wrong = 0;
  for (std::size_t n = 0; n < expert.voxels.size(); ++n)
    wrong += mirror->voxels[n] != table().mirrored(sided->voxels[n]);
  // Voxels on the plane itself may fall to either side.
  EXPECT_LE(wrong, std::size_t{20 * 3});
}

TEST(ReferenceLabels, ForeignValuesAreRefused) {
  LabelMap expert = expertLabels();
  expert.voxels[0] = 29;
  EXPECT_FALSE(withSides(expert, table()));
}

TEST(ReferenceLabels, NamesGiveWhatTheExpertsValuesGive) {
  LabelMap renumbered = expertLabels();
  for (auto& voxel : renumbered.voxels)
    if (voxel != 0) voxel = static_cast<std::uint8_t>(voxel + 100);
  const LabelNames names = {
      {102, "femur"}, {104, "lumbar_spine"}, {126, "rectus_abdominis"}, {113, "psoas_major"}};
  const auto named = withNames(renumbered, names, table());
  ASSERT_TRUE(named) << named.error().message;
  EXPECT_EQ(named->voxels, withSides(expertLabels(), table())->voxels);
}

TEST(ReferenceLabels, ANameWithASideIsTakenAtItsWordAndUnnamedValuesAreBackground) {
  LabelMap labels(expertLabels().grid);
  fillBox(labels, {2, 8, 0}, {10, 12, 19}, 1);
  fillBox(labels, {50, 8, 0}, {58, 12, 19}, 2);
  const auto named = withNames(labels, {{1, "iliacus_left"}}, table());  // without a bone: no side to tell
  ASSERT_TRUE(named) << named.error().message;
  EXPECT_EQ(table().find(named->at(5, 10, 5))->name, "iliacus_left");
  EXPECT_EQ(named->at(55, 10, 5), 0);
  EXPECT_FALSE(withNames(labels, {{1, "iliacus"}}, table()));  // no bone shows the middle
  const auto unknown = withNames(labels, {{1, "tail"}}, table());
  ASSERT_FALSE(unknown);
  EXPECT_NE(unknown.error().message.find("tail"), std::string::npos);
}

TEST(ReferenceLabels, NamesAreReadFromJson) {
  const TempFolder folder;
  std::ofstream(folder / "names.json") << R"({"1": "hip", "28": "oblique"})";
  const auto names = readLabelNames(folder / "names.json");
  ASSERT_TRUE(names) << names.error().message;
  EXPECT_EQ(*names, (LabelNames{{1, "hip"}, {28, "oblique"}}));
  for (const char* wrong : {"[1, 2]", R"({"hip": 1})", R"({"300": "hip"})", R"({"1": 2})", "{"}) {
    std::ofstream(folder / "wrong.json") << wrong;
    const auto read = readLabelNames(folder / "wrong.json");
    ASSERT_FALSE(read) << wrong;
    EXPECT_NE(read.error().message.find("wrong.json"), std::string::npos) << wrong;
  }
  EXPECT_FALSE(readLabelNames(folder / "missing.json"));
}

TEST(ReferenceLabels, TheMiddleIsThatOfTheBones) {
  const auto sided = withSides(expertLabels(), table());
  const auto middle = bodyMiddle(*sided, table());
  ASSERT_TRUE(middle);
  EXPECT_TRUE(middle->leftOf({130.5, 5, 5}));  // spine and femora are symmetric about x = 130
  EXPECT_FALSE(middle->leftOf({129.5, 15, 15}));
  EXPECT_FALSE(bodyMiddle(LabelMap(sided->grid), table()));
}

TEST(ReferenceLabels, BothSidesOfARealPatientAreOfLikeSize) {
  COXA_NEEDS_SHARED_DATA();
  const auto expert = readLabelMap(sharedData() / "pelvic-ref" / "labels" / "004" / "label.mhd");
  ASSERT_TRUE(expert) << expert.error().message;
  const auto sided = withSides(*expert, table());
  ASSERT_TRUE(sided) << sided.error().message;
  std::array<double, 256> counts{};
  for (const auto value : sided->voxels) ++counts[value];
  for (const char* kind : {"hip", "femur", "gluteus_maximus", "erector_spinae", "rectus_abdominis"}) {
    const double left = counts[table().find(kind, Side::Left)->value];
    const double right = counts[table().find(kind, Side::Right)->value];
    EXPECT_NEAR(left / right, 1.0, 0.25) << kind;
  }
}

}  // namespace
}  // namespace coxa
