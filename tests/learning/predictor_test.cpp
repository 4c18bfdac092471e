#include "coxa/learning/predictor.hpp"

#include "tiny_problem.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <fstream>

namespace coxa {

namespace {

class PredictorTest : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    folder = new TempFolder;
    ASSERT_TRUE(trainNetwork(tinyTraining(*folder, 150), squares, Job()));
  }
  static void TearDownTestSuite() { delete folder; }

  static Predictor predictor() {
    return Predictor::load(*folder / "weights.pt", tinyTraining(*folder, 0).shape, Device::Cpu).value();
  }
  static SlicePrediction predict(const SliceBatch& slices, int samples, std::uint64_t seed = 1) {
    return predictor().predict(slices, {samples, seed}, Job()).value();
  }
  static inline TempFolder* folder = nullptr;
};

SliceBatch slice(const SliceBatch& batch, int index) {
  SliceBatch one = batch;
  one.count = 1;
  const std::size_t size = batch.values.size() / static_cast<std::size_t>(batch.count);
  const auto first =
      batch.values.begin() + static_cast<std::ptrdiff_t>(size * static_cast<std::size_t>(index));
  one.values.assign(first, first + static_cast<std::ptrdiff_t>(size));
  return one;
}

}  // namespace

TEST_F(PredictorTest, FindsTheSquares) {
  const auto batch = squares(12345);
  const auto found = predict(batch.images, 10);
  const std::size_t pixels = 16 * 16;
  std::size_t right = 0;
  for (std::size_t n = 0; n < batch.targets.size(); ++n) {
    const std::size_t item = n / pixels;
    const float inside = found.mean[(2 * item + 1) * pixels + n % pixels];
    EXPECT_NEAR(inside + found.mean[2 * item * pixels + n % pixels], 1.0F, 1e-5F);
    right += (inside > 0.5F) == (batch.targets[n] == 1) ? 1 : 0;
  }
  EXPECT_GT(static_cast<double>(right) / static_cast<double>(batch.targets.size()), 0.95);
}

TEST_F(PredictorTest, OneSampleHasNoVariance) {
  const auto found = predict(squares(7).images, 1);
  EXPECT_EQ(*std::max_element(found.variance.begin(), found.variance.end()), 0.0F);
  EXPECT_EQ(found.samples.size(), 1U);
}

TEST_F(PredictorTest, VarianceLiesBetweenZeroAndOneAndIsThere) {
  const auto found = predict(squares(7).images, 10);
  for (const float v : found.variance) {
    EXPECT_GE(v, 0.0F);
    EXPECT_LE(v, 1.0F);
  }
  EXPECT_GT(*std::max_element(found.variance.begin(), found.variance.end()), 0.0F);
}

TEST_F(PredictorTest, EntropyIsThatOfTheMean) {
  const auto found = predict(squares(7).images, 10);
  const std::size_t pixels = 16 * 16;
  for (std::size_t n = 0; n < found.entropy.size(); ++n) {
    double expected = 0.0;
    for (const std::size_t c : {0U, 1U}) {
      const double p = found.mean[(2 * (n / pixels) + c) * pixels + n % pixels];
      if (p > 0.0) expected -= p * std::log(p);
    }
    ASSERT_NEAR(found.entropy[n], expected, 1e-4);
  }
}

TEST_F(PredictorTest, AHigherTemperatureIsLessSure) {
  const auto images = squares(7).images;
  const auto sure = predictor().predict(images, {1, 1, 0.5}, Job()).value();
  const auto unsure = predictor().predict(images, {1, 1, 2.0}, Job()).value();
  for (std::size_t n = 0; n < sure.entropy.size(); ++n) ASSERT_LE(sure.entropy[n], unsure.entropy[n] + 1e-6F);
  EXPECT_EQ(sure.samples, unsure.samples);
}

TEST_F(PredictorTest, SameSeedSameBytes) {
  const auto images = squares(7).images;
  const auto one = predict(images, 5), same = predict(images, 5), other = predict(images, 5, 2);
  EXPECT_EQ(one.mean, same.mean);
  EXPECT_EQ(one.variance, same.variance);
  EXPECT_EQ(one.samples, same.samples);
  EXPECT_NE(one.mean, other.mean);
}

TEST_F(PredictorTest, ASampleIsTheSameNetworkInEveryBatch) {
  const auto images = squares(7).images;
  const auto together = predict(images, 5), alone = predict(slice(images, 1), 5);
  const std::size_t half = alone.mean.size();
  for (std::size_t n = 0; n < half; ++n) EXPECT_EQ(together.mean[half + n], alone.mean[n]);
}

TEST_F(PredictorTest, StopsWhenCancelled) {
  const Job job;
  job.cancel();
  const auto found = predictor().predict(squares(7).images, {5, 1}, job);
  ASSERT_FALSE(found);
  EXPECT_EQ(found.error().code, ErrorCode::Cancelled);
}

TEST_F(PredictorTest, RefusesWeightsOfAnotherNetwork) {
  const auto other = Predictor::load(*folder / "weights.pt", {1, 3, 4, 2, 0.25, 4}, Device::Cpu);
  ASSERT_FALSE(other);
  EXPECT_EQ(other.error().code, ErrorCode::BadInput);

  std::ofstream(*folder / "broken.pt") << "not weights";
  EXPECT_FALSE(Predictor::load(*folder / "broken.pt", {1, 2, 4, 2, 0.25, 4}, Device::Cpu));
}

TEST_F(PredictorTest, CostGrowsWithThePixels) {
  const auto p = predictor();
  EXPECT_GT(p.encoderFlops(16, 16), 0.0);
  EXPECT_GT(p.sampleFlops(16, 16), 0.0);
  EXPECT_DOUBLE_EQ(p.sampleFlops(32, 32), 4.0 * p.sampleFlops(16, 16));
}

}  // namespace coxa
