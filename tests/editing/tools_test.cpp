#include "coxa/editing/tools.hpp"

#include "phantoms.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace coxa {
namespace {

using test::countOf;
using test::cubicGrid;
using test::draw;
using test::tiltedGrid;

double volumeOf(const LabelMap& labels, std::uint8_t value) {
  return static_cast<double>(countOf(labels, value)) * labels.grid.voxelVolumeMm3();
}

LabelMap after(const LabelChange& change, LabelMap labels) {
  change.applyTo(labels);
  return labels;
}

double dice(const LabelMap& a, const LabelMap& b, std::uint8_t value) {
  std::size_t common = 0;
  for (std::size_t n = 0; n < a.voxels.size(); ++n)
    common += a.voxels[n] == value && b.voxels[n] == value ? 1 : 0;
  return 2.0 * static_cast<double>(common) / static_cast<double>(countOf(a, value) + countOf(b, value));
}

TEST(Paint, ABallHasItsVolumeInMillimetresOnAnyGrid) {
  const LabelMap labels(tiltedGrid({80, 60, 24}));
  const Vec3 center = labels.grid.center() + Vec3(0.3, -0.2, 0.4);
  const LabelMap painted = after(paint(labels, center, center, {18.0, {}}, 5, {}), labels);
  EXPECT_NEAR(volumeOf(painted, 5), 4.0 / 3.0 * kPi * std::pow(18.0, 3), 0.02 * 24429.0);
  LabelMap truth(labels.grid);
  draw(truth, 5, [&](const Vec3& p) { return (p - center).norm() <= 18.0; });
  EXPECT_EQ(painted.voxels, truth.voxels);
}

TEST(Paint, ADiscIsOneLayerThick) {
  const LabelMap labels(tiltedGrid({80, 60, 24}));
  const Vec3 normal = labels.grid.direction.col(2);
  const Vec3 center = labels.grid.worldFromIndex({40.0, 30.0, 9.0});
  const LabelMap painted = after(paint(labels, center, center, {15.0, normal}, 5, {}), labels);
  EXPECT_NEAR(volumeOf(painted, 5), kPi * 15.0 * 15.0 * 3.0, 0.02 * 2121.0);
  for (int k = 0; k < 24; ++k) {
    const auto* slice = painted.slice(k);
    const auto count = std::count(slice, slice + 80 * 60, 5);
    EXPECT_EQ(count > 0, k == 9) << k;
  }
}

TEST(Paint, AFastStrokeLeavesNoGap) {
  const LabelMap labels(cubicGrid(60));
  const Vec3 from(12.0, 30.0, 30.0), to(48.0, 30.0, 30.0);
  const LabelMap painted = after(paint(labels, from, to, {6.0, {}}, 5, {}), labels);
  const double capsule = kPi * 36.0 * 36.0 + 4.0 / 3.0 * kPi * 216.0;
  EXPECT_NEAR(volumeOf(painted, 5), capsule, 0.02 * capsule);
}

TEST(Paint, TheSmallestBrushPaintsTheVoxelUnderIt) {
  const LabelMap labels(tiltedGrid({10, 10, 10}));
  const Vec3 at = labels.grid.worldFromIndex({4.3, 5.4, 6.4});
  const LabelMap painted = after(paint(labels, at, at, {0.1, {}}, 5, {}), labels);
  EXPECT_EQ(countOf(painted, 5), 1U);
  EXPECT_EQ(painted.at(4, 5, 6), 5);
}

TEST(Paint, OutsideOfTheScanNothingHappens) {
  const LabelMap labels(cubicGrid(10));
  EXPECT_TRUE(paint(labels, {-50.0, 0.0, 0.0}, {-50.0, 0.0, 0.0}, {5.0, {}}, 5, {}).empty());
}

TEST(Scope, LockedStructuresNeitherLoseNorGain) {
  LabelMap labels(cubicGrid(40));
  draw(labels, 1, [](const Vec3& p) { return p.x() < 20.0; });
  EditScope scope;
  scope.locked.set(1);
  const Vec3 middle(20.0, 20.0, 20.0);
  const LabelMap painted = after(paint(labels, middle, middle, {8.0, {}}, 5, scope), labels);
  EXPECT_EQ(countOf(painted, 1), countOf(labels, 1));
  EXPECT_GT(countOf(painted, 5), 0U);
  EXPECT_TRUE(paint(labels, middle, middle, {8.0, {}}, 1, scope).empty());
  EXPECT_TRUE(paint(labels, {10.0, 20.0, 20.0}, {10.0, 20.0, 20.0}, {8.0, {}}, 0, scope).empty());
}

TEST(Scope, OnlyOverTakesFromThoseAlone) {
  LabelMap labels(cubicGrid(40));
  draw(labels, 1, [](const Vec3& p) { return p.x() < 18.0; });
  draw(labels, 2, [](const Vec3& p) { return p.x() >= 22.0; });
  EditScope scope;
  scope.replaceable = LabelSet().set(2);
  const Vec3 middle(20.0, 20.0, 20.0);
  const LabelChange change = paint(labels, middle, middle, {8.0, {}}, 5, scope);
  EXPECT_FALSE(change.empty());
  for (const LabelRun& run : change.runs()) EXPECT_EQ(run.before, 2);
}

TEST(Scope, OnlyTheUncertainPartChanges) {
  const LabelMap labels(cubicGrid(20));
  auto uncertainty = std::make_shared<ScalarImage>(labels.grid, 0.05F);
  uncertainty->at(10, 10, 10) = 0.3F;
  uncertainty->at(11, 10, 10) = 0.2F;
  EditScope scope;
  scope.uncertainty = uncertainty;
  scope.leastUncertainty = 0.25F;
  const Vec3 at(10.0, 10.0, 10.0);
  const LabelMap painted = after(paint(labels, at, at, {5.0, {}}, 5, scope), labels);
  EXPECT_EQ(countOf(painted, 5), 1U);
  EXPECT_EQ(painted.at(10, 10, 10), 5);
}

/// A shell of bone in soft tissue, connected by a bridge with another piece of bone.
struct BoneShell {
  Volume ct{tiltedGrid({80, 60, 24}), 40};
  LabelMap labels{ct.grid};
  Vec3 center = ct.grid.center();
  std::size_t shellVoxels = 0;

