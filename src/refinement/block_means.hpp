#pragma once

#include <cstdint>
#include <vector>

namespace coxa {

/// A slice in square blocks of pixels, about 2 mm wide: what a reduction leaves are broad shades rather than
/// noise, and the mean of a block shows them the better. Blocks at the right and lower border may hold fewer
/// pixels.
struct Blocks {
  int pixels = 1;  ///< along an edge of a block
  int width = 0;   ///< in blocks
  int height = 0;

  Blocks() = default;
  Blocks(int sliceWidth, int sliceHeight, double pixelMm);
  /// Of a block among all, row by row.
  std::size_t at(int column, int row) const {
    return static_cast<std::size_t>(row) * static_cast<std::size_t>(width) + static_cast<std::size_t>(column);
  }
  std::size_t count() const { return static_cast<std::size_t>(width) * static_cast<std::size_t>(height); }
};

/// 1 where at least half of a block is metal. `metal` by pixel of a slice of `sliceWidth` columns.
std::vector<std::uint8_t> metalBlocks(const Blocks& blocks, const std::vector<std::uint8_t>& metal,
                                      int sliceWidth);

/// Means over the pixels of each block that are no metal; over all where the block is full of it.
std::vector<float> blockMeans(const Blocks& blocks, const std::vector<float>& hu,
                              const std::vector<std::uint8_t>& metal, int sliceWidth);

}  // namespace coxa
