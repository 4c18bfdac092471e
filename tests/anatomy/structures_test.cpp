#include "coxa/anatomy/structures.hpp"

#include "support/temp_folder.hpp"

#include "coxa/base/files.hpp"

#include <gmock/gmock.h>

namespace coxa {
namespace {

using testing::HasSubstr;

StructureTable table() {
  return StructureTable::loadDefault().value();
}

TEST(StructureTable, ReleasedValuesStay) {
  const auto structures = table();
  const std::vector<std::pair<int, const char*>> released{
      {1, "hip_left"},      {2, "hip_right"},    {3, "femur_left"},           {4, "femur_right"},
      {5, "sacrum"},        {6, "lumbar_spine"}, {7, "gluteus_maximus_left"}, {25, "adductors_left"},
      {54, "oblique_right"}};
  for (const auto& [value, name] : released) {
    ASSERT_NE(structures.find(name), nullptr) << name;
    EXPECT_EQ(structures.find(name)->value, value);
    EXPECT_EQ(structures.find(static_cast<std::uint8_t>(value))->name, name);
  }
  EXPECT_EQ(structures.find(std::uint8_t{0}), nullptr);
  EXPECT_EQ(structures.find("nothing"), nullptr);
}

TEST(StructureTable, EverySidedStructureHasAPartnerAndItsNameSaysItsSide) {
  const auto structures = table();
  for (const auto& structure : structures.all()) {
    const auto partner = structures.mirrored(structure.value);
    EXPECT_EQ(structures.mirrored(partner), structure.value);
    if (!structure.side) {
      EXPECT_EQ(partner, structure.value);
      continue;
    }
    EXPECT_NE(partner, structure.value);
    EXPECT_EQ(structure.name, structure.kind + "_" + name(*structure.side));
    EXPECT_EQ(structures.find(partner)->side, other(*structure.side));
    EXPECT_EQ(structures.find(structure.kind, structure.side), &*structures.find(structure.value));
  }
}

TEST(StructureTable, KindsAreBonesAndMusclesWithoutSide) {
  const auto kinds = table().kinds();
  ASSERT_EQ(kinds.size(), 29U);  // background, 4 bones, 24 muscles
  EXPECT_EQ(kinds[0], "background");
  EXPECT_EQ(kinds[1], "hip");
  EXPECT_EQ(kinds[3], "sacrum");
  EXPECT_EQ(kinds.back(), "oblique");
}

TEST(StructureTable, AMalformedTableIsRefused) {
  const TempFolder folder;
  const auto file = folder / "structures.json";
  EXPECT_FALSE(StructureTable::load(file));
  const std::string row = R"({"value": 1, "name": "a", "kind": "a", "side": null, "english": "", )"
                          R"("japanese": "", "rgb": [0, 0, 0], "group": "bone", "snomedCt": ""})";
  ASSERT_TRUE(writeFileAtomically(file, R"({"structures": [)" + row + "," + row + "]}"));
  const auto twice = StructureTable::load(file);
  ASSERT_FALSE(twice);
  EXPECT_EQ(twice.error().code, ErrorCode::Internal);
  EXPECT_THAT(twice.error().detail, HasSubstr("used twice"));
}

}  // namespace
}  // namespace coxa
