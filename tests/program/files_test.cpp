// The commands that turn a case or label maps into files and figures, driven as a user drives them.
#include "coxa/image/files.hpp"

#include "cli_process.hpp"
#include "made_case.hpp"
#include "support/temp_folder.hpp"

#include "coxa/anatomy/label_files.hpp"
#include "coxa/base/files.hpp"
#include "coxa/casefile/contents.hpp"
#include "coxa/dicom/segmentation_object.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <sstream>

namespace coxa {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

// What DCMTK's own program says of a file: an independent reader.
std::string dumped(const fs::path& file, const std::string& options) {
  FILE* pipe = ::popen(("dcmdump " + options + " " + file.string() + " 2>&1").c_str(), "r");
  std::string text;
  for (int c = 0; pipe != nullptr && (c = std::fgetc(pipe)) != EOF;) text.push_back(static_cast<char>(c));
  if (pipe != nullptr) ::pclose(pipe);
  return text;
}

Finished quiet(std::vector<std::string> arguments) {
  arguments.insert(arguments.end(), {"--json", "--progress", "none"});
  return run(std::move(arguments));
}

void expectBadInput(const Finished& finished, const std::string& name) {
  EXPECT_EQ(finished.exitCode, 3) << finished.out;
  EXPECT_THAT(finished.err, HasSubstr(name));
  EXPECT_THAT(finished.out, IsEmpty());
}

class Export : public testing::Test {
 protected:
  fs::path caseFolder() const { return folder_ / "made.coxa"; }
  void SetUp() override { makeCase(caseFolder()); }

