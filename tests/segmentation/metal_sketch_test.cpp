#include "metal_sketch.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

namespace coxa {
namespace {

constexpr int kWidth = 208, kHeight = 144;
constexpr std::size_t kPixels = static_cast<std::size_t>(kWidth) * kHeight;

std::vector<float> sliceWith(std::uint64_t seed, float hu) {
  Random random{seed};
  std::vector<float> slice(kPixels, hu);
  MetalSketch(random, kWidth, kHeight, 2.0).draw(slice);
  return slice;
}

TEST(MetalSketch, PutsMetalBesideTheMiddleAndRaysAroundIt) {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    const auto slice = sliceWith(seed, 40.0F);
    double metal = 0.0, fromMiddle = 0.0, changed = 0.0;
    for (std::size_t p = 0; p < kPixels; ++p) {
      if (slice[p] == 3071.0F) {
        ++metal;
        fromMiddle += std::abs(static_cast<double>(p % kWidth) - 0.5 * kWidth);
      } else if (std::abs(slice[p] - 40.0F) > 5.0F) {
        ++changed;
      }
    }
    ASSERT_GT(metal, 0.0) << seed;
    EXPECT_LE(metal, 3.15 * 12.0 * 12.0) << seed;  // an ellipse of 24 mm half axes at most, 2 mm pixels
    EXPECT_GT(fromMiddle / metal, 25.0) << seed;
    EXPECT_GT(changed, metal) << seed;
  }
}

TEST(MetalSketch, LeavesAirAlone) {
  const auto slice = sliceWith(1, -1000.0F);
  EXPECT_TRUE(std::all_of(slice.begin(), slice.end(), [](float hu) { return hu == -1000.0F; }));
}

}  // namespace
}  // namespace coxa
