#include "convolution_row.hpp"

#include "feature_map.hpp"
#include "lanes.hpp"

namespace coxa {

namespace {

constexpr int kRegisters = kChannelBlock / kLanes;
// 12 sums, 2 weights and a value fill 15 of AVX2's 16 registers.
constexpr int kTilePixels = 6;

// Neighbouring pixels, whose sums stay in registers from the first product to the last.
template <int kPixels>
class Tile {
 public:
  void start(const float* from, std::ptrdiff_t step) {
#pragma GCC unroll 8
    for (int p = 0; p < kPixels; ++p)
#pragma GCC unroll 2
      for (int r = 0; r < kRegisters; ++r) sums_[p][r] = lanesAt(from + p * step + r * kLanes);
  }

  // The products of `channels` channels of one tap. Returns the weights of the next.
  const float* add(const float* input, int channels, const float* weights) {
#pragma GCC unroll 2
    for (int channel = 0; channel < channels; ++channel, weights += kChannelBlock) {
      Lanes weight[kRegisters];
#pragma GCC unroll 2
      for (int r = 0; r < kRegisters; ++r) weight[r] = lanesAt(weights + r * kLanes);
#pragma GCC unroll 8
      for (int p = 0; p < kPixels; ++p)
#pragma GCC unroll 2
        for (int r = 0; r < kRegisters; ++r) sums_[p][r] += weight[r] * input[p * kChannelBlock + channel];
    }
    return weights;
  }

  void store(float* to, std::ptrdiff_t step, bool rectified) const {
    const Lanes zero = {};
#pragma GCC unroll 8
    for (int p = 0; p < kPixels; ++p)
#pragma GCC unroll 2
      for (int r = 0; r < kRegisters; ++r) {
        const Lanes sum = sums_[p][r];
        lanesAt(to + p * step + r * kLanes) = rectified ? (sum > zero ? sum : zero) : sum;
      }
  }

 private:
  Lanes sums_[kPixels][kRegisters];
};

template <int kPixels>
void convolveTile(const ConvolutionRow& row, int x) {
  Tile<kPixels> tile;
  tile.start(row.start + x * row.startStep, row.startStep);
  const float* block = row.input + std::ptrdiff_t{x} * kChannelBlock;
  const float* weights = row.weights;
  for (int left = row.inputChannels; left > 0; left -= kChannelBlock, block += row.inputBlockStride)
    for (int y = 0; y < row.taps; ++y)
      for (int column = 0; column < row.taps; ++column) {
        const float* input = block + y * row.inputRowStride + std::ptrdiff_t{column} * kChannelBlock;
        weights = tile.add(input, left < kChannelBlock ? left : kChannelBlock, weights);
      }
  tile.store(row.output + x * row.outputStep, row.outputStep, row.rectified);
}

template <int kPixels = kTilePixels>
void convolvePixels(const ConvolutionRow& row, int x, int count) {
  if constexpr (kPixels > 1)
    if (count < kPixels) return convolvePixels<kPixels - 1>(row, x, count);
  convolveTile<kPixels>(row, x);
}

}  // namespace

// In tiles of nearly the same size: a short last one would not fill the pipelines.
void convolveRow(const ConvolutionRow& row) {
  const int tiles = (row.width + kTilePixels - 1) / kTilePixels;
  for (int tile = 0; tile < tiles; ++tile) {
    const int first = tile * row.width / tiles, next = (tile + 1) * row.width / tiles;
    convolvePixels(row, first, next - first);
  }
}

}  // namespace coxa