  TempFolder folder_;
};

TEST_F(Export, WritesASegmentationWithEveryVoxelAndName) {
  const fs::path file = folder_ / "seg.dcm";
  const Finished done = quiet({"export", caseFolder(), "--dicom-seg", file});
  ASSERT_EQ(done.exitCode, 0) << done.err;
  EXPECT_EQ(json::parse(done.out).at("files"), json({file.string()}));
  EXPECT_EQ(json::parse(done.out).at("newUids"), true);

  const auto read = readDicomSegmentation(file);
  ASSERT_TRUE(read) << read.error().message;
  std::map<std::string, std::size_t> voxels;
  for (const auto& segment : read->segments)
    voxels[segment.name] = static_cast<std::size_t>(
        std::count(read->labels.voxels.begin(), read->labels.voxels.end(), segment.value));
  const std::map<std::string, std::size_t> drawn = {
      {"Hip bone, left", 24}, {"Femur, right", 12}, {"Quadratus lumborum, left", 6}};
  EXPECT_EQ(voxels, drawn);

  const std::string dump = dumped(file, "");
  EXPECT_THAT(dump, HasSubstr("=SegmentationStorage"));
  EXPECT_THAT(dump, HasSubstr("[BINARY]"));
  EXPECT_THAT(dump, HasSubstr("[P-00abcd]"));
}

TEST_F(Export, WritesTheUncertaintyAsAParametricMap) {
  const fs::path file = folder_ / "map.dcm";
  const Finished done = quiet({"export", caseFolder(), "--parametric-map", file});
  ASSERT_EQ(done.exitCode, 0) << done.err;
  EXPECT_THAT(dumped(file, ""), HasSubstr("=ParametricMapStorage"));
  // (7fe0,0008) OF 0\0.001\0.002…
  const std::string dump = dumped(file, "+L +P 7fe0,0008");
  std::string numbers = dump.substr(dump.find(" OF ") + 4);
  std::replace(numbers.begin(), numbers.end(), '\\', ' ');
  std::istringstream in(numbers);
  const ScalarImage expected = madeUncertainty();
  for (const float value : expected.voxels) {
    double got = -1.0;
    in >> got;
    ASSERT_NEAR(got, static_cast<double>(value), 1e-6);
  }
}

TEST_F(Export, SaysWhatItCannotDo) {
  EXPECT_EQ(quiet({"export", caseFolder()}).exitCode, 2);
  expectBadInput(quiet({"export", folder_ / "none.coxa", "--dicom-seg", folder_ / "a.dcm"}), "none.coxa");
  expectBadInput(quiet({"export", caseFolder(), "--dicom-seg", folder_ / "no" / "folder" / "a.dcm"}),
                 "a.dcm");
}

TEST_F(Export, TrainingFolderHoldsWhatTheCaseHolds) {
  const fs::path output = folder_ / "training" / "one";
  const Finished done = quiet({"export-training", caseFolder(), "--output", output});
  ASSERT_EQ(done.exitCode, 0) << done.err;
  EXPECT_THAT(json::parse(done.out).at("unreviewed").get<std::vector<std::string>>(),
              UnorderedElementsAre("hip_left", "femur_right", "quadratus_lumborum_left"));
  EXPECT_EQ(readLabelMap(output / "labels.nrrd").value().voxels, madeLabels().voxels);
  EXPECT_EQ(readVolume(output / "ct.nrrd").value().voxels, madeCt().voxels);
  expectBadInput(quiet({"export-training", folder_ / "none.coxa", "--output", output}), "none.coxa");
  expectBadInput(quiet({"export-training", caseFolder(), "--output", caseFolder() / "case.json"}),
                 "case.json");
}

class ImportLabels : public Export {
 protected:
  Finished imported(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), "import-labels");
    arguments.insert(arguments.end(), {"--output", output()});
    return quiet(std::move(arguments));
  }
  fs::path output() const { return folder_ / "training" / "one"; }
  // The drawn map with the table's values changed into a stranger's: 5 both hip bones, 6 femora, 9 not known.
  LabelMap strangers() const {
    LabelMap map = madeLabels();
    const auto table = StructureTable::loadDefault().value();
    for (auto& voxel : map.voxels)
      if (voxel != 0)
        voxel = table.find(voxel)->kind == "hip" ? 5 : table.find(voxel)->kind == "femur" ? 6 : 9;
    return map;
  }
  void expectAsDrawn() const {
    EXPECT_EQ(readLabelMap(output() / "labels.nrrd").value().voxels, madeLabels().voxels);
    EXPECT_EQ(readVolume(output() / "ct.nrrd").value().voxels, madeCt().voxels);
    const json names = json::parse(readFile(output() / "names.json").value());
    EXPECT_EQ(names, json({{"1", "hip_left"}, {"4", "femur_right"}, {"47", "quadratus_lumborum_left"}}));
  }
};

TEST_F(ImportLabels, NoVoxelOfAnExportedDicomSegmentationIsLost) {
  const fs::path file = folder_ / "seg.dcm";
  ASSERT_EQ(quiet({"export", caseFolder(), "--dicom-seg", file}).exitCode, 0);
  const Finished done = imported({file, "--case", caseFolder()});
  ASSERT_EQ(done.exitCode, 0) << done.err;
  EXPECT_THAT(json::parse(done.out).at("ignored"), IsEmpty());
  expectAsDrawn();
}

TEST_F(ImportLabels, TakesNamesFromAnNrrdHeader) {
  const auto table = StructureTable::loadDefault().value();
  ASSERT_TRUE(writeLabels(folder_ / "drawn.seg.nrrd", madeLabels(), table));
  ASSERT_TRUE(writeImage(folder_ / "scan.nii.gz", madeCt()));
  const Finished done = imported({folder_ / "drawn.seg.nrrd", "--ct", folder_ / "scan.nii.gz"});
  ASSERT_EQ(done.exitCode, 0) << done.err;
  expectAsDrawn();
}

