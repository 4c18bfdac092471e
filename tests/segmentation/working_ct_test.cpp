#include "working_ct.hpp"

#include "pelvis_phantom.hpp"

#include <gtest/gtest.h>

namespace coxa {

namespace {

Grid fineGrid() {
  Grid grid;
  grid.size = {100, 90, 40};
  grid.spacing = {1, 1, 3};
  return grid;
}

// A cylinder of water on a table, 4 mm of foam between them.
Volume patientOnTable() {
  Volume ct(fineGrid(), -1000);
  for (int k = 0; k < ct.grid.size.z(); ++k)
    for (int j = 0; j < ct.grid.size.y(); ++j)
      for (int i = 0; i < ct.grid.size.x(); ++i) {
        if (std::hypot(i - 50, j - 40) < 30) ct.at(i, j, k) = 20;
        if (j >= 74 && j < 78) ct.at(i, j, k) = 100;
      }
  return ct;
}

ModelConfig config() {
  return newModelConfig("test", StructureTable::loadDefault().value());
}

}  // namespace

TEST(ResampleMean, KeepsALinearRampAndAveragesNoise) {
  Volume ct(fineGrid());
  for (int k = 0; k < ct.grid.size.z(); ++k)
    for (int j = 0; j < ct.grid.size.y(); ++j)
      for (int i = 0; i < ct.grid.size.x(); ++i)
        ct.at(i, j, k) = static_cast<std::int16_t>(10 * i - 4 * j + 6 * k + ((i + j) % 2 == 0 ? 100 : -100));
  const Grid coarse = axisAligned(ct.grid, Vec3(2, 2, 3));
  const Volume mean = resampleMean(ct, coarse);
  const Vec3 world = coarse.worldFromIndex(Vec3(20, 20, 20));
  const Vec3 index = ct.grid.indexFromWorld(world);
  EXPECT_NEAR(mean.at(20, 20, 20), 10 * index.x() - 4 * index.y() + 6 * index.z(), 2.0);
}

TEST(WorkingCt, TakesTheTableAway) {
  const WorkingCt working = workingCt(patientOnTable(), config());
  const Grid& grid = working.ct.grid;
  const auto at = [&](const Volume& ct, const Vec3& world) {
    const Eigen::Vector3i i = (grid.indexFromWorld(world).array() + 0.5).floor().cast<int>();
    return ct.at(i.x(), i.y(), i.z());
  };
  EXPECT_EQ(at(working.ct, Vec3(50, 40, 60)), 20);
  EXPECT_EQ(at(working.ct, Vec3(20, 76, 60)), -1024);
  EXPECT_GT(at(working.whole, Vec3(20, 76, 60)), 0);
  const Vec3 low = grid.worldFromIndex(working.body.min.cast<double>());
  const Vec3 high = grid.worldFromIndex(working.body.max.cast<double>());
  EXPECT_NEAR(low.x(), 20, 4);
  EXPECT_NEAR(high.x(), 80, 4);
  EXPECT_NEAR(high.y(), 70, 4);
}

TEST(WorkingCt, AirHasNoBody) {
  EXPECT_TRUE(workingCt(Volume(fineGrid(), -1000), config()).body.empty());
}

}  // namespace coxa
