#include "coxa/refinement/metal_network.hpp"

#include "metal_sampler.hpp"
#include "support/temp_folder.hpp"

#include "coxa/image/files.hpp"
#include "coxa/refinement/artifact_network.hpp"
#include "coxa/refinement/metal_training.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>

namespace coxa {
namespace {

constexpr int kSize = 160;

Grid smallGrid() {
  Grid grid;
  grid.size = {kSize, kSize, 3};
  grid.spacing = {1.0, 1.0, 5.0};
  return grid;
}

bool inHead(int i, int j) {
  return std::hypot(i - 70, j - 80) < 14.0;
}
// Tissue as bright as metal, along the head's upper side.
bool inStreak(int i, int j) {
  return !inHead(i, j) && std::abs(i - 70) < 8 && j > 55 && j < 80;
}

// Water with a ball of metal's section, and a scan of it with a streak at the end of 12 bits.
struct Head {
  Volume truth{smallGrid(), 0}, scan;
  LabelMap implants{smallGrid()};

  Head() {
    scan = truth;
    for (int k = 0; k < 3; ++k)
      for (int j = 0; j < kSize; ++j)
        for (int i = 0; i < kSize; ++i) {
          if (inHead(i, j)) {
            truth.at(i, j, k) = scan.at(i, j, k) = 3071;
            implants.at(i, j, k) = 3;
          }
          if (inStreak(i, j)) scan.at(i, j, k) = 3071;
        }
  }
};

class MetalTraining : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    folder_ = std::make_unique<TempFolder>();
    const Head head;
    const auto one = *folder_ / "data" / "head";
    std::filesystem::create_directories(one);
    ASSERT_TRUE(writeImage(one / "ct.nrrd", head.scan));
    ASSERT_TRUE(writeImage(one / "ct_without_artifact.nrrd", head.truth));
    ASSERT_TRUE(writeImage(one / "implants.nrrd", head.implants));
    ArtifactTrainingOptions options;
    options.dataFolder = *folder_ / "data";
    options.modelFolder = *folder_ / "model";
    options.workFolder = *folder_ / "work";
    options.steps = 100;
    options.batchSize = 2;
    options.filters = 6;
    options.learningRate = 2e-2;
    options.device = Device::Cpu;
    const auto trained = trainMetalNetwork(options, Job());
    ASSERT_TRUE(trained) << trained.error().message;
  }
  static void TearDownTestSuite() { folder_.reset(); }

  static inline std::unique_ptr<TempFolder> folder_;
};

TEST_F(MetalTraining, TellsAHeadFromTheStreakBesideIt) {
  const auto network = MetalNetwork::load(*folder_ / "model", Device::Cpu);
  ASSERT_TRUE(network) << network.error().message;
  const Head head;
  const auto found = findMetal(head.scan).value();
  const auto kept = network->withoutStreaks(head.scan, found, Job());
  ASSERT_TRUE(kept) << kept.error().message;
  int metal = 0, lost = 0, streak = 0, left = 0;
  for (int j = 0; j < kSize; ++j)
    for (int i = 0; i < kSize; ++i) {
      ASSERT_EQ(found.implants.at(i, j, 1) != 0, inHead(i, j) || inStreak(i, j));
      const bool is = kept->implants.at(i, j, 1) != 0;
      if (inHead(i, j)) {
        ++metal;
        lost += is ? 0 : 1;
      } else if (inStreak(i, j)) {
        ++streak;
        left += is ? 1 : 0;
      } else {
        ASSERT_FALSE(is);  // nothing darker than metal becomes metal
      }
    }
  EXPECT_LT(lost, metal / 20);
  EXPECT_LT(left, streak / 4);
  EXPECT_EQ(kept->slices, found.slices);
}

TEST_F(MetalTraining, AScaleBeyond12BitsKeepsItsMetal) {
  const auto network = MetalNetwork::load(*folder_ / "model", Device::Cpu);
  ASSERT_TRUE(network);
  Head head;
  for (auto& value : head.scan.voxels)
    if (value >= 3071) value = 9000;
  const auto found = findMetal(head.scan).value();
  const auto kept = network->withoutStreaks(head.scan, found, Job());
  ASSERT_TRUE(kept);
  EXPECT_EQ(kept->implants.voxels, found.implants.voxels);
}

TEST_F(MetalTraining, MetalOfAnotherKindStays) {
  const auto network = MetalNetwork::load(*folder_ / "model", Device::Cpu);
  ASSERT_TRUE(network);
  // Only what it has learnt to be streaks: the head's place is water.
  Slice scan({kSize, kSize, 1.0, 1.0, 0.0, 0.0});
  std::vector<std::uint8_t> bright(scan.pixels.size(), 0);
  for (int j = 0; j < kSize; ++j)
    for (int i = 0; i < kSize; ++i)
      if (inStreak(i, j)) {
        scan.at(i, j) = 3071.0F;
        bright[static_cast<std::size_t>(j * kSize + i)] = 1;
      }
  const auto metal = network->metalOf(scan, bright);
  EXPECT_GE(2 * std::count(metal.begin(), metal.end(), 1), std::count(bright.begin(), bright.end(), 1));
}

TEST_F(MetalTraining, AModelOfTheOtherKindIsRefused) {
  const auto network = ArtifactNetwork::load(*folder_ / "model", Device::Cpu);
  ASSERT_FALSE(network);
  EXPECT_EQ(network.error().code, ErrorCode::BadInput);
}

MetalSlice slice() {
  const Head head;
  MetalSlice one{Slice({kSize, kSize, 1.0, 1.0, 0.0, 0.0}), {}, {}};
  for (std::size_t n = 0; n < one.scan.pixels.size(); ++n) {
    one.scan.pixels[n] = head.scan.voxels[n];
    one.bright.push_back(head.scan.voxels[n] >= 2500 ? 1 : 0);
    one.metal.push_back(head.implants.voxels[n] != 0 ? 1 : 0);
  }
  return one;
}

TEST(MetalSampler, OnlyWhatIsBrightCountsAndTheShareOfMetalIsTheSlices) {
  const MetalSampler sampler({slice()}, 3, 4);
  double metal = 0.0, streak = 0.0;
  constexpr std::size_t kPixels = static_cast<std::size_t>(MetalSampler::kSize) * MetalSampler::kSize;
  for (const std::uint64_t step : {0, 1, 2}) {
    const TrainingBatch batch = sampler(step);
    for (std::size_t n = 0; n < batch.targets.size(); ++n) {
      const float bright = batch.images.values[(n / kPixels * kMetalChannels + 3) * kPixels + n % kPixels];
      ASSERT_EQ(batch.targets[n] == kIgnoredClass, bright < 0.5F);
      metal += batch.targets[n] == 1 ? 1.0 : 0.0;
      streak += batch.targets[n] == 0 ? 1.0 : 0.0;
    }
  }
  // The areas: pi 14² against a strip of 15 x 24 pixels less what lies under the disc. Parts cut some away.
  const MetalSlice one = slice();
  const double wantedMetal = std::accumulate(one.metal.begin(), one.metal.end(), 0.0);
  const double bright = std::accumulate(one.bright.begin(), one.bright.end(), 0.0);
  EXPECT_NEAR(metal / (metal + streak), wantedMetal / bright, 0.05);
}

TEST(MetalSampler, EachStepIsAFunctionOfItsNumber) {
  const MetalSampler sampler({slice()}, 3, 2);
  EXPECT_EQ(sampler(4).images.values, sampler(4).images.values);
  EXPECT_NE(sampler(4).images.values, sampler(5).images.values);
}

}  // namespace
}  // namespace coxa
