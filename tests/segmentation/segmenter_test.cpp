#include "coxa/segmentation/segmenter.hpp"

#include "support/temp_folder.hpp"

#include "coxa/base/files.hpp"
#include "coxa/image/files.hpp"
#include "coxa/image/resample.hpp"

#include <gtest/gtest.h>

namespace coxa {

namespace {

class TunedAllocator : public testing::Environment {
 public:
  void SetUp() override { tuneAllocator(); }
};
[[maybe_unused]] const auto* const kTuned = testing::AddGlobalTestEnvironment(new TunedAllocator);

Volume air() {
  Grid grid;
  grid.size = {40, 40, 10};
  grid.spacing = {5, 5, 5};
  return Volume(grid, -1000);
}

SegmentationOptions quick() {
  SegmentationOptions options;
  options.samples = 1;
  options.device = Device::Cpu;
  return options;
}

}  // namespace

TEST(Segment, SaysThatAirIsNoPelvis) {
  const auto found = segment(air(), quick(), Job());
  ASSERT_FALSE(found);
  EXPECT_EQ(found.error().code, ErrorCode::BadInput);
}

TEST(Segment, SaysThatABallOfWaterIsNoPelvis) {
  Volume ball = air();
  for (int k = 0; k < 10; ++k)
    for (int j = 0; j < 40; ++j)
      for (int i = 0; i < 40; ++i)
        if (std::hypot(i - 20, j - 20) < 15) ball.at(i, j, k) = 0;
  const auto found = segment(ball, quick(), Job());
  ASSERT_FALSE(found);
  EXPECT_EQ(found.error().code, ErrorCode::BadInput);
}

TEST(Segment, RefusesAFolderWithoutAModelAndNoSamples) {
  const TempFolder folder;
  auto options = quick();
  options.modelFolder = folder.path();
  EXPECT_EQ(segment(air(), options, Job()).error().code, ErrorCode::BadInput);
  options = quick();
  options.samples = 0;
  EXPECT_EQ(segment(air(), options, Job()).error().code, ErrorCode::Usage);
}

TEST(WriteSegmentation, FilesComeBack) {
  const TempFolder folder;
  Segmentation segmentation{LabelMap(air().grid, 3),
                            ScalarImage(air().grid, 0.25F),
                            ScalarImage(air().grid, 0.5F),
                            {LabelMap(air().grid, 2)},
                            {}};
  segmentation.summary.structures.push_back(
      {"femur_left", 3, {100.0, 1.0}, 0.25, false, {}, 0.0, 1.0, {}, false});
  ASSERT_TRUE(writeSegmentation(folder / "new", segmentation));
  EXPECT_EQ(readLabelMap(folder / "new" / "labels.nrrd").value().voxels, segmentation.labels.voxels);
  EXPECT_EQ(readScalarImage(folder / "new" / "uncertainty.nrrd").value().voxels,
            segmentation.uncertainty.voxels);
  EXPECT_EQ(readScalarImage(folder / "new" / "entropy.nrrd").value().voxels, segmentation.entropy.voxels);
  EXPECT_EQ(readLabelMap(folder / "new" / "sample-01.nrrd").value().voxels, segmentation.samples[0].voxels);
  EXPECT_EQ(readSegmentationSummary(folder / "new" / "structures.json").value().structures.at(0).name,
            "femur_left");
}

}  // namespace coxa
