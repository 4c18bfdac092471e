#include "coxa/geometry/fits.hpp"

#include <gtest/gtest.h>

#include <random>
#include <vector>

namespace coxa {
namespace {

std::vector<Vec3> cap(const Vec3& center, double radius, double noise, int n) {
  std::mt19937 random(7);
  std::normal_distribution<double> normal;
  std::vector<Vec3> points;
  while (static_cast<int>(points.size()) < n) {
    const Vec3 d = Vec3(normal(random), normal(random), normal(random)).normalized();
    if (d.z() > 0.2) points.push_back(center + (radius + noise * normal(random)) * d);
  }
  return points;
}

TEST(Fits, SphereFromAnExactCap) {
  const Vec3 center(120, -340, 900);
  const auto sphere = fitSphere(cap(center, 24, 0.0, 200));
  ASSERT_TRUE(sphere);
  EXPECT_LT((sphere->center - center).norm(), 1e-6);
  EXPECT_NEAR(sphere->radiusMm, 24, 1e-6);
  EXPECT_LT(sphere->rmsMm, 1e-6);
}

TEST(Fits, RobustSphereIgnoresANeck) {
  const Vec3 center(10, 20, 30);
  auto points = cap(center, 24, 0.1, 400);
  for (int i = 0; i < 80; ++i) points.push_back(center + Vec3(9 + 0.01 * i, 0.1 * (i % 10), -20 - 0.3 * i));
  const auto plain = fitSphere(points);
  const auto robust = fitSphereRobust(points, 0.3);
  ASSERT_TRUE(plain && robust);
  EXPECT_GT((plain->center - center).norm(), 1.0);
  EXPECT_LT((robust->center - center).norm(), 0.1);
}

TEST(Fits, DegeneratePointsAreRefused) {
  EXPECT_FALSE(fitSphere(std::vector<Vec3>{{0, 0, 0}, {1, 0, 0}, {0, 1, 0}, {1, 1, 0}, {2, 1, 0}}));
  EXPECT_FALSE(fitPlane(std::vector<Vec3>{{0, 0, 0}, {1, 1, 1}, {2, 2, 2}}));
  EXPECT_FALSE(fitLine(std::vector<Vec3>{{1, 1, 1}}));
}

TEST(Fits, PlaneAndLineFollowTheirPoints) {
  std::vector<Vec3> plane, line;
  for (int i = 0; i < 20; ++i) {
    plane.emplace_back(i, i * i % 7, 5.0);
    line.push_back(Vec3(1, 2, 3) + i * Vec3(0, 3, 4));
  }
  EXPECT_NEAR(std::abs(fitPlane(plane)->normal.z()), 1.0, 1e-12);
  EXPECT_NEAR(std::abs(fitLine(line)->direction.dot(Vec3(0, 0.6, 0.8))), 1.0, 1e-12);
}

}  // namespace
}  // namespace coxa
