#include "coxa/editing/label_change.hpp"

#include "phantoms.hpp"

#include <gtest/gtest.h>

#include <random>

namespace coxa {
namespace {

LabelMap randomLabels(std::mt19937& random) {
  LabelMap labels(test::cubicGrid(12));
  for (auto& voxel : labels.voxels) voxel = static_cast<std::uint8_t>(random() % 3);
  return labels;
}

LabelChange difference(const LabelMap& before, const LabelMap& after) {
  LabelChange change;
  for (std::size_t n = 0; n < before.voxels.size(); ++n) change.add(n, 1, before.voxels[n], after.voxels[n]);
  return change;
}

TEST(LabelChange, AppliesAndTakesBack) {
  std::mt19937 random(1);
  for (int round = 0; round < 50; ++round) {
    const LabelMap before = randomLabels(random), after = randomLabels(random);
    const LabelChange change = difference(before, after);
    LabelMap labels = before;
    change.applyTo(labels);
    EXPECT_EQ(labels.voxels, after.voxels);
    change.takeBackFrom(labels);
    EXPECT_EQ(labels.voxels, before.voxels);
  }
}

TEST(LabelChange, TwoInARowAreOne) {
  std::mt19937 random(2);
  for (int round = 0; round < 50; ++round) {
    const LabelMap a = randomLabels(random), b = randomLabels(random), c = randomLabels(random);
    const LabelChange both = combined(difference(a, b), difference(b, c));
    LabelMap labels = a;
    both.applyTo(labels);
    EXPECT_EQ(labels.voxels, c.voxels);
    EXPECT_EQ(both.voxelCount(), difference(a, c).voxelCount()) << "no voxel that ends as it began";
  }
  const LabelMap a = randomLabels(random), b = randomLabels(random);
  EXPECT_TRUE(combined(difference(a, b), difference(b, a)).empty());
}

TEST(LabelChange, KeepsOneRunPerPieceOfARow) {
  LabelChange change;
  for (std::size_t n = 0; n < 1000; ++n) change.add(5000 + n, 1, 0, 7);
  EXPECT_EQ(change.runs().size(), 1U);
  EXPECT_EQ(change.bytes(), 8U);
  change.add(6000, 1, 3, 7);
  change.add(7000, 200000, 0, 7);  // longer than a run can be
  EXPECT_EQ(change.voxelCount(), 1000U + 1U + 200000U);
  EXPECT_EQ(change.runs().size(), 2U + 4U);
  EXPECT_TRUE(change.labels()[0] && change.labels()[3] && change.labels()[7]);
  EXPECT_EQ(change.labels().count(), 3U);
}

TEST(LabelChange, KnowsItsBounds) {
  const Grid grid = test::cubicGrid(10);
  EXPECT_TRUE(boundsOf(LabelChange(), grid).empty());
  LabelChange change;
  change.add(grid.offset(2, 3, 4), 3, 0, 1);
  change.add(grid.offset(1, 5, 6), 1, 0, 1);
  EXPECT_EQ(boundsOf(change, grid).min, Eigen::Vector3i(1, 3, 4));
  EXPECT_EQ(boundsOf(change, grid).max, Eigen::Vector3i(4, 5, 6));
  change.add(grid.offset(8, 9, 7), 4, 0, 1);  // into the next row, which is in the next slice
  EXPECT_EQ(boundsOf(change, grid).min, Eigen::Vector3i(0, 0, 4));
  EXPECT_EQ(boundsOf(change, grid).max, Eigen::Vector3i(9, 9, 8));
}

}  // namespace
}  // namespace coxa
