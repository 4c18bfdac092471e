#include "coxa/segmentation/training.hpp"

#include "model_config.hpp"
#include "pelvis_phantom.hpp"
#include "support/temp_folder.hpp"

#include "coxa/anatomy/structures.hpp"
#include "coxa/base/files.hpp"
#include "coxa/image/files.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace coxa {

namespace {

void writeCase(const TempFolder& folder, const std::string& names) {
  const auto one = folder / "data" / "one";
  std::filesystem::create_directories(one);
  ASSERT_TRUE(writeImage(one / "ct.nrrd", Volume(BoxPelvis::grid(), 30)));
  ASSERT_TRUE(writeImage(one / "labels.nrrd", BoxPelvis::kinds()));
  ASSERT_TRUE(writeFileAtomically(one / "names.json", names));
}

std::size_t count(const LabelMap& labels, std::uint8_t value) {
  return static_cast<std::size_t>(std::count(labels.voxels.begin(), labels.voxels.end(), value));
}

}  // namespace

TEST(ReadTrainingCase, NamesGiveForeignValuesTheirMeaning) {
  const TempFolder folder;
  writeCase(folder, R"({"1": "hip", "2": "femur_right", "3": "sacrum", "4": "unknown"})");
  const auto read = readTrainingCase(folder / "data" / "one");
  ASSERT_TRUE(read) << read.error().message;
  const auto table = StructureTable::loadDefault().value();
  const LabelMap kinds = BoxPelvis::kinds();
  EXPECT_EQ(read->name, "one");
  EXPECT_EQ(count(read->labels, table.find("hip_left")->value), count(kinds, 1));
  EXPECT_EQ(count(read->labels, table.find("femur_right")->value), count(kinds, 2));
  EXPECT_EQ(count(read->labels, table.find("sacrum")->value), count(kinds, 3));
  EXPECT_EQ(count(read->labels, kUnknownValue), count(kinds, 4));
  EXPECT_EQ(count(read->labels, 0), count(kinds, 0));
}

TEST(ReadTrainingCase, ValuesWithoutANameAreBackground) {
  const TempFolder folder;
  writeCase(folder, R"({"1": "hip"})");
  const auto read = readTrainingCase(folder / "data" / "one");
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(count(read->labels, 0), read->labels.voxels.size() - count(BoxPelvis::kinds(), 1));
}

TEST(ReadTrainingCase, SaysWhichNameIsUnknownAndWhichFileIsMissing) {
  const TempFolder folder;
  writeCase(folder, R"({"1": "hipbone"})");
  const auto read = readTrainingCase(folder / "data" / "one");
  ASSERT_FALSE(read);
  EXPECT_NE(read.error().message.find("hipbone"), std::string::npos);
  std::filesystem::remove(folder / "data" / "one" / "ct.nrrd");
  EXPECT_NE(readTrainingCase(folder / "data" / "one").error().message.find("ct.nrrd"), std::string::npos);
}

TEST(ReadTrainingCase, TakesTheWaysInTheOrderOfTheirNames) {
  const TempFolder folder;
  writeCase(folder, R"({"1": "hip"})");
  Grid grid;
  grid.size = {4, 5, 6};
  grid.spacing = {20, 20, 20};
  for (const int n : {2, 1})
    ASSERT_TRUE(writeImage(folder / "data" / "one" / ("way-" + std::to_string(n) + ".nrrd"),
                           VectorImage(grid, Eigen::Vector3f(static_cast<float>(n), 0.0F, 0.0F))));
  const auto read = readTrainingCase(folder / "data" / "one");
  ASSERT_TRUE(read) << read.error().message;
  ASSERT_EQ(read->ways.size(), 2U);
  EXPECT_EQ(read->ways[0].voxels.front().x(), 1.0F);
  EXPECT_EQ(read->ways[1].voxels.back().x(), 2.0F);
}

TEST(ReadTrainingCase, RefusesAWayTooSmallForAPatient) {
  const TempFolder folder;
  writeCase(folder, R"({"1": "hip"})");
  Grid grid;
  grid.size = {40, 40, 1};
  grid.spacing = {8, 8, 8};
  ASSERT_TRUE(writeImage(folder / "data" / "one" / "way-1.nrrd", VectorImage(grid, Eigen::Vector3f::Zero())));
  const auto read = readTrainingCase(folder / "data" / "one");
  ASSERT_FALSE(read);
  EXPECT_NE(read.error().message.find("way-1.nrrd"), std::string::npos);
}

TEST(Compacted, KeepsBodyLabelsAndPlaces) {
  const TempFolder folder;
  TrainingCase whole{"one", Volume(BoxPelvis::grid(), 30), BoxPelvis::kinds(), {}};
  const TrainingCase compact = compacted(whole);
  EXPECT_EQ(compact.ct.grid.spacing, Vec3(2, 2, 3));
  EXPECT_EQ(count(compact.labels, 1), count(whole.labels, 1));
  const IndexBox before = boundsOf(whole.labels, 1), after = boundsOf(compact.labels, 1);
  EXPECT_LT((whole.labels.grid.worldFromIndex(before.min.cast<double>()) -
             compact.labels.grid.worldFromIndex(after.min.cast<double>()))
                .norm(),
            1e-9);
}

TEST(Train, WritesAModelThatCanBeReadAndGoesOn) {
  const TempFolder folder;
  writeCase(folder, R"({"1": "hip", "2": "femur", "3": "sacrum", "4": "gluteus_maximus"})");
  TrainingOptions options;
  options.dataFolder = folder / "data";
  options.modelFolder = folder / "model";
  options.workFolder = folder / "work";
  options.modelName = "boxes";
  options.steps = 1;
  options.batchSize = 1;
  options.device = Device::Cpu;
  const auto first = train(options, Job());
  ASSERT_TRUE(first) << first.error().message;
  EXPECT_EQ(first->resumedFromStep, 0U);
  EXPECT_EQ(first->cases, std::vector<std::string>{"one"});
  const auto config = readModelConfig(options.modelFolder);
  ASSERT_TRUE(config) << config.error().message;
  EXPECT_EQ(config->name, "boxes");
  EXPECT_EQ(config->weightsSha256, first->weightsSha256);

  options.steps = 2;
  std::filesystem::create_directory_symlink(folder / "data" / "one", folder / "data" / "one again");
  const auto second = train(options, Job());
  ASSERT_TRUE(second);
  EXPECT_EQ(second->cases, std::vector<std::string>{"one"});  // linked twice: one case that counts twice
  EXPECT_EQ(second->resumedFromStep, 1U);
  EXPECT_NE(second->weightsSha256, first->weightsSha256);
}

TEST(Train, SaysThatAFolderHoldsNoCases) {
  const TempFolder folder;
  TrainingOptions options;
  options.dataFolder = folder.path();
  const auto report = train(options, Job());
  ASSERT_FALSE(report);
  EXPECT_EQ(report.error().code, ErrorCode::BadInput);
}

}  // namespace coxa
