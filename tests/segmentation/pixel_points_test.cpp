#include "pixel_points.hpp"

#include <gtest/gtest.h>

namespace coxa {

namespace {

// HU = 2i + 30j + 400k: trilinear interpolation gives it back everywhere.
Volume linear() {
  Grid grid;
  grid.size = {20, 15, 9};
  grid.spacing = {2, 2, 3};
  grid.origin = {-10, 5, 100};
  Volume ct(grid);
  for (int k = 0; k < 9; ++k)
    for (int j = 0; j < 15; ++j)
      for (int i = 0; i < 20; ++i) ct.at(i, j, k) = static_cast<std::int16_t>(2 * i + 30 * j + 400 * k);
  return ct;
}

// World points at these voxel indices.
std::vector<Eigen::Vector3f> pointsAt(const Grid& grid, const std::vector<Vec3>& indices) {
  std::vector<Eigen::Vector3f> points;
  for (const Vec3& index : indices) points.push_back(grid.worldFromIndex(index).cast<float>());
  return points;
}

}  // namespace

TEST(PixelPoints, SampleHuIsTrilinear) {
  const Volume ct = linear();
  const PixelPoints points(ct.grid,
                           pointsAt(ct.grid, {{3.25, 4.5, 2.75}, {0.1, 0.2, 0.3}, {18.9, 13.9, 7.9}}));
  std::vector<float> hu(3);
  sampleHu(ct, points, Eigen::Vector3f(0.0F, 0.0F, 0.0F), hu);
  EXPECT_NEAR(hu[0], 2 * 3.25 + 30 * 4.5 + 400 * 2.75, 0.05);
  EXPECT_NEAR(hu[1], 2 * 0.1 + 30 * 0.2 + 400 * 0.3, 0.05);
  EXPECT_NEAR(hu[2], 2 * 18.9 + 30 * 13.9 + 400 * 7.9, 0.05);
  sampleHu(ct, points, Eigen::Vector3f(0.5F, 0.0F, 0.1F), hu);
  EXPECT_NEAR(hu[0], 2 * 3.75 + 30 * 4.5 + 400 * 2.85, 0.05);
}

TEST(PixelPoints, AirBesideTheImageAndItsLastSlicesBeyondItsEnds) {
  const Volume ct = linear();
  const PixelPoints points(ct.grid, pointsAt(ct.grid, {{-0.5, 4, 2}, {4, 14.5, 2}, {4, 4, -3}, {4, 4, 30}}));
  std::vector<float> hu(4);
  sampleHu(ct, points, Eigen::Vector3f::Zero(), hu);
  EXPECT_EQ(hu[0], -1024.0F);
  EXPECT_EQ(hu[1], -1024.0F);
  EXPECT_NEAR(hu[2], 2 * 4 + 30 * 4, 0.05);
  EXPECT_NEAR(hu[3], 2 * 4 + 30 * 4 + 400 * 8, 0.5);
}

TEST(PixelPoints, SampleLabelsTakesTheNearest) {
  LabelMap labels(linear().grid);
  labels.at(3, 4, 2) = 7;
  const PixelPoints points(labels.grid,
                           pointsAt(labels.grid, {{3.4, 3.6, 2.4}, {3.6, 4, 2}, {-2, 4, 2}, {3, 4, -1}}));
  std::vector<std::uint8_t> found(4);
  sampleLabels(labels, points, Eigen::Vector3f::Zero(), 255, found);
  EXPECT_EQ(found, (std::vector<std::uint8_t>{7, 0, 0, 255}));
}

}  // namespace coxa
