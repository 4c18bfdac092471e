#include "agreement_measures.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace coxa {

TEST(Pearson, IsOneOnALineAndSignedByItsSlope) {
  EXPECT_NEAR(pearson({1, 2, 4}, {3, 5, 9}), 1.0, 1e-12);
  EXPECT_NEAR(pearson({1, 2, 4}, {-3, -5, -9}), -1.0, 1e-12);
  EXPECT_NEAR(pearson({-1, 0, 1}, {1, 0, 1}), 0.0, 1e-12);
}

TEST(Auroc, CountsPairsInOrderAndTiesHalf) {
  EXPECT_EQ(auroc({0.1, 0.4, 0.35, 0.8}, {false, false, true, true}), 0.75);  // 3 of 4 pairs
  EXPECT_EQ(auroc({1, 1, 1}, {true, false, false}), 0.5);
  EXPECT_TRUE(std::isnan(auroc({1, 2}, {true, true})));
}

TEST(BestThreshold, SeparatesWhatCanBeSeparated) {
  EXPECT_EQ(bestThreshold({0.1, 0.2, 0.6, 0.8}, {false, false, true, true}), 0.4);
  EXPECT_EQ(bestThreshold({5, 1, 4, 2, 3}, {true, false, true, false, false}), 3.5);
}

}  // namespace coxa
