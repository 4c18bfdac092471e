#include "coxa/anatomy/label_files.hpp"

#include "support/temp_folder.hpp"

#include "coxa/base/files.hpp"
#include "coxa/image/files.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <set>
#include <sstream>

namespace coxa {
namespace {

using testing::HasSubstr;

StructureTable table() {
  return StructureTable::load(std::filesystem::path(COXA_SOURCE_DIR) / "resources" / "structures.json")
      .value();
}

LabelMap femurAndIliacus() {
  Grid grid;
  grid.size = {9, 8, 7};
  grid.spacing = {0.7, 0.8, 2.0};
  grid.origin = {-10, 5, 100};
  LabelMap labels(grid);
  labels.at(2, 3, 4) = labels.at(5, 3, 6) = table().find("femur_right")->value;
  labels.at(1, 1, 1) = table().find("iliacus_left")->value;
  return labels;
}

// The header as any reader of NRRD sees it: "key:=value" lines before the first empty one.
std::map<std::string, std::string> headerOf(const std::string& nrrd) {
  std::map<std::string, std::string> fields;
  std::istringstream lines(nrrd);
  for (std::string line; std::getline(lines, line) && !line.empty();)
    if (const auto at = line.find(":="); at != std::string::npos)
      fields[line.substr(0, at)] = line.substr(at + 2);
  return fields;
}

TEST(LabelFiles, TheHeaderNamesTheSegmentsAsSlicerDoes) {
  const TempFolder folder;
  ASSERT_TRUE(writeLabels(folder / "labels.nrrd", femurAndIliacus(), table()));
  auto fields = headerOf(readFile(folder / "labels.nrrd").value());
  EXPECT_EQ(fields["Segmentation_MasterRepresentation"], "Binary labelmap");
  EXPECT_EQ(fields["Segment0_ID"], "femur_right");
  EXPECT_EQ(fields["Segment0_Name"], "Femur, right");
  EXPECT_EQ(fields["Segment0_LabelValue"], "4");
  EXPECT_EQ(fields["Segment0_Layer"], "0");
  EXPECT_EQ(fields["Segment0_Color"], "0.949020 0.901961 0.784314");  // 242, 230, 200
  EXPECT_EQ(fields["Segment0_Extent"], "2 5 3 3 4 6");
  EXPECT_EQ(fields["Segment0_Tags"],
            "TerminologyEntry:Segmentation category and type - 3D Slicer General Anatomy list"
            "~SCT^123037004^Anatomical Structure~SCT^71341001^Femur~SCT^24028007^Right"
            "~Anatomic codes - DICOM master list~^^~^^|");
  EXPECT_EQ(fields["Segment1_ID"], "iliacus_left");
  EXPECT_FALSE(fields.contains("Segment2_ID"));
}

TEST(LabelFiles, TheFileStaysAnOrdinaryLabelMap) {
  const TempFolder folder;
  ASSERT_TRUE(writeLabels(folder / "labels.nrrd", femurAndIliacus(), table()));
  const auto read = readLabelMap(folder / "labels.nrrd");
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_TRUE(sameGrid(read->grid, femurAndIliacus().grid));
  EXPECT_EQ(read->voxels, femurAndIliacus().voxels);
}

TEST(LabelFiles, ItkSnapGetsNamesAndColours) {
  const TempFolder folder;
  ASSERT_TRUE(writeLabels(folder / "labels.nrrd", femurAndIliacus(), table()));
  const std::string text = readFile(folder / "labels.itksnap.txt").value();
  EXPECT_THAT(text, HasSubstr("    4   242  230  200        1  1  1    \"Femur, right\"\n"));
  EXPECT_THAT(text, HasSubstr("\"Iliacus, left\""));
  EXPECT_THAT(text, testing::Not(HasSubstr("Sacrum")));
}

TEST(LabelFiles, CodesSayKindAndSide) {
  const StructureTable structures = table();
  const StructureCodes sacrum = codesOf(*structures.find("sacrum"));
  EXPECT_EQ(sacrum.type, (Code{"SCT", "54735007", "Sacrum"}));
  EXPECT_FALSE(sacrum.side);
  EXPECT_EQ(codesOf(*structures.find("implant_screw_left")).category.value, "260787004");
  EXPECT_EQ(codesOf(*structures.find("iliacus_left")).type, (Code{"99COXA", "13", "Iliacus"}));
  // DICOM: a code value has at most 16 characters, a meaning at most 64; no two structures share their codes.
  std::set<std::string> seen;
  for (const Structure& structure : structures.all()) {
    const StructureCodes codes = codesOf(structure);
    EXPECT_LE(codes.type.value.size(), 16U) << structure.name;
    EXPECT_LE(codes.type.meaning.size(), 64U) << structure.name;
    EXPECT_TRUE(
        seen.insert(codes.type.scheme + codes.type.value + (codes.side ? codes.side->value : "")).second)
        << structure.name;
  }
}

}  // namespace
}  // namespace coxa
