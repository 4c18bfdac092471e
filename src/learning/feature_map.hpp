#pragma once

#include <cstddef>
#include <vector>

namespace coxa {

/// Channels that lie beside each other in memory: two registers of AVX2, one of AVX-512.
constexpr int kChannelBlock = 16;

/// A block of channels of one pixel.
struct alignas(64) ChannelBlock {
  float values[kChannelBlock] = {};
};

constexpr int channelBlocks(int channels) {
  return (channels + kChannelBlock - 1) / kChannelBlock;
}

/// Feature maps of one slice, [block][y][x][channel of the block], with a border of one pixel that stays
/// zero, so that 3×3 convolutions need no cases.
class FeatureMap {
 public:
  FeatureMap() = default;
  FeatureMap(int channels, int height, int width)
      : channels_(channels),
        height_(height),
        width_(width),
        pixels_(static_cast<std::size_t>(channelBlocks(channels)) * static_cast<std::size_t>(height + 2) *
                static_cast<std::size_t>(width + 2)) {}

  int channels() const { return channels_; }
  int blocks() const { return channelBlocks(channels_); }
  int height() const { return height_; }
  int width() const { return width_; }
  /// From one row or block to the next, in floats.
  std::ptrdiff_t rowStride() const { return std::ptrdiff_t{kChannelBlock} * (width_ + 2); }
  std::ptrdiff_t blockStride() const { return rowStride() * (height_ + 2); }

  /// The 16 values of a pixel; y and x run from -1, the border, to height and width.
  float* at(int block, int y, int x) { return pixels_[index(block, y, x)].values; }
  const float* at(int block, int y, int x) const { return pixels_[index(block, y, x)].values; }

 private:
  std::size_t index(int block, int y, int x) const {
    return static_cast<std::size_t>((block * (height_ + 2) + y + 1) * (width_ + 2) + x + 1);
  }

  int channels_ = 0, height_ = 0, width_ = 0;
  std::vector<ChannelBlock> pixels_;
};

}  // namespace coxa
