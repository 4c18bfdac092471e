#include "shapes.hpp"

#include <gtest/gtest.h>

namespace coxa {

namespace {

VectorImage constant(const Eigen::Vector3f& velocity) {
  Grid grid;
  grid.size = {12, 10, 14};
  grid.spacing = {8, 8, 8};
  return VectorImage(grid, velocity);
}

}  // namespace

TEST(DrawnShapes, StayWithinTheWays) {
  // A constant velocity moves everything by itself, whatever the steps.
  const Eigen::Vector3f way(10.0F, 0.0F, -4.0F);
  const auto shapes = drawnShapes({constant(way)}, 1);
  ASSERT_FALSE(shapes.empty());
  double lowest = 1e9, highest = -1e9;
  for (const auto& shape : shapes) {
    const Vec3 offset = shape.offsetAt(Vec3(40, 40, 40));
    const double step = -offset.x() / 10.0;
    EXPECT_NEAR(offset.y(), 0.0, 1e-4);
    EXPECT_NEAR(offset.z(), 4.0 * step, 1e-3);
    lowest = std::min(lowest, step);
    highest = std::max(highest, step);
  }
  EXPECT_LT(lowest, -0.3);
  EXPECT_GE(lowest, -0.8);
  EXPECT_GT(highest, 0.6);
  EXPECT_LE(highest, 1.1);
}

TEST(DrawnShapes, AreTheSameBySeedAlone) {
  const std::vector<VectorImage> ways = {constant({10, 0, 0}), constant({0, 5, 0})};
  const auto one = drawnShapes(ways, 1), same = drawnShapes(ways, 1), other = drawnShapes(ways, 2);
  ASSERT_EQ(one.size(), same.size());
  EXPECT_EQ(one.front().offsetsMm.voxels, same.front().offsetsMm.voxels);
  EXPECT_NE(one.front().offsetsMm.voxels, other.front().offsetsMm.voxels);
}

TEST(DrawnShapes, NoneWithoutWays) {
  EXPECT_TRUE(drawnShapes({}, 1).empty());
}

}  // namespace coxa
