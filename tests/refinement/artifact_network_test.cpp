#include "coxa/refinement/artifact_network.hpp"

#include "support/temp_folder.hpp"

#include "coxa/base/files.hpp"
#include "coxa/image/files.hpp"
#include "coxa/refinement/artifact_training.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace coxa {
namespace {

constexpr int kSize = 208;

Grid smallGrid() {
  Grid grid;
  grid.size = {kSize, kSize, 4};
  grid.spacing = {1.0, 1.0, 5.0};
  return grid;
}

double radius(int i, int j) {
  return std::hypot(i - 0.5 * kSize, j - 0.5 * kSize);
}

// A cylinder of water with a rod of metal; the reduced CT is 36 HU too bright on the right half of the
// picture.
struct Rod {
  Volume truth{smallGrid(), -1000}, reduced, scan;

  Rod() {
    for (int k = 0; k < truth.grid.size.z(); ++k)
      for (int j = 0; j < kSize; ++j)
        for (int i = 0; i < kSize; ++i)
          if (radius(i, j) < 98.0)
            truth.at(i, j, k) =
                static_cast<std::int16_t>(radius(i, j) < 5.0 ? 3071 : (7 * i + 3 * j) % 11 - 5);
    reduced = scan = truth;
    for (int k = 0; k < truth.grid.size.z(); ++k)
      for (int j = 0; j < kSize; ++j)
        for (int i = 0; i < kSize; ++i) {
          if (radius(i, j) >= 98.0 || radius(i, j) < 5.0) continue;
          scan.at(i, j, k) = static_cast<std::int16_t>(scan.at(i, j, k) + (i > kSize / 2 ? 200 : 0));
          reduced.at(i, j, k) = static_cast<std::int16_t>(reduced.at(i, j, k) + (i > kSize / 2 ? 36 : 0));
        }
  }
};

class SmallTraining : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    folder_ = std::make_unique<TempFolder>();
    const Rod rod;
    const auto one = *folder_ / "data" / "rod";
    std::filesystem::create_directories(one);
    ASSERT_TRUE(writeImage(one / "ct.nrrd", rod.scan));
    ASSERT_TRUE(writeImage(one / "reduced.nrrd", rod.reduced));
    ASSERT_TRUE(writeImage(one / "metal.nrrd", findMetal(rod.scan).value().implants));
    ASSERT_TRUE(writeImage(one / "ct_without_artifact.nrrd", rod.truth));
    ArtifactTrainingOptions options;
    options.dataFolder = *folder_ / "data";
    options.modelFolder = *folder_ / "model";
    options.workFolder = *folder_ / "work";
    options.steps = 120;
    options.batchSize = 2;
    options.filters = 8;
    options.learningRate = 2e-2;
    options.device = Device::Cpu;
    const auto trained = trainArtifactNetwork(options, Job());
    ASSERT_TRUE(trained) << trained.error().message;
    EXPECT_EQ(trained->cases, std::vector<std::string>{"rod"});
  }
  static void TearDownTestSuite() { folder_.reset(); }

  static inline std::unique_ptr<TempFolder> folder_;
};

TEST_F(SmallTraining, LearnsWhatTheReductionLeavesAndTouchesNothingElse) {
  const auto network = ArtifactNetwork::load(*folder_ / "model", Device::Cpu);
  ASSERT_TRUE(network) << network.error().message;
  const Rod rod;
  MetalReduction reduction{rod.reduced, findMetal(rod.scan).value(), {}};
  reduction.found.slices.pop_back();  // as if the last slice held no metal
  const auto refined = network->refined(rod.scan, reduction, Job());
  ASSERT_TRUE(refined) << refined.error().message;

  double before = 0.0, after = 0.0, sd = 0.0;
  int count = 0;
  const int last = rod.truth.grid.size.z() - 1;
  for (int k = 0; k <= last; ++k)
    for (int j = 0; j < kSize; ++j)
      for (int i = 0; i < kSize; ++i) {
        if (k == last || radius(i, j) >= 99.0 || radius(i, j) < 5.0) {
          ASSERT_EQ(refined->ct.at(i, j, k), rod.reduced.at(i, j, k));
          ASSERT_EQ(refined->sdHu.at(i, j, k), 0.0F);
        } else if (radius(i, j) < 90.0 && radius(i, j) > 9.0) {
          before += std::abs(rod.reduced.at(i, j, k) - rod.truth.at(i, j, k));
          after += std::abs(refined->ct.at(i, j, k) - rod.truth.at(i, j, k));
          sd += refined->sdHu.at(i, j, k);
          ++count;
        }
      }
  EXPECT_LT(after, 0.5 * before);
  EXPECT_GT(sd / count, 1.0);
}

TEST_F(SmallTraining, AChangedModelIsRefused) {
  const auto copy = *folder_ / "changed";
  std::filesystem::copy(*folder_ / "model", copy);
  ASSERT_TRUE(writeFileAtomically(copy / "weights.pt", "other bytes"));
  const auto network = ArtifactNetwork::load(copy, Device::Cpu);
  ASSERT_FALSE(network);
  EXPECT_EQ(network.error().code, ErrorCode::BadInput);
}

TEST(ArtifactTraining, NamesTheCaseWhoseFileIsMissing) {
  const TempFolder folder;
  std::filesystem::create_directories(folder / "data" / "empty");
  ArtifactTrainingOptions options;
  options.dataFolder = folder / "data";
  options.modelFolder = folder / "model";
  options.workFolder = folder / "work";
  const auto trained = trainArtifactNetwork(options, Job());
  ASSERT_FALSE(trained);
  EXPECT_NE(trained.error().message.find("empty"), std::string::npos);
}

}  // namespace
}  // namespace coxa
