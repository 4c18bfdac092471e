#pragma once

#include <cstdint>
#include <vector>

namespace coxa {

/// A 2-D U-Net (Ronneberger 2015) with two 3×3 convolutions and batch normalisation per block.
struct NetworkShape {
  int inputChannels = 5;
  int classes = 2;
  int filters = 16;         ///< of the encoder at full resolution; doubled at every level
  int levels = 5;           ///< resolutions, the deepest included
  double dropout = 0.25;    ///< probability that a channel is dropped, in the deepest block and the decoder
  int decoderFilters = 16;  ///< as `filters`, of what runs once per sample: fewer make sampling cheap

  /// Height and width of inputs must be multiples of this.
  int multiple() const { return 1 << (levels - 1); }
  bool operator==(const NetworkShape&) const = default;
};

/// Images for the network, [count, channels, height, width] with the width fastest.
struct SliceBatch {
  int count = 0;
  int channels = 0;
  int height = 0;
  int width = 0;
  std::vector<float> values;
};

}  // namespace coxa
