#include "coxa/physics/drr.hpp"

#include <gtest/gtest.h>

#include <Eigen/Geometry>
#include <algorithm>
#include <cmath>

namespace coxa {
namespace {

constexpr double kWaterPerMm = 0.02;
constexpr double kRadiusMm = 40.0;

// A water ball in air, on an oblique grid.
Volume ball(const Vec3& center) {
  Grid grid;
  grid.size = {110, 100, 60};
  grid.spacing = {1.0, 1.1, 2.0};
  grid.direction = Eigen::AngleAxisd(0.4, Vec3(1, -2, 3).normalized()).toRotationMatrix();
  grid.origin =
      center - grid.direction * (0.5 * (grid.size.cast<double>() - Vec3::Ones())).cwiseProduct(grid.spacing);
  Volume ct(grid, -1000);
  for (int k = 0; k < grid.size.z(); ++k)
    for (int j = 0; j < grid.size.y(); ++j)
      for (int i = 0; i < grid.size.x(); ++i) {
        const double depth = kRadiusMm - (grid.worldFromIndex(Vec3(i, j, k)) - center).norm();
        ct.at(i, j, k) = static_cast<std::int16_t>(-1000.0 + 1000.0 * std::clamp(0.5 + depth, 0.0, 1.0));
      }
  return ct;
}

TEST(Radiograph, BallHasItsChordsAndItsMagnification) {
  const Vec3 center(12, -30, 400);
  const Vec3 source = center + Vec3(100, -900, 50);
  const XrayView view = XrayView::facing(source, center, Vec3::UnitX(), 1300.0, 1.0, 161, 161);
  const ScalarImage picture = digitalRadiograph(ball(center), view, kWaterPerMm);
  const double distance = (center - source).norm();
  int compared = 0;
  double area = 0.0;
  for (int row = 0; row < 161; ++row)
    for (int column = 0; column < 161; ++column) {
      const Vec3 along = (picture.grid.worldFromIndex(Vec3(column, row, 0)) - source).normalized();
      const double miss = (center - source).cross(along).norm();
      const float value = picture.at(column, row, 0);
      area += value > 0.3 ? 1.0 : 0.0;
      if (miss > 0.9 * kRadiusMm) continue;
      ++compared;
      ASSERT_NEAR(value, 2.0 * kWaterPerMm * std::sqrt(kRadiusMm * kRadiusMm - miss * miss), 0.03);
    }
  EXPECT_GT(compared, 5000);
  // The shadow where the chord is longer than 15 mm (0.3): sin of its half angle is miss / distance.
  const double miss = std::sqrt(kRadiusMm * kRadiusMm - 7.5 * 7.5);
  const double shadow = 1300.0 * std::tan(std::asin(miss / distance));
  EXPECT_NEAR(area, kPi * shadow * shadow, 0.015 * area);
}

TEST(Radiograph, PixelOfMeetsTheMagnifiedPlace) {
  const Vec3 source(0, -1000, 0);
  const XrayView view = XrayView::facing(source, Vec3::Zero(), Vec3::UnitX(), 1150.0, 0.5, 401, 301);
  const Eigen::Vector2d pixel = view.pixelOf(Vec3(10, 0, 20));
  EXPECT_NEAR(pixel.x(), 200.0 + 10.0 * 1.15 / 0.5, 1e-9);
  EXPECT_NEAR(pixel.y(), 150.0 - 20.0 * 1.15 / 0.5, 1e-9);  // superior is up
}

TEST(Radiograph, AirAndEmptySpaceAreNothing) {
  Volume ct(ball(Vec3::Zero()).grid, -1024);
  const XrayView view = XrayView::facing(Vec3(0, -800, 0), Vec3::Zero(), Vec3::UnitX(), 1000.0, 4.0, 40, 40);
  for (const float value : digitalRadiograph(ct, view, kWaterPerMm).voxels) ASSERT_EQ(value, 0.0F);
}

}  // namespace
}  // namespace coxa
