#include "slice_sampler.hpp"

#include "pelvis_phantom.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace coxa {

namespace {

// Water with bones of 800 HU where the labels say hip.
TrainingCase phantomCase() {
  const auto table = StructureTable::loadDefault().value();
  TrainingCase one{"box", Volume(BoxPelvis::grid(), 0), LabelMap(BoxPelvis::grid()), {}};
  const LabelMap kinds = BoxPelvis::kinds();
  for (std::size_t v = 0; v < kinds.voxels.size(); ++v)
    if (kinds.voxels[v] == 1) {
      one.ct.voxels[v] = 800;
      one.labels.voxels[v] = table.find("hip_left")->value;
    }
  return one;
}

SliceSampler sampler(std::uint64_t seed) {
  const auto table = StructureTable::loadDefault().value();
  const ModelConfig config = newModelConfig("test", table);
  return SliceSampler({trainingPatient(phantomCase(), config, table, 1)}, config, seed, 3);
}

}  // namespace

TEST(SliceSampler, ABatchDependsOnSeedAndStepAlone) {
  const auto one = sampler(1)(5), same = sampler(1)(5), step = sampler(1)(6), seed = sampler(2)(5);
  EXPECT_EQ(one.images.values, same.images.values);
  EXPECT_EQ(one.targets, same.targets);
  EXPECT_NE(one.images.values, step.images.values);
  EXPECT_NE(one.images.values, seed.images.values);
}

TEST(SliceSampler, APatientIsSeenAsOftenAsItWeighs) {
  const auto table = StructureTable::loadDefault().value();
  const ModelConfig config = newModelConfig("test", table);
  // Slices with bone are of the labelled patient; the other has none.
  const auto slicesWithBone = [&](int weight, int weightOfOther) {
    TrainingCase labelled = phantomCase(), other = phantomCase();
    labelled.weight = weight;
    other.weight = weightOfOther;
    std::fill(other.labels.voxels.begin(), other.labels.voxels.end(), std::uint8_t{0});
    const SliceSampler both(
        {trainingPatient(labelled, config, table, 1), trainingPatient(other, config, table, 1)}, config, 1,
        1);
    int count = 0;
    for (std::uint64_t step = 0; step < 160; ++step) {
      const auto batch = both(step);
      count += std::count(batch.targets.begin(), batch.targets.end(), 1) > 0;
    }
    return count;
  };
  // Expected 3 to 1; of 160 draws the shares have a standard deviation of 3 %.
  const double ratio = static_cast<double>(slicesWithBone(3, 1)) / slicesWithBone(1, 3);
  EXPECT_GT(ratio, 2.0);
  EXPECT_LT(ratio, 4.5);
}

TEST(SliceSampler, ImageAndTargetAreDeformedTogether) {
  const auto hip = static_cast<std::uint8_t>(1);
  std::size_t bones = 0, bright = 0, dark = 0, others = 0;
  for (std::uint64_t step = 0; step < 8; ++step) {
    const auto batch = sampler(1)(step);
    const std::size_t pixels = static_cast<std::size_t>(SliceSampler::kWidth) * SliceSampler::kHeight;
    for (std::size_t n = 0; n < batch.targets.size(); ++n) {
      const std::size_t middle = (n / pixels * 5 + 2) * pixels + n % pixels;
      const bool isBright = batch.images.values[middle] > 0.6F;
      if (batch.targets[n] == hip) {
        ++bones;
        bright += isBright ? 1 : 0;
      } else if (batch.targets[n] == 0) {
        ++others;
        dark += isBright ? 0 : 1;
      }
    }
  }
  ASSERT_GT(bones, 1000U);
  // All but the partial volumes at the edges.
  EXPECT_GT(static_cast<double>(bright) / static_cast<double>(bones), 0.9);
  EXPECT_GT(static_cast<double>(dark) / static_cast<double>(others), 0.97);
}

TEST(SliceSampler, UnknownVoxelsDoNotCount) {
  const auto table = StructureTable::loadDefault().value();
  const ModelConfig config = newModelConfig("test", table);
  TrainingCase one = phantomCase();
  for (auto& voxel : one.labels.voxels)
    if (voxel != 0) voxel = kUnknownValue;
  const SliceSampler unknown({trainingPatient(one, config, table, 1)}, config, 1, 3);
  std::size_t ignored = 0, ignoredAsHip = 0;
  for (std::uint64_t step = 0; step < 8; ++step) {
    const auto targets = unknown(step).targets;
    ignored += static_cast<std::size_t>(std::count(targets.begin(), targets.end(), kIgnoredClass));
    ignoredAsHip += static_cast<std::size_t>(std::count(targets.begin(), targets.end(), std::uint8_t{1}));
  }
  EXPECT_GT(ignored, 1000U);
  EXPECT_EQ(ignoredAsHip, 0U);
}

TEST(SliceSampler, ValuesLieInTheNetworksRange) {
  for (const float value : sampler(3)(0).images.values) {
    ASSERT_GE(value, -1.0F);
    ASSERT_LE(value, 1.0F);
  }
}

}  // namespace coxa
