#include "correction_bins.hpp"

#include <gtest/gtest.h>

namespace coxa {
namespace {

TEST(CorrectionBins, EveryValueIsInItsOwnBin) {
  for (std::size_t bin = 0; bin < kCorrectionHu.size(); ++bin) EXPECT_EQ(binOf(kCorrectionHu[bin]), bin);
}

TEST(CorrectionBins, LieAsFarBelowZeroAsAbove) {
  for (std::size_t bin = 0; bin < kCorrectionHu.size(); ++bin)
    EXPECT_EQ(kCorrectionHu[bin], -kCorrectionHu[kCorrectionHu.size() - 1 - bin]);
}

TEST(CorrectionBins, BordersLieMidwayAndBeyondTheLastCountsAsTheLast) {
  EXPECT_EQ(binOf(2.9F), binOf(0.0F));
  EXPECT_EQ(binOf(3.1F), binOf(6.0F));
  EXPECT_EQ(binOf(5000.0F), kCorrectionHu.size() - 1);
  EXPECT_EQ(binOf(-5000.0F), 0);
}

TEST(CorrectionBins, MeanAndSpreadAreThoseOfTheDistribution) {
  // 0.25 at -14, 0.75 at 6: mean 1; variance 0.25 * 15² + 0.75 * 5² = 75.
  const Correction correction = correctionOf([](std::size_t bin) {
    return kCorrectionHu[bin] == -14.0F ? 0.25F : kCorrectionHu[bin] == 6.0F ? 0.75F : 0.0F;
  });
  EXPECT_FLOAT_EQ(correction.meanHu, 1.0F);
  EXPECT_NEAR(correction.sdHu, std::sqrt(75.0), 1e-4);
}

}  // namespace
}  // namespace coxa
