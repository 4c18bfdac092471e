#pragma once

#include "feature_map.hpp"
#include "network_weights.hpp"

#include <array>
#include <span>

namespace coxa {

/// A convolution with its weights in the order in which they are used.
struct PackedConvolution {
  int inputs = 0, outputs = 0;
  int taps = 0;
  std::vector<ChannelBlock> weights;  ///< [output block][input block][tap row][tap column][channel]
  std::vector<ChannelBlock> bias;     ///< [output block]
};

/// Only some channels of a convolution, its weights multiplied by `factor`.
PackedConvolution packed(const Convolution& convolution, std::span<const int> inputs,
                         std::span<const int> outputs, float factor);
PackedConvolution packed(const Convolution& convolution);

/// A 3×3 convolution of an image enlarged twice by repeating its pixels. Each of the four enlarged pixels of
/// a pixel sees only 2×2 different ones, so that 4 products do for 9.
struct EnlargedConvolution {
  std::array<PackedConvolution, 4> ofPixel;  ///< upper left, upper right, lower left, lower right
};
EnlargedConvolution packedEnlarged(const Convolution& convolution);

enum class Activation { None, Rectified };

/// Same size, zeros around. The input may have more channels than the convolution takes: the first count.
void convolve(const PackedConvolution& convolution, const FeatureMap& input, Activation activation,
              FeatureMap& output);
/// Added to `skip`, of the output's size (twice the input's), and rectified.
void convolveEnlarged(const EnlargedConvolution& convolution, const FeatureMap& input, const FeatureMap& skip,
                      FeatureMap& output);
/// The highest of each 2×2 pixels.
void poolHighest(const FeatureMap& input, FeatureMap& output);
/// Some channels of a map.
void pickChannels(const FeatureMap& input, std::span<const int> channels, FeatureMap& output);

}  // namespace coxa
