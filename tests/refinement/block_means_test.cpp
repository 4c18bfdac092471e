#include "block_means.hpp"

#include <gtest/gtest.h>

namespace coxa {
namespace {

TEST(Blocks, AreAboutTwoMillimetresWideAndCoverTheSlice) {
  const Blocks fine(512, 511, 0.7), coarse(100, 80, 2.4);
  EXPECT_EQ(fine.pixels, 3);
  EXPECT_EQ(fine.width, 171);
  EXPECT_EQ(fine.height, 171);
  EXPECT_EQ(coarse.pixels, 1);
  EXPECT_EQ(coarse.count(), 8000U);
}

TEST(Blocks, MeansLeaveMetalOutAndHalfMetalIsMetal) {
  const Blocks blocks(5, 2, 1.0);                        // of two pixels; the last column of blocks has one
  const std::vector<float> hu = {10, 20, 3000, 3000, 7,  //
                                 30, 40, 3000, 50,   9};
  const std::vector<std::uint8_t> metal = {0, 0, 1, 1, 0,  //
                                           0, 0, 1, 0, 0};
  EXPECT_EQ(metalBlocks(blocks, metal, 5), (std::vector<std::uint8_t>{0, 1, 0}));
  EXPECT_EQ(blockMeans(blocks, hu, metal, 5), (std::vector<float>{25, 50, 8}));
}

TEST(Blocks, FullOfMetalHaveItsMean) {
  const Blocks blocks(2, 2, 1.0);
  EXPECT_EQ(blockMeans(blocks, {1, 2, 3, 6}, {1, 1, 1, 1}, 2), std::vector<float>{3});
}

}  // namespace
}  // namespace coxa
