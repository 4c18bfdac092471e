// Parts that hang on a bone by thin bridges, on drawn boxes.
#include "bridged_parts.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace coxa {
namespace {

class BridgedParts : public testing::Test {
 protected:
  BridgedParts() {
    Grid grid;
    grid.size = {60, 30, 30};
    grid.spacing = {2.0, 2.0, 3.0};
    mask_ = LabelMap(grid);
    fill({5, 5, 2}, {25, 25, 28});  // the bone: 20 × 20 × 26 voxels
  }
  /// From the first corner up to, not with, the second.
  void fill(const Eigen::Vector3i& from, const Eigen::Vector3i& to) {
    for (int k = from.z(); k < to.z(); ++k)
      for (int j = from.y(); j < to.y(); ++j)
        for (int i = from.x(); i < to.x(); ++i) mask_.at(i, j, k) = 1;
  }
  static std::ptrdiff_t count(const LabelMap& mask) {
    return std::count(mask.voxels.begin(), mask.voxels.end(), 1);
  }
  LabelMap mask_;
};

TEST_F(BridgedParts, AreFoundWhereAThinBridgeJoinsThem) {
  fill({25, 14, 10}, {35, 16, 12});  // two voxels wide
  fill({35, 10, 8}, {43, 18, 14});
  const LabelMap found = bridgedParts(mask_);
  EXPECT_EQ(found.at(39, 14, 11), 1);
  EXPECT_EQ(found.at(15, 15, 11), 0);
  // The part and about half of the bridge's 40 voxels.
  EXPECT_NEAR(static_cast<double>(count(found)), 8 * 8 * 6 + 20, 20);
}

TEST_F(BridgedParts, AreNoneWhereTheBridgeIsThick) {
  fill({25, 11, 8}, {35, 17, 14});
  fill({35, 10, 8}, {43, 18, 14});
  EXPECT_EQ(count(bridgedParts(mask_)), 0);
}

TEST_F(BridgedParts, AreNoLargePartsOfTheBone) {
  fill({25, 14, 10}, {35, 16, 12});
  fill({35, 5, 2}, {45, 25, 28});  // half as large as the other
  EXPECT_EQ(count(bridgedParts(mask_)), 0);
}

TEST_F(BridgedParts, AreNoneOfAnEmptyMask) {
  EXPECT_EQ(count(bridgedParts(LabelMap(mask_.grid))), 0);
}

}  // namespace
}  // namespace coxa