  BoneShell() {
    for (int k = 0; k < ct.grid.size.z(); ++k)
      for (int j = 0; j < ct.grid.size.y(); ++j)
        for (int i = 0; i < ct.grid.size.x(); ++i) {
          const double r = (ct.grid.worldFromIndex(Vec3(i, j, k)) - center).norm();
          if (r < 12.0 || r > 20.0) continue;
          ct.at(i, j, k) = 700;
          ++shellVoxels;
        }
  }
  Vec3 seed() const { return center + ct.grid.direction * Vec3(16.0, 0.0, 0.0); }
};

TEST(Grow, FillsTheConnectedRange) {
  const BoneShell bone;
  const auto change = grow(bone.ct, bone.labels, bone.seed(), {300, 2000, 50.0}, 5, {});
  ASSERT_TRUE(change);
  EXPECT_EQ(change->voxelCount(), bone.shellVoxels);
}

TEST(Grow, StaysWithinTheRadiusAndTheScope) {
  const BoneShell bone;
  const auto near = grow(bone.ct, bone.labels, bone.seed(), {300, 2000, 10.0}, 5, {});
  ASSERT_TRUE(near);
  EXPECT_GT(near->voxelCount(), 100U);
  EXPECT_LT(near->voxelCount(), bone.shellVoxels / 2);
  LabelMap halved = bone.labels;
  const Vec3 x = bone.ct.grid.direction.col(0);
  draw(halved, 9, [&](const Vec3& p) { return (p - bone.center).dot(x) < 0.0; });
  EditScope scope;
  scope.locked.set(9);
  const auto half = grow(bone.ct, halved, bone.seed(), {300, 2000, 50.0}, 5, scope);
  ASSERT_TRUE(half);
  EXPECT_NEAR(static_cast<double>(half->voxelCount()), 0.5 * static_cast<double>(bone.shellVoxels),
              0.05 * static_cast<double>(bone.shellVoxels));
}

TEST(Grow, SaysWhyASeedIsNoGood) {
  const BoneShell bone;
  const auto dark = grow(bone.ct, bone.labels, bone.center, {300, 2000, 50.0}, 5, {});
  ASSERT_FALSE(dark);
  EXPECT_NE(dark.error().message.find("40 HU"), std::string::npos);
  EXPECT_FALSE(grow(bone.ct, bone.labels, bone.center + Vec3(500.0, 0.0, 0.0), {0, 100, 50.0}, 5, {}));
  EXPECT_FALSE(grow(bone.ct, LabelMap(cubicGrid(5)), bone.seed(), {300, 2000, 50.0}, 5, {}));
}

// Between two circles of one axis the interpolated signed distance is that of a cone.
TEST(FillBetweenSlices, ClosesAConeThatHasGaps) {
  const Grid grid = tiltedGrid({80, 60, 24});
  LabelMap cone(grid);
  draw(cone, 5, [&](const Vec3& p) {
    const Vec3 local = grid.direction.transpose() * (p - grid.worldFromIndex({40.0, 30.0, 0.0}));
    return local.z() > 2.9 && local.z() < 63.1 && local.head<2>().norm() <= 8.0 + 0.25 * local.z();
  });
  LabelMap gappy = cone;
  for (int k = 2; k < 21; ++k)
    if (k % 5 != 1) std::fill_n(gappy.slice(k), 80 * 60, std::uint8_t{0});
  const LabelChange change = fillBetweenSlices(gappy, 5, 2, {});
  EXPECT_GT(dice(after(change, gappy), cone, 5), 0.98);
  EXPECT_TRUE(fillBetweenSlices(cone, 5, 2, {}).empty()) << "no gap, nothing to do";
  EXPECT_TRUE(fillBetweenSlices(gappy, 6, 2, {}).empty()) << "no such structure";
}

TEST(FillBetweenSlices, WorksAlongEveryAxis) {
  LabelMap ball(cubicGrid(40));
  draw(ball, 5, [](const Vec3& p) { return (p - Vec3(20.0, 20.0, 20.0)).norm() <= 14.0; });
  for (int axis = 0; axis < 3; ++axis) {
    LabelMap gappy(ball.grid);
    draw(gappy, 5, [&](const Vec3& p) {
      return (p - Vec3(20.0, 20.0, 20.0)).norm() <= 14.0 && static_cast<int>(p[axis]) % 3 == 0;
    });
    EXPECT_GT(dice(after(fillBetweenSlices(gappy, 5, axis, {}), gappy), ball, 5), 0.95) << axis;
  }
}

LabelMap roughBall() {
  LabelMap rough(cubicGrid(50));
  // Bumps and dents of 2 mm, a few mm wide.
  draw(rough, 5, [](const Vec3& p) {
    const Vec3 q = p - Vec3(25.0, 25.0, 25.0);
    return q.norm() <= 15.0 + 2.0 * std::sin(2.0 * p.x()) * std::sin(2.0 * p.y()) * std::sin(2.0 * p.z());
  });
  return rough;
}

TEST(Smooth, TakesBumpsOffAndKeepsTheVolume) {
  LabelMap ball(cubicGrid(50));
  draw(ball, 5, [](const Vec3& p) { return (p - Vec3(25.0, 25.0, 25.0)).norm() <= 15.0; });
  const LabelMap rough = roughBall();
  const LabelMap smoothed = after(smooth(rough, 5, 2.0, {}), rough);
  EXPECT_NEAR(volumeOf(smoothed, 5), volumeOf(rough, 5), 0.005 * volumeOf(rough, 5));
  EXPECT_LT(1.0 - dice(smoothed, ball, 5), 0.4 * (1.0 - dice(rough, ball, 5)));
}

TEST(Smooth, LeavesOtherStructuresTheVoxelsItLoses) {
  LabelMap labels = roughBall();
  for (auto& voxel : labels.voxels)
    if (voxel == 0) voxel = 8;
  const LabelMap smoothed = after(smooth(labels, 5, 2.0, {}), labels);
  EXPECT_EQ(countOf(smoothed, 0), 0U) << "no background between two structures";
  EditScope scope;
  scope.locked.set(8);
  const LabelMap locked = after(smooth(labels, 5, 2.0, scope), labels);
  EXPECT_EQ(countOf(locked, 8), countOf(labels, 8));
}

}  // namespace
}  // namespace coxa
