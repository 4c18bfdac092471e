#include "coxa/segmentation/evaluation.hpp"

#include <gtest/gtest.h>

namespace coxa {

namespace {

LabelMap box(int fromX, int toX, std::uint8_t value) {
  Grid grid;
  grid.size = {20, 10, 10};
  grid.spacing = {2, 1, 1};
  LabelMap map(grid);
  for (int k = 0; k < 10; ++k)
    for (int j = 0; j < 10; ++j)
      for (int i = fromX; i < toX; ++i) map.at(i, j, k) = value;
  return map;
}

}  // namespace

TEST(CompareLabels, DiceOfShiftedBoxes) {
  const auto rows = compareLabels(box(0, 10, 1), box(5, 15, 1));
  ASSERT_TRUE(rows);
  ASSERT_EQ(rows->size(), 1U);
  EXPECT_EQ(rows->front().name, "hip_left");
  EXPECT_DOUBLE_EQ(rows->front().dice, 0.5);  // 2·500 / (1000 + 1000)
  EXPECT_DOUBLE_EQ(rows->front().volumeMl, 2.0);
}

TEST(CompareLabels, CountsStructuresThatOnlyOneMapHas) {
  const auto rows = compareLabels(box(0, 10, 1), box(0, 10, 2));
  ASSERT_TRUE(rows);
  ASSERT_EQ(rows->size(), 2U);
  EXPECT_EQ((*rows)[0].dice, 0.0);
  EXPECT_EQ((*rows)[1].dice, 0.0);
}

TEST(CompareLabels, RefusesDifferentGrids) {
  LabelMap moved = box(0, 10, 1);
  moved.grid.origin.x() += 5.0;
  EXPECT_FALSE(compareLabels(box(0, 10, 1), moved));
}

}  // namespace coxa
