#include "implant_voxels.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

namespace coxa {
namespace {

// A rod of metal of this radius in bone, with a rim that the scanner blurred.
Volume rodInBone(double radiusMm) {
  Grid grid;
  grid.size = {60, 60, 40};
  Volume ct(grid, 900);
  for (int k = 0; k < 40; ++k)
    for (int j = 0; j < 60; ++j)
      for (int i = 0; i < 60; ++i) {
        const double r = std::hypot(i - 30, j - 30);
        if (r <= radiusMm)
          ct.at(i, j, k) = 3071;
        else if (r <= radiusMm + 1.0)
          ct.at(i, j, k) = 1900;
      }
  return ct;
}

TEST(ImplantVoxels, AreMetalAndItsRimButNotTheBoneAround) {
  const Volume ct = rodInBone(10.0);  // 12.6 ml
  const LabelMap implant = implantVoxels(ct);
  for (std::size_t v = 0; v < ct.voxels.size(); ++v) {
    if (ct.voxels[v] == 3071) {
      ASSERT_EQ(implant.voxels[v], 1);
    }
    if (ct.voxels[v] == 900) {
      ASSERT_EQ(implant.voxels[v], 0);
    }
  }
  EXPECT_EQ(implant.at(41, 30, 20), 1);  // in the rim, beside metal
}

TEST(ImplantVoxels, AreNoneWhereMetalIsButAClip) {
  const LabelMap implant = implantVoxels(rodInBone(3.0));  // 1.1 ml
  EXPECT_EQ(std::count(implant.voxels.begin(), implant.voxels.end(), 1), 0);
}

TEST(ClearImplant, WorksOnACoarserGridToo) {
  const LabelMap implant = implantVoxels(rodInBone(10.0));
  Grid coarse;
  coarse.size = {30, 30, 13};
  coarse.spacing = {2.0, 2.0, 3.0};
  LabelMap labels(coarse, 3);
  clearImplant(labels, implant);
  EXPECT_EQ(labels.at(15, 15, 6), 0);
  EXPECT_EQ(labels.at(2, 2, 6), 3);
}

}  // namespace
}  // namespace coxa
