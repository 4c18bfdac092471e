#include "block_means.hpp"

#include <algorithm>
#include <cmath>

namespace coxa {

namespace {

constexpr double kBlockMm = 2.0;

// Calls use(block, pixel) for every pixel of the slice.
template <class Use>
void forEachPixel(const Blocks& blocks, std::size_t pixelCount, int sliceWidth, const Use& use) {
  const auto width = static_cast<std::size_t>(sliceWidth), edge = static_cast<std::size_t>(blocks.pixels);
  for (std::size_t n = 0; n < pixelCount; ++n)
    use(n / width / edge * static_cast<std::size_t>(blocks.width) + n % width / edge, n);
}

}  // namespace

Blocks::Blocks(int sliceWidth, int sliceHeight, double pixelMm)
    : pixels(std::max(1, static_cast<int>(std::lround(kBlockMm / pixelMm)))),
      width((sliceWidth + pixels - 1) / pixels),
      height((sliceHeight + pixels - 1) / pixels) {}

std::vector<std::uint8_t> metalBlocks(const Blocks& blocks, const std::vector<std::uint8_t>& metal,
                                      int sliceWidth) {
  std::vector<int> all(blocks.count()), filled(blocks.count());
  forEachPixel(blocks, metal.size(), sliceWidth, [&](std::size_t block, std::size_t n) {
    ++all[block];
    filled[block] += metal[n] != 0 ? 1 : 0;
  });
  std::vector<std::uint8_t> result(blocks.count());
  for (std::size_t b = 0; b < result.size(); ++b) result[b] = 2 * filled[b] >= all[b] ? 1 : 0;
  return result;
}

std::vector<float> blockMeans(const Blocks& blocks, const std::vector<float>& hu,
                              const std::vector<std::uint8_t>& metal, int sliceWidth) {
  std::vector<float> sum(blocks.count()), sumOfOthers(blocks.count());
  std::vector<int> count(blocks.count()), others(blocks.count());
  forEachPixel(blocks, hu.size(), sliceWidth, [&](std::size_t block, std::size_t n) {
    sum[block] += hu[n];
    ++count[block];
    if (metal[n] != 0) return;
    sumOfOthers[block] += hu[n];
    ++others[block];
  });
  for (std::size_t b = 0; b < sum.size(); ++b)
    sum[b] = others[b] > 0 ? sumOfOthers[b] / static_cast<float>(others[b])
                           : sum[b] / static_cast<float>(count[b]);
  return sum;
}

}  // namespace coxa
