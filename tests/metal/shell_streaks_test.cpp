// How much streaks hide a shell, on volumes whose share of bright voxels is known.
#include "shell_streaks.hpp"

#include <gtest/gtest.h>

namespace coxa {
namespace {

constexpr double kOutsideMm = 25.0, kSliceMm = 3.0;

// 0 HU, and 2000 HU wherever it is bright; the middle of the volume is the world's origin.
template <class IsBright>
Volume scanWhere(const IsBright& isBright) {
  Grid grid;
  grid.spacing = {1.0, 1.0, kSliceMm};
  grid.size = {90, 90, 30};
  grid.origin = {-44.5, -44.5, -43.5};
  Volume ct(grid);
  for (int k = 0; k < grid.size.z(); ++k)
    for (int j = 0; j < grid.size.y(); ++j)
      for (int i = 0; i < grid.size.x(); ++i)
        ct.at(i, j, k) = isBright(grid.worldFromIndex(Vec3(i, j, k))) ? 2000 : 0;
  return ct;
}

double streaksOf(const Volume& ct, const Vec3& axis) {
  return shellStreaksMm(ct, Vec3::Zero(), axis, kOutsideMm);
}

TEST(ShellStreaks, AreTheBrightShareOfWhatLiesBehindTheShell) {
  // A quarter of the half space behind a cup that opens forwards.
  const Volume quarter = scanWhere([](const Vec3& p) { return p.x() > 0.0 && p.z() > 0.0; });
  EXPECT_NEAR(streaksOf(quarter, -Vec3::UnitY()), 0.25 * kSliceMm, 0.02 * kSliceMm);
  EXPECT_EQ(streaksOf(scanWhere([](const Vec3&) { return false; }), Vec3::UnitX()), 0.0);
}

TEST(ShellStreaks, DoNotCountTheShellNorWhatLiesBeforeItsOpening) {
  const Volume shell = scanWhere([](const Vec3& p) { return p.norm() < kOutsideMm + 1.5; });
  EXPECT_EQ(streaksOf(shell, Vec3::UnitX()), 0.0);
  const Volume neck = scanWhere([](const Vec3& p) { return p.x() > 0.0; });
  EXPECT_EQ(streaksOf(neck, Vec3::UnitX()), 0.0);
  EXPECT_NEAR(streaksOf(neck, -Vec3::UnitX()), kSliceMm, 1e-9);
}

TEST(ShellStreaks, AreNoneBesideTheScan) {
  const Volume bright = scanWhere([](const Vec3&) { return true; });
  EXPECT_EQ(shellStreaksMm(bright, Vec3(500.0, 0.0, 0.0), Vec3::UnitX(), kOutsideMm), 0.0);
}

}  // namespace
}  // namespace coxa