TEST_F(ImportLabels, TakesNiftiWithANamesFile) {
  ASSERT_TRUE(writeImage(folder_ / "drawn.nii.gz", strangers()));
  std::ofstream(folder_ / "names.json") << R"({"5": "hip_left", "6": "femur_right", "9": "unknown"})";
  const Finished done =
      imported({folder_ / "drawn.nii.gz", "--names", folder_ / "names.json", "--case", caseFolder()});
  ASSERT_EQ(done.exitCode, 0) << done.err;
  const LabelMap labels = readLabelMap(output() / "labels.nrrd").value();
  const LabelMap drawn = madeLabels();
  for (std::size_t n = 0; n < drawn.voxels.size(); ++n)
    ASSERT_EQ(labels.voxels[n], drawn.voxels[n] == 47 ? 255 : drawn.voxels[n]);
  EXPECT_EQ(json::parse(readFile(output() / "names.json").value()).at("255"), "unknown");
}

TEST_F(ImportLabels, SaysWhichSegmentsItDoesNotKnow) {
  const HeaderTexts header = {{"Segment0_ID", "a"},         {"Segment0_Name", "Left hip bone"},
                              {"Segment0_LabelValue", "5"}, {"Segment1_ID", "b"},
                              {"Segment1_Name", "Bladder"}, {"Segment1_LabelValue", "6"}};
  ASSERT_TRUE(writeImage(folder_ / "drawn.seg.nrrd", strangers(), header));
  const Finished done = imported({folder_ / "drawn.seg.nrrd", "--case", caseFolder()});
  ASSERT_EQ(done.exitCode, 0) << done.err;
  EXPECT_EQ(json::parse(done.out).at("ignored"), json({"Bladder"}));
  EXPECT_EQ(json::parse(done.out).at("structures"), json({"hip_left"}));
}

TEST_F(ImportLabels, RefusesWhatItCannotPlaceOrName) {
  ASSERT_TRUE(writeImage(folder_ / "drawn.nii.gz", strangers()));
  expectBadInput(imported({folder_ / "drawn.nii.gz", "--case", caseFolder()}), "--names");
  std::ofstream(folder_ / "names.json") << R"({"5": "wing"})";
  expectBadInput(
      imported({folder_ / "drawn.nii.gz", "--names", folder_ / "names.json", "--case", caseFolder()}),
      "wing");
  LabelMap elsewhere = madeLabels();
  elsewhere.grid.origin.z() += 5000.0;
  ASSERT_TRUE(writeLabels(folder_ / "far.nrrd", elsewhere, StructureTable::loadDefault().value()));
  expectBadInput(imported({folder_ / "far.nrrd", "--case", caseFolder()}), "another scan");
  expectBadInput(imported({folder_ / "none.dcm", "--case", caseFolder()}), "none.dcm");
  EXPECT_EQ(imported({folder_ / "drawn.nii.gz"}).exitCode, 2);
  EXPECT_FALSE(fs::exists(output()));
}

// Two femora of 4 × 4 × 4 voxels of 2 × 1 × 1 mm; `shift` moves both along x.
LabelMap blocks(std::uint8_t left, std::uint8_t right, int shift) {
  Grid grid;
  grid.size = {30, 8, 8};
  grid.spacing = {2.0, 1.0, 1.0};
  grid.origin = {-30.0, 0.0, 0.0};
  LabelMap map(grid);
  for (int k = 2; k < 6; ++k)
    for (int j = 2; j < 6; ++j)
      for (int i = 0; i < 4; ++i) {
        map.at(3 + shift + i, j, k) = right;
        map.at(22 + shift + i, j, k) = left;
      }
  return map;
}

class Evaluate : public testing::Test {
 protected:
  void SetUp() override {
    const auto table = StructureTable::loadDefault().value();
    left_ = table.find("femur_left")->value;
    right_ = table.find("femur_right")->value;
    ASSERT_TRUE(writeImage(labels(), blocks(left_, right_, 1)));
  }
  fs::path labels() const { return folder_ / "labels.nrrd"; }
  fs::path reference() const { return folder_ / "reference.nrrd"; }

