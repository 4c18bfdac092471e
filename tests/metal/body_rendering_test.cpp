// Bodies of one metal, drawn as voxels that hold their share of it, against meshes of several sizes.
#include "body_rendering.hpp"

#include "metal/implant_phantom.hpp"

#include "coxa/implants/meshes.hpp"

#include <gtest/gtest.h>

namespace coxa {
namespace {

constexpr double kClipHu = 3071.0;
const Vec3 kCenter(-80.3, 4.2, 1.1);

PlacedBody ballOf(double radiusMm) {
  Head head;
  head.diameterMm = 2.0 * radiusMm;
  return {{MeshTree(headMesh(head))}, RigidTransform(Eigen::Translation3d(kCenter))};
}

Volume scanOfBall(double radiusMm, double hu) {
  return scanOf({sphere(kCenter, radiusMm, hu)}, -30.0, 30.0, 4);
}

bool everywhere(const Vec3&) {
  return true;
}

TEST(BodyRendering, TheRightSizeFitsBestWhateverTheMetal) {
  for (const double hu : {9000.0, 20000.0}) {
    const auto rendered =
        renderBodies(scanOfBall(15.0, hu), {ballOf(14.5), ballOf(15.0), ballOf(15.5)}, kClipHu, everywhere);
    ASSERT_EQ(rendered.size(), 3U);
    EXPECT_LT(rendered[1].misfitHu, 0.9 * rendered[0].misfitHu);
    EXPECT_LT(rendered[1].misfitHu, 0.9 * rendered[2].misfitHu);
    // The scan's blur is 0.6 mm, the rendering's 0.5 mm, so that the metal seems a little denser.
    EXPECT_NEAR(rendered[1].metalHu, hu, 0.25 * hu);
  }
}

TEST(BodyRendering, OfPartsThatOverlapTheUnionCounts) {
  const Volume ct = scanOfBall(15.0, 9000.0);
  PlacedBody twice = ballOf(15.0);
  twice.parts.push_back(ballOf(9.0).parts[0]);  // wholly within
  const auto rendered = renderBodies(ct, {ballOf(15.0), twice}, kClipHu, everywhere);
  EXPECT_NEAR(rendered[0].misfitHu, rendered[1].misfitHu, 1.0);
}

TEST(BodyRendering, WhatIsNotJudgedDoesNotCount) {
  Volume ct = scanOfBall(15.0, 9000.0);
  const auto clean = renderBodies(ct, {ballOf(15.0)}, kClipHu, everywhere)[0].misfitHu;
  for (int k = 0; k < ct.grid.size.z(); ++k)
    for (int j = 0; j < ct.grid.size.y(); ++j)
      for (int i = 0; i < ct.grid.size.x(); ++i)
        if (ct.grid.worldFromIndex(Vec3(i, j, k)).x() > kCenter.x()) ct.at(i, j, k) = 3071;
  const auto left = [](const Vec3& p) { return p.x() <= kCenter.x(); };
  EXPECT_LT(renderBodies(ct, {ballOf(15.0)}, kClipHu, left)[0].misfitHu, 1.2 * clean);
  EXPECT_GT(renderBodies(ct, {ballOf(15.0)}, kClipHu, everywhere)[0].misfitHu, 3.0 * clean);
}

}  // namespace
}  // namespace coxa
