// The CPU's own passes against LibTorch's.

#include "cpu_predictor.hpp"

#include "unet.hpp"

#include <gtest/gtest.h>
#include <tbb/global_control.h>
#include <tbb/task_arena.h>
#include <torch/types.h>
#include <torch/utils.h>

#include <algorithm>

namespace coxa {

namespace {

using torch::Tensor;

// Weights and statistics as if trained: scores spread by several units.
UNet randomNetwork(const NetworkShape& shape) {
  torch::manual_seed(3);
  UNet unet(shape);
  const torch::NoGradGuard noGradient;
  for (auto& parameter : unet->named_parameters())
    if (parameter.key().find("norm") != std::string::npos || parameter.value().dim() == 1)
      parameter.value().uniform_(0.2, 1.5);
  for (auto& buffer : unet->named_buffers())
    if (buffer.value().dim() == 1) buffer.value().uniform_(0.1, 1.0);
  unet->named_parameters()["head.weight"].mul_(4.0);
  unet->eval();
  return unet;
}

SliceBatch randomSlices(const NetworkShape& shape, int count, int height, int width) {
  SliceBatch slices{count, shape.inputChannels, height, width, {}};
  Random random{4};
  for (int n = 0; n < count * shape.inputChannels * height * width; ++n)
    slices.values.push_back(static_cast<float>(random.uniform(-1.0, 1.0)));
  return slices;
}

Tensor imagesOf(const SliceBatch& slices) {
  return torch::from_blob(const_cast<float*>(slices.values.data()),
                          {slices.count, slices.channels, slices.height, slices.width});
}

Tensor probabilitiesOf(UNet& unet, const SliceBatch& slices, const Sampling& sampling, int sample) {
  const Tensor images = imagesOf(slices);
  if (sampling.samples == 1) return torch::softmax(unet->forward(images, {}) / sampling.temperature, 1);
  Random random{sampling.seed, static_cast<std::uint64_t>(sample)};
  const DropoutMasks masks = unet->drawMasks(1, random);
  const bool mirrored = sample % 2 == 1;
  const Tensor scores = unet->forward(mirrored ? images.flip(3) : images, masks);
  return torch::softmax((mirrored ? scores.flip(3) : scores) / sampling.temperature, 1);
}

void expectNear(const std::vector<float>& found, const Tensor& expected, float tolerance) {
  const Tensor t = expected.contiguous();
  ASSERT_EQ(static_cast<std::int64_t>(found.size()), t.numel());
  for (std::size_t n = 0; n < found.size(); ++n) ASSERT_NEAR(found[n], t.data_ptr<float>()[n], tolerance);
}

// Where the two highest probabilities are not within the tolerance of each other.
void expectMostProbable(const std::vector<std::uint8_t>& found, const Tensor& probabilities) {
  const auto top = probabilities.topk(2, 1);
  const Tensor kinds = std::get<1>(top).select(1, 0).contiguous();
  const Tensor lead = (std::get<0>(top).select(1, 0) - std::get<0>(top).select(1, 1)).contiguous();
  for (std::size_t n = 0; n < found.size(); ++n)
    if (lead.data_ptr<float>()[n] > 1e-4F) {
      ASSERT_EQ(found[n], kinds.data_ptr<std::int64_t>()[n]);
    }
}

void expectAsLibTorch(const NetworkShape& shape, int height, int width, const Sampling& sampling) {
  const torch::NoGradGuard noGradient;
  UNet unet = randomNetwork(shape);
  const SliceBatch slices = randomSlices(shape, 2, height, width);
  const auto found =
      CpuPredictor(unet->folded()).predictAt({sampling.temperature}, slices, sampling, Job()).value().front();
  Tensor sum = torch::zeros({2, shape.classes, height, width}), squares = torch::zeros_like(sum);
  for (int sample = 0; sample < sampling.samples; ++sample) {
    const Tensor probabilities = probabilitiesOf(unet, slices, sampling, sample);
    expectMostProbable(found.samples[static_cast<std::size_t>(sample)], probabilities);
    sum += probabilities;
    squares += probabilities.square();
  }
  const Tensor mean = sum / sampling.samples;
  expectNear(found.mean, mean, 1e-4F);
  expectNear(found.variance, (squares / sampling.samples - mean.square()).sum(1), 1e-4F);
  expectNear(found.entropy, -torch::xlogy(mean, mean).sum(1), 1e-3F);
}

const NetworkShape kOurs{5, 29, 32, 5, 0.25, 16};

}  // namespace

TEST(CpuPredictor, OnePassIsLibTorchs) {
  expectAsLibTorch(kOurs, 48, 80, {1, 1, 1.0});
  expectAsLibTorch(kOurs, 16, 16, {1, 1, 1.0});
}

TEST(CpuPredictor, ThinnedAndMirroredSamplesAreLibTorchs) {
  expectAsLibTorch(kOurs, 80, 48, {4, 7, 1.3});
}

TEST(CpuPredictor, OtherShapesAreLibTorchs) {
  expectAsLibTorch({1, 2, 4, 2, 0.25, 4}, 18, 22, {6, 1, 1.0});
  expectAsLibTorch({3, 17, 12, 3, 0.5, 20}, 24, 20, {6, 2, 0.7});
}

TEST(CpuPredictor, SamplesThatDropEverythingAreLibTorchs) {
  expectAsLibTorch({1, 3, 2, 3, 0.9, 2}, 8, 8, {12, 1, 1.0});
}

TEST(CpuPredictor, TemperaturesTogetherAreThoseAlone) {
  const CpuPredictor predictor(randomNetwork(kOurs)->folded());
  const SliceBatch slices = randomSlices(kOurs, 1, 32, 16);
  const auto together = predictor.predictAt({0.8, 1.6}, slices, {3, 1}, Job()).value();
  for (const std::size_t n : {0U, 1U}) {
    const double temperature = n == 0 ? 0.8 : 1.6;
    const auto alone = predictor.predictAt({temperature}, slices, {3, 1}, Job()).value().front();
    EXPECT_EQ(together[n].mean, alone.mean);
    EXPECT_EQ(together[n].variance, alone.variance);
    EXPECT_EQ(together[n].samples, alone.samples);
  }
}

TEST(CpuPredictor, NeitherThreadsNorBatchesChangeAByte) {
  const CpuPredictor predictor(randomNetwork(kOurs)->folded());
  const SliceBatch slices = randomSlices(kOurs, 5, 32, 48);
  const auto with = [&](int threads) {
    const tbb::global_control limit(tbb::global_control::max_allowed_parallelism,
                                    static_cast<std::size_t>(threads));
    tbb::task_arena arena(threads);
    return arena.execute([&] { return predictor.predictAt({1.0}, slices, {4, 1}, Job()).value().front(); });
  };
  const auto one = with(1), four = with(4);
  EXPECT_EQ(one.mean, four.mean);
  EXPECT_EQ(one.variance, four.variance);
  EXPECT_EQ(one.entropy, four.entropy);
  EXPECT_EQ(one.samples, four.samples);

  SliceBatch last = slices;
  last.count = 1;
  last.values.erase(last.values.begin(),
                    last.values.end() - std::ptrdiff_t{kOurs.inputChannels} * slices.height * slices.width);
  const auto alone = predictor.predictAt({1.0}, last, {4, 1}, Job()).value().front();
  EXPECT_TRUE(std::equal(alone.mean.rbegin(), alone.mean.rend(), one.mean.rbegin()));
  EXPECT_TRUE(std::equal(alone.variance.rbegin(), alone.variance.rend(), one.variance.rbegin()));
}

}  // namespace coxa