  // Shifted by one voxel the blocks share 3 of 4 layers: Dice 2·48/128. Of the 56 surface voxels of each (64
  // less the 2 × 2 × 2 inner ones) the 16 of the outer layer are 2 mm from the other's, the 4 in the middle
  // of the opposite face lie inside it 1 mm from its side, the others coincide: ASD (16·2 + 4·1)/56. Of 112
  // pooled distances 32 are 2 mm, so the 95th percentile is 2 mm.
  static void expectByHand(const json& row) {
    EXPECT_NEAR(row.at("dice"), 0.75, 1e-9) << row;
    EXPECT_NEAR(row.at("asdMm"), 36.0 / 56.0, 1e-6) << row;
    EXPECT_NEAR(row.at("hd95Mm"), 2.0, 1e-6) << row;
    EXPECT_NEAR(row.at("volumeMl"), 0.128, 1e-9) << row;
    EXPECT_NEAR(row.at("referenceVolumeMl"), 0.128, 1e-9) << row;
  }

  TempFolder folder_;
  std::uint8_t left_ = 0, right_ = 0;
};

TEST_F(Evaluate, GivesDiceAndDistancesAsComputedByHand) {
  ASSERT_TRUE(writeImage(reference(), blocks(left_, right_, 0)));
  const Finished done = quiet({"evaluate", "--labels", labels(), "--reference", reference()});
  ASSERT_EQ(done.exitCode, 0) << done.err;
  const json document = json::parse(done.out);
  ASSERT_EQ(document.at("structures").size(), 2U);
  for (const auto& row : document.at("structures")) expectByHand(row);
  EXPECT_NEAR(document.at("summary").at("bones").at("meanDice"), 0.75, 1e-9);
  EXPECT_NEAR(document.at("summary").at("bones").at("meanAsdMm"), 36.0 / 56.0, 1e-6);
  EXPECT_TRUE(document.at("summary").at("muscles").at("meanDice").is_null());
  EXPECT_EQ(document.at("resampled"), false);
}

TEST_F(Evaluate, TakesAReferenceWithItsOwnNames) {
  ASSERT_TRUE(writeImage(reference(), blocks(77, 77, 0)));
  std::ofstream(folder_ / "names.json") << R"({"77": "femur"})";
  const Finished done = quiet({"evaluate", "--labels", labels(), "--reference", reference(),
                               "--reference-names", folder_ / "names.json"});
  ASSERT_EQ(done.exitCode, 0) << done.err;
  const json rows = json::parse(done.out).at("structures");
  ASSERT_EQ(rows.size(), 2U);
  EXPECT_EQ(rows[0].at("name"), "femur_left");
  EXPECT_EQ(rows[1].at("name"), "femur_right");
  for (const auto& row : rows) expectByHand(row);
}

TEST_F(Evaluate, NamesWhatItCannotRead) {
  expectBadInput(quiet({"evaluate", "--labels", folder_ / "none.nrrd", "--reference", labels()}),
                 "none.nrrd");
  std::ofstream(folder_ / "names.json") << R"({"3": "wing"})";
  expectBadInput(quiet({"evaluate", "--labels", labels(), "--reference", labels(), "--reference-names",
                        folder_ / "names.json"}),
                 "wing");
  std::ofstream(folder_ / "broken.json") << "femur";
  expectBadInput(quiet({"evaluate", "--labels", labels(), "--reference", labels(), "--reference-names",
                        folder_ / "broken.json"}),
                 "broken.json");
  EXPECT_EQ(quiet({"evaluate", "--labels", labels()}).exitCode, 2);
}

TEST_F(Evaluate, PrintsNoBarIntoAFileUnlessAsked) {
  EXPECT_THAT(run({"evaluate", "--labels", labels(), "--reference", labels()}).err, IsEmpty());
  EXPECT_THAT(run({"evaluate", "--labels", labels(), "--reference", labels(), "--progress", "bar"}).err,
              HasSubstr("\r"));
}

