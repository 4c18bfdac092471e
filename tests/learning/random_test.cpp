#include "coxa/learning/random.hpp"

#include <gtest/gtest.h>

namespace coxa {

TEST(Random, DependsOnEveryKey) {
  EXPECT_EQ(Random({1, 2}).next(), Random({1, 2}).next());
  EXPECT_NE(Random({1, 2}).next(), Random({2, 1}).next());
  EXPECT_NE(Random({1, 2}).next(), Random({1, 3}).next());
}

TEST(Random, UniformAndNormalHaveTheirMoments) {
  Random random{5};
  constexpr int kDraws = 100000;
  double uniform = 0.0, normal = 0.0, square = 0.0;
  for (int n = 0; n < kDraws; ++n) {
    uniform += random.uniform() / kDraws;
    const double x = random.normal(2.0);
    normal += x / kDraws;
    square += x * x / kDraws;
  }
  // Four standard errors.
  EXPECT_NEAR(uniform, 0.5, 4 * 0.289 / std::sqrt(kDraws));
  EXPECT_NEAR(normal, 0.0, 4 * 2.0 / std::sqrt(kDraws));
  EXPECT_NEAR(square, 4.0, 4 * 4.0 * std::sqrt(2.0 / kDraws));
}

}  // namespace coxa
