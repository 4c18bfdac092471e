#include "coxa/segmentation/calibration.hpp"

#include "support/temp_folder.hpp"

#include "coxa/base/files.hpp"
#include "coxa/base/resources.hpp"
#include "coxa/image/files.hpp"

#include <gtest/gtest.h>

namespace coxa {

namespace {

class CalibrateTest : public testing::Test {
 protected:
  // A copy of the shipped model, and water where a patient should be.
  CalibrateTest() {
    std::filesystem::copy(modelPath("hip-ct"), folder_ / "model");
    for (const char* name : {"one", "two"}) addCase(name);
    options_.modelFolder = folder_ / "model";
    options_.dataFolder = folder_ / "data";
    options_.samples = 2;
    options_.device = Device::Cpu;
  }
  void addCase(const std::string& name) {
    const auto one = folder_ / "data" / name;
    std::filesystem::create_directories(one);
    Grid grid;
    grid.size = {32, 32, 4};
    grid.spacing = {4, 4, 3};
    EXPECT_TRUE(writeImage(one / "ct.nrrd", Volume(grid, 0)));
    EXPECT_TRUE(writeImage(one / "labels.nrrd", LabelMap(grid)));
  }
  std::string modelText() const { return readFile(folder_ / "model" / "model.json").value(); }

  TempFolder folder_;
  CalibrationOptions options_;
};

}  // namespace

TEST_F(CalibrateTest, ACaseWhereNothingIsFoundLeavesTheModelAsItWas) {
  const std::string before = modelText();
  const auto report = calibrate(options_, Job());
  ASSERT_FALSE(report);
  EXPECT_EQ(report.error().code, ErrorCode::BadInput);
  EXPECT_NE(report.error().message.find((folder_ / "data").string()), std::string::npos);
  EXPECT_EQ(modelText(), before);
}

TEST_F(CalibrateTest, OneCaseCannotBothFitAndJudge) {
  std::filesystem::remove_all(folder_ / "data" / "two");
  const auto report = calibrate(options_, Job());
  ASSERT_FALSE(report);
  EXPECT_EQ(report.error().code, ErrorCode::BadInput);
}

TEST_F(CalibrateTest, Cancels) {
  const std::string before = modelText();
  const Job job;
  job.cancel();
  const auto report = calibrate(options_, job);
  ASSERT_FALSE(report);
  EXPECT_EQ(report.error().code, ErrorCode::Cancelled);
  EXPECT_EQ(modelText(), before);
}

}  // namespace coxa
