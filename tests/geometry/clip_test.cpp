#include "coxa/geometry/clip.hpp"

#include "support/shapes.hpp"

#include "coxa/geometry/slice.hpp"

#include <gtest/gtest.h>

using namespace coxa;

namespace {

Plane plane(const Vec3& point, const Vec3& normal) {
  return {point, normal.normalized(), 0.0};
}

}  // namespace

TEST(Clip, SphericalCapHasItsVolume) {
  const TriangleMesh ball = shapes::sphere(20.0, 256);
  for (const double height : {-15.0, -3.0, 0.1, 8.0, 19.0}) {
    const TriangleMesh cap = clipped(ball, plane(height * Vec3(1, 2, 2) / 3.0, {1.0, 2.0, 2.0}));
    const double h = 20.0 - height;
    EXPECT_TRUE(isClosed(cap));
    EXPECT_NEAR(volumeMm3(cap), kPi * h * h * (60.0 - h) / 3.0, 0.002 * volumeMm3(ball));
  }
}

TEST(Clip, BothHalvesMakeTheWhole) {
  const TriangleMesh shell = shapes::hemisphericalShell(16.0, 24.0, 64);
  for (const Vec3& normal : {Vec3(0.3, -0.2, 0.9), Vec3(1.0, 0.1, 0.0), Vec3(0.0, 0.0, 1.0)}) {
    const Plane cut = plane({1.3, 0.4, -7.1}, normal);
    const TriangleMesh up = clipped(shell, cut);
    const TriangleMesh down = clipped(shell, plane(cut.point, -cut.normal));
    EXPECT_TRUE(isClosed(up));
    EXPECT_TRUE(isClosed(down));
    EXPECT_NEAR(volumeMm3(up) + volumeMm3(down), volumeMm3(shell), 1e-4 * volumeMm3(shell));
  }
}

TEST(Clip, CapOfAHollowCutLeavesTheHole) {
  // A plane through the cup's wall all around cuts a ring: π(R² - r²) of flat cap.
  const TriangleMesh shell = shapes::hemisphericalShell(16.0, 24.0, 256);
  const TriangleMesh up = clipped(shell, plane({0.0, 0.0, -5.0}, Vec3::UnitZ()));
  double area = 0.0;
  for (const auto& t : up.triangles) {
    const Vec3 a = up.vertices[t[0]].cast<double>();
    const Vec3 b = up.vertices[t[1]].cast<double>();
    const Vec3 c = up.vertices[t[2]].cast<double>();
    if (std::max({std::abs(a.z() + 5.0), std::abs(b.z() + 5.0), std::abs(c.z() + 5.0)}) > 1e-4) continue;
    const Vec3 normal = (b - a).cross(c - a);
    EXPECT_LE(normal.z(), 1e-6);
    area += normal.norm() / 2.0;
  }
  EXPECT_NEAR(area, kPi * ((24.0 * 24.0 - 25.0) - (16.0 * 16.0 - 25.0)), 2.0);
}

TEST(Clip, OtherSideIsEmptyAndOwnSideUnchanged) {
  const TriangleMesh cube = shapes::box({-1, -1, -1}, {1, 1, 1});
  EXPECT_TRUE(clipped(cube, plane({0, 0, 2}, Vec3::UnitZ())).empty());
  EXPECT_EQ(clipped(cube, plane({0, 0, -2}, Vec3::UnitZ())).triangles.size(), cube.triangles.size());
}

TEST(Slice, CircleHasItsLength) {
  const auto segments = sliceOf(shapes::sphere(10.0, 400), plane({0.0, 0.0, 6.0}, Vec3::UnitZ()));
  double length = 0.0;
  for (const auto& [a, b] : segments) {
    EXPECT_NEAR(a.z(), 6.0, 1e-5);
    length += (b - a).norm();
  }
  EXPECT_NEAR(length, 2.0 * kPi * 8.0, 0.02);
}
