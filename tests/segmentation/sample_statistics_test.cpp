#include "sample_statistics.hpp"

#include <gtest/gtest.h>

namespace coxa {

namespace {

// Ten voxels of 1 ml in a row, the first `count` of them of value 7.
LabelMap row(int count) {
  Grid grid;
  grid.size = {10, 1, 1};
  grid.spacing = {10, 10, 10};
  LabelMap labels(grid);
  for (int i = 0; i < count; ++i) labels.at(i, 0, 0) = 7;
  return labels;
}

Volume rising() {
  Volume ct(row(0).grid);
  for (int i = 0; i < 10; ++i) ct.at(i, 0, 0) = static_cast<std::int16_t>(10 * i);
  return ct;
}

}  // namespace

TEST(SampleStatistics, FollowTheirDefinitions) {
  const auto found = sampleStatistics({row(4), row(6)}, row(4), rising());
  EXPECT_EQ(found.count, 2U);
  EXPECT_NEAR(found.volumeSdMl[7], std::sqrt(2.0), 1e-12);        // of 4 and 6 ml
  EXPECT_NEAR(found.agreement[7], 0.5 * (1.0 + 0.8), 1e-12);      // Dice 1 and 2·4/(6+4)
  EXPECT_NEAR(found.meanHu[7].value, 15.0, 1e-12);                // of 0, 10, 20, 30
  EXPECT_NEAR(found.meanHu[7].sd, 10.0 / std::sqrt(2.0), 1e-12);  // of 15 and 25
}

TEST(SampleStatistics, SamplesWithoutAStructureDisagree) {
  const auto found = sampleStatistics({row(0), row(0)}, row(4), rising());
  EXPECT_EQ(found.agreement[7], 0.0);
  EXPECT_EQ(found.agreement[9], 1.0);  // nobody sees it
  EXPECT_EQ(found.volumeSdMl[7], 0.0);
}

}  // namespace coxa
