// Shells drawn as voxels that hold their share of one, from which the CT follows for any HU of the metal.
#include "cup_rendering.hpp"

#include "metal/implant_phantom.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>

namespace coxa {
namespace {

constexpr double kClipHu = 3071.0, kMetalHu = 12000.0, kDrawnHu = 9000.0, kTissueHu = 40.0;
const Vec3 kCenter(-80.3, 4.2, 1.1);
const Shell kShell{22.0, 25.5, 0.0};

RigidTransform poseAlong(const Vec3& axis, const Vec3& center) {
  RigidTransform pose = RigidTransform::Identity();
  pose.linear() = Eigen::Quaterniond::FromTwoVectors(Vec3::UnitZ(), axis.normalized()).toRotationMatrix();
  pose.translation() = center;
  return pose;
}
const RigidTransform kPose = poseAlong({-0.6, -0.4, -0.7}, kCenter);

/// HU in dependence of the direction from the shell's centre.
using Light = std::function<double(const Vec3& direction)>;

Volume scanOfShell(const Light& metalHu, const Light& besideHu) {
  const RigidTransform cup_from_world = kPose.inverse();
  const auto contains = [=](const Vec3& world) {
    const Vec3 p = cup_from_world * world;
    return p.z() <= 0.0 && p.norm() >= kShell.insideMm && p.norm() <= kShell.outsideMm;
  };
  const Vec3 reach = Vec3::Constant(kShell.outsideMm);
  ImplantScanOptions drawn;
  drawn.highestHu = 30000.0;
  Volume ct = scanOf({{Eigen::AlignedBox3d(kCenter - reach, kCenter + reach), contains, kDrawnHu}}, -40.0,
                     40.0, 5, drawn);
  for (int k = 0; k < ct.grid.size.z(); ++k)
    for (int j = 0; j < ct.grid.size.y(); ++j)
      for (int i = 0; i < ct.grid.size.x(); ++i) {
        const double share = (ct.at(i, j, k) - kTissueHu) / (kDrawnHu - kTissueHu);
        const Vec3 direction = (ct.grid.worldFromIndex(Vec3(i, j, k)) - kCenter).normalized();
        const double beside = besideHu(direction);
        ct.at(i, j, k) = static_cast<std::int16_t>(
            std::clamp(beside + share * (metalHu(direction) - beside), -1000.0, kClipHu));
      }
  return ct;
}

double shiftMm(const RenderedCup& cup) {
  return (cup.world_from_cup.translation() - kCenter).norm();
}
double tiltDeg(const RenderedCup& cup) {
  const Vec3 found = cup.world_from_cup.linear().col(2), wanted = kPose.linear().col(2);
  return degFromRad(std::atan2(found.cross(wanted).norm(), found.dot(wanted)));
}

CupRenderingOptions optionsOf(int shadeDegree) {
  return {kClipHu, kShell.insideMm - 2.0, kShell.outsideMm + 2.0, {}, shadeDegree};
}
const RigidTransform kNearby = poseAlong({-0.65, -0.36, -0.7}, kCenter + Vec3(0.5, -0.6, 0.4));

Light always(double hu) {
  return [hu](const Vec3&) { return hu; };
}

TEST(CupRendering, FindsAShellOfAnyMetal) {
  for (const double hu : {8000.0, 20000.0}) {
    const auto cup = renderCup(scanOfShell(always(hu), always(150.0)), kShell, kNearby, optionsOf(0));
    ASSERT_TRUE(cup);
    EXPECT_LT(shiftMm(*cup), 0.08);
    EXPECT_LT(tiltDeg(*cup), 0.1);
    // The scan's blur is 0.6 mm, the rendering's 0.5 mm.
    EXPECT_NEAR(cup->metalHu, hu, 0.25 * hu);
  }
}

TEST(CupRendering, ShadesOfOneSideDoNotPullAShellThatMayHaveShades) {
  const Light metal = [](const Vec3& n) {
    return kMetalHu * std::exp(0.35 * n.x() - 0.25 * n.z() + 0.3 * (n.x() * n.x() - n.y() * n.y()));
  };
  const Light beside = [](const Vec3& n) { return 150.0 - 400.0 * n.x() * n.x() + 200.0 * n.z(); };
  const Volume ct = scanOfShell(metal, beside);
  const auto plain = renderCup(ct, kShell, kNearby, optionsOf(0));
  const auto shaded = renderCup(ct, kShell, kNearby, optionsOf(2));
  ASSERT_TRUE(plain && shaded);
  EXPECT_LT(shiftMm(*shaded), 0.06);
  EXPECT_LT(tiltDeg(*shaded), 0.15);
  EXPECT_GT(shiftMm(*plain), 2.0 * shiftMm(*shaded));
  EXPECT_GT(tiltDeg(*plain), 2.0 * tiltDeg(*shaded));
}

TEST(CupRendering, WithoutShadesTheyChangeNothing) {
  const Volume ct = scanOfShell(always(kMetalHu), always(150.0));
  const auto plain = renderCup(ct, kShell, kNearby, optionsOf(0));
  const auto shaded = renderCup(ct, kShell, kNearby, optionsOf(2));
  ASSERT_TRUE(plain && shaded);
  EXPECT_LT((plain->world_from_cup.translation() - shaded->world_from_cup.translation()).norm(), 0.03);
  EXPECT_LT(std::abs(tiltDeg(*plain) - tiltDeg(*shaded)), 0.1);
}

TEST(CupRendering, TooFewVoxelsAreNoCup) {
  CupRenderingOptions options = optionsOf(0);
  options.nearestMm = options.farthestMm - 0.05;
  EXPECT_FALSE(renderCup(scanOfShell(always(kMetalHu), always(150.0)), kShell, kNearby, options));
}

}  // namespace
}  // namespace coxa