// Every file's bytes by its path in the folder.
std::map<std::string, std::string> filesBelow(const fs::path& folder) {
  std::map<std::string, std::string> files;
  for (const auto& entry : fs::recursive_directory_iterator(folder))
    if (entry.is_regular_file())
      files[fs::relative(entry.path(), folder).string()] = readFile(entry.path()).value();
  return files;
}

TEST(Phantom, ACohortOfDrawnTraitsDoesNotDependOnJobs) {
  const TempFolder folder;
  const auto cohort = [&](const std::string& name, const std::string& jobs) {
    const Finished made = quiet({"phantom", "--seed", "40", "--count", "2", "--draw-traits", "--matrix",
                                 "128", "--pixel-spacing", "4", "--slice-spacing", "10", "--jobs", jobs,
                                 "--output", (folder / name).string()});
    EXPECT_EQ(made.exitCode, 0) << made.err;
    return filesBelow(folder / name);
  };
  const auto one = cohort("one", "1"), two = cohort("two", "2");
  ASSERT_TRUE(one.count("seed-0041/truth/vessels.nrrd"));
  EXPECT_TRUE(one == two);
  const auto traits = [&](const std::string& seed) {
    return json::parse(one.at("seed-" + seed + "/truth/traits.json")).at("tissue");
  };
  EXPECT_NE(traits("0040"), traits("0041"));
}

TEST(Phantom, TissueOptionsActOnWhatTheyName) {
  const TempFolder folder;
  const Finished made = quiet({"phantom",
                               "--matrix",
                               "128",
                               "--pixel-spacing",
                               "4",
                               "--slice-spacing",
                               "10",
                               "--muscle-volume",
                               "all=0.9",
                               "gluteus_medius=0.7",
                               "--fatty-infiltration",
                               "gluteus_medius_left=0.3",
                               "--bone-density",
                               "0.8",
                               "femur=0.7",
                               "--contrast",
                               "300",
                               "120",
                               "--no-table",
                               "--output",
                               (folder / "p").string()});
  ASSERT_EQ(made.exitCode, 0) << made.err;
  const json tissue = json::parse(readFile(folder / "p" / "truth" / "traits.json").value()).at("tissue");
  EXPECT_EQ(tissue.at("muscles").at("gluteus_medius_right"), json({{"volume", 0.7}, {"fatShare", 0.0}}));
  EXPECT_EQ(tissue.at("muscles").at("gluteus_medius_left"), json({{"volume", 0.7}, {"fatShare", 0.3}}));
  EXPECT_EQ(tissue.at("muscles").at("gracilis_left").at("volume"), 0.9);
  EXPECT_EQ(tissue.at("boneDensity").at("femur"), 0.7);
  EXPECT_EQ(tissue.at("boneDensity").at("sacrum"), 0.8);
  EXPECT_EQ(tissue.at("vessels").at("veinHu"), 120.0);
  EXPECT_EQ(tissue.at("table"), false);
}

TEST(Phantom, AnUnknownMuscleIsAnsweredWithThoseThereAre) {
  const TempFolder folder;
  const Finished unknown =
      quiet({"phantom", "--muscle-volume", "biceps=0.7", "--output", (folder / "p").string()});
  EXPECT_EQ(unknown.exitCode, 2);
  EXPECT_THAT(unknown.err, HasSubstr("biceps"));
  EXPECT_THAT(unknown.err, HasSubstr("gluteus_medius"));
  const Finished malformed =
      quiet({"phantom", "--fatty-infiltration", "all=much", "--output", (folder / "p").string()});
  EXPECT_EQ(malformed.exitCode, 2);
  EXPECT_THAT(malformed.err, HasSubstr("all=much"));
}

}  // namespace
}  // namespace coxa
