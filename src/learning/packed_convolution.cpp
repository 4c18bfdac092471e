#include "packed_convolution.hpp"

#include "convolution_row.hpp"

#include <algorithm>
#include <numeric>

namespace coxa {

namespace {

std::vector<int> all(int count) {
  std::vector<int> channels(static_cast<std::size_t>(count));
  std::iota(channels.begin(), channels.end(), 0);
  return channels;
}

// The weights of a block of outputs, from those of all outputs.
ChannelBlock picked(const float* values, std::span<const int> outputs, float factor) {
  ChannelBlock block;
  for (std::size_t n = 0; n < outputs.size(); ++n) block.values[n] = factor * values[outputs[n]];
  return block;
}

void packBlock(const Convolution& convolution, std::span<const int> inputs, std::span<const int> outputs,
               float factor, std::vector<ChannelBlock>& weights) {
  const int taps = convolution.taps * convolution.taps;
  for (std::size_t first = 0; first < inputs.size(); first += kChannelBlock) {
    const auto block = inputs.subspan(first, std::min<std::size_t>(kChannelBlock, inputs.size() - first));
    for (int tap = 0; tap < taps; ++tap)
      for (const int input : block) {
        const auto start =
            static_cast<std::size_t>(input * taps + tap) * static_cast<std::size_t>(convolution.outputs);
        weights.push_back(picked(convolution.weights.data() + start, outputs, factor));
      }
  }
}

// The 2×2 taps of an enlarged pixel in one direction: which of the three taps fall onto the nearer and the
// farther pixel. `half`: 0 for the upper or left one, 1 for the other.
int tapAfterEnlarging(int tap, int half) {
  return half == 0 ? (tap == 0 ? 0 : 1) : (tap == 2 ? 1 : 0);
}

Convolution ofEnlargedPixel(const Convolution& whole, int lower, int right) {
  const auto outputs = static_cast<std::size_t>(whole.outputs);
  Convolution part{whole.inputs, whole.outputs, 2, {}, whole.bias};
  part.weights.resize(static_cast<std::size_t>(whole.inputs) * 4 * outputs);
  for (int input = 0; input < whole.inputs; ++input)
    for (int y = 0; y < 3; ++y)
      for (int x = 0; x < 3; ++x) {
        const int tap = 2 * tapAfterEnlarging(y, lower) + tapAfterEnlarging(x, right);
        const float* from = whole.weights.data() + static_cast<std::size_t>(input * 9 + y * 3 + x) * outputs;
        float* to = part.weights.data() + static_cast<std::size_t>(input * 4 + tap) * outputs;
        for (std::size_t n = 0; n < outputs; ++n) to[n] += from[n];
      }
  return part;
}

ConvolutionRow rowOf(const PackedConvolution& convolution, int block, const FeatureMap& input) {
  ConvolutionRow row;
  row.inputRowStride = input.rowStride();
  row.inputBlockStride = input.blockStride();
  row.inputChannels = convolution.inputs;
  row.taps = convolution.taps;
  const auto perBlock =
      static_cast<std::size_t>(convolution.inputs) * static_cast<std::size_t>(row.taps * row.taps);
  row.weights =
      reinterpret_cast<const float*>(convolution.weights.data() + static_cast<std::size_t>(block) * perBlock);
  row.width = input.width();
  return row;
}

}  // namespace

PackedConvolution packed(const Convolution& convolution, std::span<const int> inputs,
                         std::span<const int> outputs, float factor) {
  PackedConvolution result{
      static_cast<int>(inputs.size()), static_cast<int>(outputs.size()), convolution.taps, {}, {}};
  const auto blocks = static_cast<std::size_t>(channelBlocks(result.outputs));
  result.weights.reserve(blocks * inputs.size() *
                         static_cast<std::size_t>(convolution.taps * convolution.taps));
  for (std::size_t first = 0; first < outputs.size(); first += kChannelBlock) {
    const auto block = outputs.subspan(first, std::min<std::size_t>(kChannelBlock, outputs.size() - first));
    packBlock(convolution, inputs, block, factor, result.weights);
    result.bias.push_back(picked(convolution.bias.data(), block, 1.0F));
  }
  return result;
}

PackedConvolution packed(const Convolution& convolution) {
  return packed(convolution, all(convolution.inputs), all(convolution.outputs), 1.0F);
}

EnlargedConvolution packedEnlarged(const Convolution& convolution) {
  EnlargedConvolution enlarged;
  for (int pixel = 0; pixel < 4; ++pixel)
    enlarged.ofPixel[static_cast<std::size_t>(pixel)] =
        packed(ofEnlargedPixel(convolution, pixel / 2, pixel % 2));
  return enlarged;
}

void convolve(const PackedConvolution& convolution, const FeatureMap& input, Activation activation,
              FeatureMap& output) {
  const int margin = convolution.taps / 2;
  for (int block = 0; block < channelBlocks(convolution.outputs); ++block) {
    ConvolutionRow row = rowOf(convolution, block, input);
    row.start = convolution.bias[static_cast<std::size_t>(block)].values;
    row.outputStep = kChannelBlock;
    row.rectified = activation == Activation::Rectified;
    for (int y = 0; y < input.height(); ++y) {
      row.input = input.at(0, y - margin, -margin);
      row.output = output.at(block, y, 0);
      convolveRow(row);
    }
  }
}

void convolveEnlarged(const EnlargedConvolution& convolution, const FeatureMap& input, const FeatureMap& skip,
                      FeatureMap& output) {
  for (int pixel = 0; pixel < 4; ++pixel) {
    const PackedConvolution& part = convolution.ofPixel[static_cast<std::size_t>(pixel)];
    const int lower = pixel / 2, right = pixel % 2;
    for (int block = 0; block < channelBlocks(part.outputs); ++block) {
      ConvolutionRow row = rowOf(part, block, input);
      row.startStep = row.outputStep = std::ptrdiff_t{2} * kChannelBlock;
      row.rectified = true;
      for (int y = 0; y < input.height(); ++y) {
        row.input = input.at(0, y - 1 + lower, -1 + right);
        row.start = skip.at(block, 2 * y + lower, right);
        row.output = output.at(block, 2 * y + lower, right);
        convolveRow(row);
      }
    }
  }
}

void poolHighest(const FeatureMap& input, FeatureMap& output) {
  for (int block = 0; block < output.blocks(); ++block)
    for (int y = 0; y < output.height(); ++y)
      for (int x = 0; x < output.width(); ++x) {
        const float* upper = input.at(block, 2 * y, 2 * x);
        const float* lower = input.at(block, 2 * y + 1, 2 * x);
        float* highest = output.at(block, y, x);
        for (int c = 0; c < kChannelBlock; ++c)
          highest[c] = std::max(std::max(upper[c], upper[c + kChannelBlock]),
                                std::max(lower[c], lower[c + kChannelBlock]));
      }
}

void pickChannels(const FeatureMap& input, std::span<const int> channels, FeatureMap& output) {
  for (std::size_t n = 0; n < channels.size(); ++n) {
    const int from = channels[n], to = static_cast<int>(n);
    for (int y = 0; y < input.height(); ++y)
      for (int x = 0; x < input.width(); ++x)
        output.at(to / kChannelBlock, y, x)[to % kChannelBlock] =
            input.at(from / kChannelBlock, y, x)[from % kChannelBlock];
  }
}

}  // namespace coxa
