#include "coxa/segmentation/dice_model.hpp"

#include "coxa/learning/random.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace coxa {

TEST(CompareSides, AreLogarithmsOfTheRatio) {
  const SideComparison smaller = compareSides(10.0, 20.0), larger = compareSides(20.0, 10.0);
  EXPECT_DOUBLE_EQ(smaller.difference, std::log(2.0));
  EXPECT_DOUBLE_EQ(smaller.shortfall, std::log(2.0));
  EXPECT_DOUBLE_EQ(larger.difference, std::log(2.0));
  EXPECT_EQ(larger.shortfall, 0.0);
  EXPECT_EQ(compareSides(1.0, 1000.0).shortfall, 2.0);
}

TEST(CompareSides, SaysNothingWhereOneSideIsNotThere) {
  EXPECT_EQ(compareSides(10.0, 0.0).difference, 0.0);
  EXPECT_EQ(compareSides(0.0, 10.0).shortfall, 0.0);
}

TEST(DiceModel, FitFindsTheLineItWasDrawnFrom) {
  const DiceModel truth{0.4, 0.5, -0.1, -0.6, 0.02, -0.05, -0.2, 0.0};
  std::vector<DiceEvidence> evidence;
  std::vector<double> dice;
  Random random{1};
  for (int n = 0; n < 2000; ++n) {
    evidence.push_back({random.uniform(0.5, 1.0), random.uniform(0.1, 0.8), random.uniform(0.0, 0.2),
                        std::exp(random.uniform(0.0, 6.0)),
                        compareSides(random.uniform(5.0, 20.0), random.uniform(5.0, 20.0))});
    dice.push_back(truth.expected(evidence.back()) + random.normal(0.05));
  }
  const DiceModel found = fitDiceModel(evidence, dice);
  // Standard errors of these slopes are below 0.02.
  EXPECT_NEAR(found.intercept, truth.intercept, 0.06);
  EXPECT_NEAR(found.agreementSlope, truth.agreementSlope, 0.06);
  EXPECT_NEAR(found.entropySlope, truth.entropySlope, 0.06);
  EXPECT_NEAR(found.spreadSlope, truth.spreadSlope, 0.06);
  EXPECT_NEAR(found.volumeSlope, truth.volumeSlope, 0.006);
  EXPECT_NEAR(found.differenceSlope, truth.differenceSlope, 0.06);
  EXPECT_NEAR(found.shortfallSlope, truth.shortfallSlope, 0.06);
  EXPECT_NEAR(found.sd, 0.05, 0.005);
}

TEST(DiceModel, FitBearsEvidenceThatNeverChanges) {
  const std::vector<DiceEvidence> evidence = {
      {0.6, 0.3, 0.1, 5.0, {}}, {0.8, 0.3, 0.1, 5.0, {}}, {0.9, 0.3, 0.1, 5.0, {}}};
  const DiceModel found = fitDiceModel(evidence, {0.6, 0.8, 0.9});
  for (const auto& one : evidence) EXPECT_NEAR(found.expected(one), one.agreement, 1e-9);
}

}  // namespace coxa
