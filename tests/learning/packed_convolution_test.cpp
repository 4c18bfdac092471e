#include "packed_convolution.hpp"

#include <gtest/gtest.h>

namespace coxa {

namespace {

Convolution randomConvolution(int inputs, int outputs, int taps) {
  Random random{1, static_cast<std::uint64_t>(inputs), static_cast<std::uint64_t>(taps)};
  Convolution convolution{inputs, outputs, taps, {}, {}};
  for (int n = 0; n < inputs * taps * taps * outputs; ++n)
    convolution.weights.push_back(static_cast<float>(random.uniform(-1.0, 1.0)));
  for (int n = 0; n < outputs; ++n) convolution.bias.push_back(static_cast<float>(random.uniform(-1.0, 1.0)));
  return convolution;
}

float& value(FeatureMap& map, int channel, int y, int x) {
  return map.at(channel / kChannelBlock, y, x)[channel % kChannelBlock];
}
float value(const FeatureMap& map, int channel, int y, int x) {
  return map.at(channel / kChannelBlock, y, x)[channel % kChannelBlock];
}

FeatureMap randomMap(int channels, int height, int width) {
  Random random{2, static_cast<std::uint64_t>(width)};
  FeatureMap map(channels, height, width);
  for (int c = 0; c < channels; ++c)
    for (int y = 0; y < height; ++y)
      for (int x = 0; x < width; ++x) value(map, c, y, x) = static_cast<float>(random.uniform(-1.0, 1.0));
  return map;
}

// By the definition, in double precision.
double sumAt(const Convolution& convolution, const FeatureMap& input, int output, int y, int x) {
  double sum = convolution.bias[static_cast<std::size_t>(output)];
  const int taps = convolution.taps, margin = taps / 2;
  for (int c = 0; c < convolution.inputs; ++c)
    for (int j = 0; j < taps; ++j)
      for (int i = 0; i < taps; ++i) {
        const int row = y + j - margin, column = x + i - margin;
        if (row < 0 || column < 0 || row >= input.height() || column >= input.width()) continue;
        const int place = ((c * taps + j) * taps + i) * convolution.outputs + output;
        sum += static_cast<double>(convolution.weights[static_cast<std::size_t>(place)]) *
               static_cast<double>(value(input, c, row, column));
      }
  return sum;
}

FeatureMap enlarged(const FeatureMap& map) {
  FeatureMap result(map.channels(), 2 * map.height(), 2 * map.width());
  for (int c = 0; c < map.channels(); ++c)
    for (int y = 0; y < result.height(); ++y)
      for (int x = 0; x < result.width(); ++x) value(result, c, y, x) = value(map, c, y / 2, x / 2);
  return result;
}

}  // namespace

TEST(PackedConvolution, IsTheSumOfProductsAtEveryWidth) {
  for (const int taps : {1, 3})
    for (int width = 1; width < 20; ++width) {
      const Convolution convolution = randomConvolution(21, 18, taps);
      const FeatureMap input = randomMap(21, 3, width);
      FeatureMap output(18, 3, width);
      convolve(packed(convolution), input, Activation::None, output);
      for (const int c : {0, 15, 16, 17})
        for (int y = 0; y < 3; ++y)
          for (int x = 0; x < width; ++x)
            ASSERT_NEAR(value(output, c, y, x), sumAt(convolution, input, c, y, x), 1e-4);
    }
}

TEST(PackedConvolution, OfKeptChannelsIsThatOfTheOthersAtZero) {
  const std::vector<int> inputs{0, 3, 17, 20}, outputs{1, 16, 17};
  const Convolution convolution = randomConvolution(21, 18, 3);
  const FeatureMap whole = randomMap(21, 4, 5);
  FeatureMap kept(21, 4, 5), picked(21, 4, 5), expected(18, 4, 5), found(18, 4, 5);
  for (const int c : inputs)
    for (int y = 0; y < 4; ++y)
      for (int x = 0; x < 5; ++x) value(kept, c, y, x) = 2.0F * value(whole, c, y, x);
  convolve(packed(convolution), kept, Activation::Rectified, expected);
  pickChannels(whole, inputs, picked);
  convolve(packed(convolution, inputs, outputs, 2.0F), picked, Activation::Rectified, found);
  for (std::size_t n = 0; n < outputs.size(); ++n)
    for (int y = 0; y < 4; ++y)
      for (int x = 0; x < 5; ++x)
        ASSERT_NEAR(value(found, static_cast<int>(n), y, x), value(expected, outputs[n], y, x), 1e-4);
}

TEST(PackedConvolution, WithoutInputsLeavesTheBias) {
  const Convolution convolution = randomConvolution(4, 2, 3);
  FeatureMap output(2, 2, 2);
  convolve(packed(convolution, {}, std::vector<int>{0, 1}, 1.0F), randomMap(4, 2, 2), Activation::None,
           output);
  EXPECT_EQ(value(output, 1, 1, 1), convolution.bias[1]);
}

TEST(EnlargedConvolution, IsThatOfTheEnlargedImageAndTheSkipConnection) {
  Convolution convolution = randomConvolution(20, 17, 3);
  const FeatureMap input = randomMap(20, 3, 7), skip = randomMap(17, 6, 14);
  FeatureMap output(17, 6, 14);
  convolveEnlarged(packedEnlarged(convolution), input, skip, output);
  convolution.bias.assign(17, 0.0F);
  const FeatureMap large = enlarged(input);
  for (const int c : {0, 16})
    for (int y = 0; y < 6; ++y)
      for (int x = 0; x < 14; ++x)
        ASSERT_NEAR(
            value(output, c, y, x),
            std::max(0.0, sumAt(convolution, large, c, y, x) + static_cast<double>(value(skip, c, y, x))),
            1e-4);
}

TEST(Pooling, TakesTheHighest) {
  const FeatureMap input = randomMap(3, 4, 6);
  FeatureMap output(3, 2, 3);
  poolHighest(input, output);
  for (int y = 0; y < 2; ++y)
    for (int x = 0; x < 3; ++x)
      EXPECT_EQ(value(output, 2, y, x),
                std::max(std::max(value(input, 2, 2 * y, 2 * x), value(input, 2, 2 * y, 2 * x + 1)),
                         std::max(value(input, 2, 2 * y + 1, 2 * x), value(input, 2, 2 * y + 1, 2 * x + 1))));
}

}  // namespace coxa
