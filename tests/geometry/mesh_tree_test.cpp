#include "coxa/geometry/mesh_tree.hpp"

#include "support/shapes.hpp"

#include <gtest/gtest.h>

#include <random>

using namespace coxa;

namespace {

Vec3 randomPoint(std::mt19937& random, double reach) {
  std::uniform_real_distribution<double> coordinate(-reach, reach);
  return {coordinate(random), coordinate(random), coordinate(random)};
}

double distanceToBox(const Vec3& p, const Vec3& half) {
  const Vec3 d = p.cwiseAbs() - half;
  return d.cwiseMax(0.0).norm() + std::min(d.maxCoeff(), 0.0);
}

}  // namespace

TEST(MeshTree, SignedDistanceToABoxIsTheClosedForm) {
  const Vec3 half(10.0, 20.0, 5.0);
  const MeshTree tree(shapes::box(-half, half));
  std::mt19937 random(1);
  for (int i = 0; i < 2000; ++i) {
    const Vec3 p = randomPoint(random, 30.0);
    EXPECT_NEAR(tree.signedDistance(p), distanceToBox(p, half), 1e-6) << p.transpose();
  }
}

TEST(MeshTree, SignedDistanceToASphereIsWithinItsFacets) {
  const double radius = 25.0;
  const MeshTree tree(shapes::sphere(radius, 400));
  const double facet = radius * (1.0 - std::pow(std::cos(kPi / 400.0), 2.0));
  std::mt19937 random(2);
  for (int i = 0; i < 500; ++i) {
    const Vec3 p = randomPoint(random, 40.0);
    EXPECT_NEAR(tree.signedDistance(p), p.norm() - radius, 2.0 * facet);
  }
}

TEST(MeshTree, ClosestHonoursItsLimit) {
  const MeshTree tree(shapes::sphere(10.0));
  EXPECT_TRUE(std::isinf(tree.closest({0.0, 0.0, 20.0}, 9.9).distanceMm));
  EXPECT_NEAR(tree.closest({0.0, 0.0, 20.0}, 10.1).distanceMm, 10.0, 1e-4);
}

TEST(MeshTree, RayHitsTheNearWall) {
  const MeshTree tree(shapes::box({-1.0, -2.0, -3.0}, {1.0, 2.0, 3.0}));
  EXPECT_NEAR(tree.firstHit({-10.0, 0.5, 0.25}, Vec3::UnitX()).value(), 9.0, 1e-6);
  EXPECT_NEAR(tree.firstHit({0.0, 0.5, 0.25}, Vec3::UnitZ()).value(), 2.75, 1e-6);
  EXPECT_FALSE(tree.firstHit({-10.0, 5.0, 0.0}, Vec3::UnitX()).has_value());
}

TEST(MeshTree, EmptyMeshIsFarFromEverything) {
  const MeshTree tree{TriangleMesh{}};
  EXPECT_TRUE(std::isinf(tree.closest(Vec3::Zero()).distanceMm));
  EXPECT_FALSE(tree.contains(Vec3::Zero()));
  EXPECT_FALSE(tree.firstHit(Vec3::Zero(), Vec3::UnitX()).has_value());
}

TEST(SurfacesCross, SpheresCrossExactlyWhenCentresAreNear) {
  const MeshTree small(shapes::sphere(10.0));
  const MeshTree large(shapes::sphere(20.0));
  std::mt19937 random(3);
  int crossed = 0;
  for (int i = 0; i < 500; ++i) {
    RigidTransform move = RigidTransform::Identity();
    move.rotate(Eigen::AngleAxisd(random() * 1e-9, randomPoint(random, 1.0).normalized()));
    move.pretranslate(randomPoint(random, 30.0));
    const double distance = move.translation().norm();
    if (std::abs(distance - 30.0) < 0.1 || std::abs(distance - 10.0) < 0.1) continue;
    Vec3 middle;
    const bool cross = surfacesCross(large, small, move, &middle);
    EXPECT_EQ(cross, distance < 30.0 && distance > 10.0) << distance;
    EXPECT_EQ(surfacesCross(large, small, move), cross);
    EXPECT_EQ(surfacesCross(small, large, move.inverse()), cross);
    crossed += int(cross);
    if (!cross) continue;
    // The crossing line is a circle around the line of centres; the middle of any part lies in its disc.
    const Vec3 axis = move.translation() / distance;
    const double along = (distance * distance + 20.0 * 20.0 - 10.0 * 10.0) / (2.0 * distance);
    EXPECT_NEAR(middle.dot(axis), along, 0.2);
    EXPECT_LT(middle.cross(axis).norm(), std::sqrt(20.0 * 20.0 - along * along) + 0.1);
  }
  EXPECT_GT(crossed, 100);
}
