#include "artifact_sampler.hpp"

#include "correction_bins.hpp"
#include "network_input.hpp"

#include <gtest/gtest.h>

namespace coxa {
namespace {

constexpr int kWidth = 220, kHeight = 180;

// Water that a scan shows 24 HU too bright after the reduction, with metal in the middle.
ArtifactSlice waterWithMetal() {
  const std::size_t pixels = static_cast<std::size_t>(kWidth) * kHeight;
  ArtifactSlice slice{kWidth,
                      kHeight,
                      std::vector<float>(pixels, 90.0F),
                      std::vector<float>(pixels, 24.0F),
                      std::vector<float>(pixels, 0.0F),
                      std::vector<std::uint8_t>(pixels, 0),
                      {}};
  for (int j = 80; j < 100; ++j)
    for (int i = 100; i < 120; ++i) slice.metal[static_cast<std::size_t>(j * kWidth + i)] = 1;
  slice.nearMetal = nearnessOf(slice.metal, kWidth, 1.0);
  return slice;
}

TEST(ArtifactSampler, TargetsAreWhatIsMissingToTheTruthAndMetalDoesNotCount) {
  const ArtifactSampler sampler({waterWithMetal()}, 5, 8);
  const TrainingBatch batch = sampler(3);
  std::size_t counted = 0, metal = 0;
  constexpr std::size_t kPixels = static_cast<std::size_t>(ArtifactSampler::kSize) * ArtifactSampler::kSize;
  for (std::size_t n = 0; n < batch.targets.size(); ++n) {
    const float isMetal = batch.images.values[(n / kPixels * kInputChannels + 6) * kPixels + n % kPixels];
    metal += isMetal > 0.5F;
    if (isMetal > 0.5F) {
      ASSERT_EQ(batch.targets[n], kIgnoredClass);
    }
    if (batch.targets[n] == kIgnoredClass) continue;
    ++counted;
    ASSERT_EQ(batch.targets[n], binOf(-24.0F));
  }
  EXPECT_GT(counted, batch.targets.size() / 8);
  EXPECT_GT(metal, 100U);
}

TEST(ArtifactSampler, EachStepIsAFunctionOfItsNumber) {
  const ArtifactSampler sampler({waterWithMetal()}, 5, 2);
  EXPECT_EQ(sampler(3).images.values, sampler(3).images.values);
  EXPECT_NE(sampler(3).targets, sampler(4).targets);
}

TEST(NetworkInput, NearnessIsOneOnMetalAndFallsOff) {
  const ArtifactSlice slice = waterWithMetal();
  const auto at = [&](int i, int j) { return slice.nearMetal[static_cast<std::size_t>(j * kWidth + i)]; };
  EXPECT_GT(at(110, 90), 0.95F);
  EXPECT_GT(at(110, 90), at(130, 90));
  EXPECT_GT(at(130, 90), at(150, 90));
  EXPECT_LT(at(200, 90), 1e-3F);
}

}  // namespace
}  // namespace coxa
