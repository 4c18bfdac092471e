#include "coxa/base/job.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace coxa {
namespace {

TEST(Job, PartsNestInTheWhole) {
  std::vector<double> seen;
  const Job job([&](const Progress& progress) { seen.push_back(progress.fraction); });
  job.part(0.5, 1.0).part(0.0, 0.5).report(1.0);
  ASSERT_EQ(seen.size(), 1U);
  EXPECT_DOUBLE_EQ(seen[0], 0.75);
}

TEST(Job, CancelReachesEveryCopy) {
  const Job job;
  const Job part = job.part(0.0, 0.1);
  EXPECT_FALSE(part.cancelled());
  job.cancel();
  EXPECT_TRUE(part.cancelled());
}

}  // namespace
}  // namespace coxa
