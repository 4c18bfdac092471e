#include "coxa/geometry/surface_fit.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

namespace coxa {
namespace {

/// A box of 30 × 20 × 12 mm about its frame's origin, without symmetry in any rotation but half turns.
TriangleMesh box() {
  TriangleMesh mesh;
  for (const float z : {-6.0F, 6.0F})
    for (const float y : {-10.0F, 10.0F})
      for (const float x : {-15.0F, 15.0F}) mesh.vertices.push_back({x, y, z});
  mesh.triangles = {{0, 2, 1}, {1, 2, 3}, {4, 5, 6}, {5, 7, 6}, {0, 1, 4}, {1, 5, 4},
                    {2, 6, 3}, {3, 6, 7}, {0, 4, 2}, {2, 4, 6}, {1, 3, 5}, {3, 7, 5}};
  return mesh;
}

RigidTransform pose(const Vec3& shift, const Vec3& axis, double deg) {
  RigidTransform transform = RigidTransform::Identity();
  transform.linear() = Eigen::AngleAxisd(radFromDeg(deg), axis.normalized()).toRotationMatrix();
  transform.translation() = shift;
  return transform;
}

/// Points on the box's faces (1 mm off the edges, where noise would tell the wrong face), moved outwards by
/// `shiftMm` and shaken by `noiseMm`, at `world_from_box`.
SurfacePoints seenBox(const RigidTransform& world_from_box, double noiseMm, double shiftMm, unsigned seed,
                      int count = 1200) {
  std::mt19937_64 random(seed);
  std::normal_distribution<double> noise(0.0, 1.0);
  std::uniform_real_distribution<double> uniform(-1.0, 1.0);
  const Vec3 half(15, 10, 6);
  SurfacePoints seen;
  for (int n = 0; n < count; ++n) {
    Vec3 p = (half - Vec3::Ones()).cwiseProduct(Vec3(uniform(random), uniform(random), uniform(random)));
    const int axis = n % 3;
    const double side = n % 2 == 0 ? 1.0 : -1.0;
    p[axis] = side * (half[axis] + shiftMm + noiseMm * noise(random));
    seen.points.push_back(world_from_box * p);
    seen.normals.push_back(world_from_box.linear() * (side * Vec3::Unit(axis)));
  }
  return seen;
}

double turnDeg(const RigidTransform& a, const RigidTransform& b) {
  return degFromRad(Eigen::AngleAxisd(a.linear().transpose() * b.linear()).angle());
}

TEST(SurfaceFit, FindsAKnownMotion) {
  const MeshTree tree(box());
  for (unsigned seed = 1; seed <= 5; ++seed) {
    const auto truth = pose({40.0 * seed, -7, 90}, {1, 0.3 * seed, -0.5}, 20.0 * seed);
    const auto start = pose({1.5, -1, 2}, {0.2, 1, 0.4}, 8.0) * truth;
    const auto startAt =
        RigidTransform(pose(truth.translation() - start.translation(), Vec3::UnitX(), 0.0) * start);
    const auto fit = fitSurface(seenBox(truth, 0.1, 0.0, seed), tree, startAt);
    ASSERT_TRUE(fit);
    EXPECT_LT((fit->points_from_surface.translation() - truth.translation()).norm(), 0.03);
    EXPECT_LT(turnDeg(fit->points_from_surface, truth), 0.1);
    EXPECT_NEAR(fit->residualMm, 0.1, 0.02);
  }
}

TEST(SurfaceFit, AThirdOfStrayPointsDoesNotPull) {
  const MeshTree tree(box());
  const auto truth = pose({10, 20, 30}, {1, 1, 0}, 30.0);
  SurfacePoints seen = seenBox(truth, 0.1, 0.0, 3);
  const SurfacePoints stray = seenBox(pose({14, 23, 30}, {1, 1, 0}, 40.0), 0.5, 1.0, 4, 600);
  seen.points.insert(seen.points.end(), stray.points.begin(), stray.points.end());
  seen.normals.insert(seen.normals.end(), stray.normals.begin(), stray.normals.end());
  const auto fit = fitSurface(seen, tree, pose({11, 19, 30}, {1, 1, 0}, 34.0));
  ASSERT_TRUE(fit);
  EXPECT_LT((fit->points_from_surface.translation() - truth.translation()).norm(), 0.1);
  EXPECT_LT(turnDeg(fit->points_from_surface, truth), 0.5);
}

TEST(SurfaceFit, EstimatesTheThresholdsShift) {
  const MeshTree tree(box());
  const auto truth = pose({5, 5, 5}, {0, 1, 0}, 25.0);
  SurfaceFitOptions options;
  options.shift = ThresholdShift{Vec3::UnitZ(), 0.0, 0.5};
  const auto fit =
      fitSurface(seenBox(truth, 0.05, 0.4, 9), tree, pose({5.5, 5, 4.5}, {0, 1, 0}, 22.0), options);
  ASSERT_TRUE(fit);
  EXPECT_NEAR(fit->shiftInSliceMm, 0.4, 0.03);
  EXPECT_NEAR(fit->shiftAcrossMm, 0.4, 0.03);
  EXPECT_LT((fit->points_from_surface.translation() - truth.translation()).norm(), 0.03);
}

// Without clusters (cells smaller than the points' distance) errors are independent: over many draws the
// squared error over its variance has mean 3 for a position (chi-square with three degrees of freedom).
TEST(SurfaceFit, CovarianceAgreesWithTheErrors) {
  const MeshTree tree(box());
  const auto truth = pose({1, 2, 3}, {1, 0, 1}, 10.0);
  SurfaceFitOptions options;
  options.sameErrorMm = 0.1;
  double place = 0.0, turn = 0.0;
  constexpr int kDraws = 60;
  for (unsigned seed = 1; seed <= kDraws; ++seed) {
    const auto fit = fitSurface(seenBox(truth, 0.3, 0.0, 100 + seed, 400), tree, truth, options);
    ASSERT_TRUE(fit);
    const Vec3 at = truth.translation();
    const Vec3 error = fit->points_from_surface.translation() - at;
    place += error.dot(fit->covarianceAt(at).inverse() * error);
    const Eigen::AngleAxisd rotation(fit->points_from_surface.linear() * truth.linear().transpose());
    const Vec3 turned = rotation.angle() * rotation.axis();
    turn += turned.dot(fit->turnCovariance().inverse() * turned);
  }
  EXPECT_NEAR(place / kDraws, 3.0, 1.2);
  EXPECT_NEAR(turn / kDraws, 3.0, 1.2);
}

TEST(SurfaceFit, APinHoldsWhatThePointsDoNotTell) {
  const MeshTree tree(box());
  // Only the two large faces are seen: the box may slide in their plane until the pins hold it.
  SurfacePoints seen;
  for (double x = -14; x <= 14; x += 2)
    for (double y = -9; y <= 9; y += 2)
      for (const double z : {-6.0, 6.0}) {
        seen.points.push_back({x, y, z});
        seen.normals.push_back({0, 0, z / 6.0});
      }
  SurfaceFitOptions options;
  options.iterations = 200;
  options.pin = LinePin{{Vec3::Zero(), Vec3::UnitZ(), 0.0}, Vec3(0.5, -0.7, 3), 0.1};
  const auto fit = fitSurface(seen, tree, pose({1, 1, 0.5}, {0, 0, 1}, 0.0), options);
  ASSERT_TRUE(fit);
  EXPECT_NEAR(fit->points_from_surface.translation().x(), 0.5, 0.02);
  EXPECT_NEAR(fit->points_from_surface.translation().y(), -0.7, 0.02);
  EXPECT_NEAR(fit->points_from_surface.translation().z(), 0.0, 0.02);
}

TEST(SurfaceFit, SaysNothingWhenNothingIsInReach) {
  const MeshTree tree(box());
  EXPECT_FALSE(
      fitSurface(seenBox(pose({500, 0, 0}, {1, 0, 0}, 0.0), 0.1, 0.0, 1), tree, RigidTransform::Identity()));
  EXPECT_FALSE(fitSurface({}, tree, RigidTransform::Identity()));
}

}  // namespace
}  // namespace coxa
