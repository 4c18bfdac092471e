#pragma once

#include "coxa/learning/network.hpp"
#include "coxa/learning/random.hpp"

#include <vector>

namespace coxa {

/// A convolution with its batch normalisation in its weights.
struct Convolution {
  int inputs = 0, outputs = 0;
  int taps = 0;                ///< rows and columns
  std::vector<float> weights;  ///< [input][tap row][tap column][output]
  std::vector<float> bias;     ///< [output]
};

/// The U-Net of unet.hpp as plain numbers.
struct NetworkWeights {
  struct Block {
    Convolution first, second;
  };
  struct Up {
    Convolution reduce, skip;
    Block block;  ///< the bias of its first convolution is in the skip connection's
  };
  NetworkShape shape;
  std::vector<Block> down;  ///< of level 0, 1, …
  std::vector<Up> up;       ///< of level 0, 1, …
  Convolution head;
};

/// Channels at the places of dropout: input and output of the deepest block's second convolution, then the
/// outputs of the ways up, the deepest first, the finest left out.
std::vector<int> dropoutWidths(const NetworkShape& shape);

/// For every place the channels that one sample keeps, ascending.
using KeptChannels = std::vector<std::vector<int>>;
KeptChannels drawKeptChannels(const NetworkShape& shape, Random& random);
KeptChannels allChannels(const NetworkShape& shape);

}  // namespace coxa
