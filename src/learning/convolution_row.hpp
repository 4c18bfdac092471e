#pragma once

#include <cstddef>

namespace coxa {

/// One row of a convolution's output, for one block of 16 output channels. Pointers are to blocks of
/// channels, aligned to 64 bytes; strides are in floats.
struct ConvolutionRow {
  const float* input = nullptr;  ///< of the first tap of the first pixel, in the first block
  std::ptrdiff_t inputRowStride = 0, inputBlockStride = 0;
  int inputChannels = 0;
  int taps = 0;                    ///< rows and columns of the convolution
  const float* weights = nullptr;  ///< [input block][tap row][tap column][channel of the block][16]
  const float* start = nullptr;    ///< what the products are added to
  std::ptrdiff_t startStep = 0;    ///< from pixel to pixel; 0 for a bias
  float* output = nullptr;
  std::ptrdiff_t outputStep = 0;  ///< from pixel to pixel
  int width = 0;                  ///< pixels of the row
  bool rectified = false;         ///< negative sums become 0
};

void convolveRow(const ConvolutionRow& row);

}  // namespace coxa
