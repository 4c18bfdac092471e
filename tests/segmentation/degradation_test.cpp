#include "degradation.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace coxa {

namespace {

constexpr std::uint8_t kFemur = 2, kMuscle = 5;

// 400 mm across, 3 mm slices: a femur's column on the right and a muscle's on the left in water of 0 HU.
struct Column {
  Volume ct;
  LabelMap labels;

  Column() {
    Grid grid;
    grid.size = {100, 100, 30};
    grid.spacing = {4, 4, 3};
    grid.origin = {-198, -198, 0};
    ct = Volume(grid, 0);
    labels = LabelMap(grid);
    fill(-120, kFemur, 600);
    fill(120, kMuscle, 60);
    fill(180, kMuscle, 60);
  }
  void fill(double x, std::uint8_t value, std::int16_t hu) {
    for (int k = 0; k < ct.grid.size.z(); ++k)
      for (int j = 0; j < ct.grid.size.y(); ++j)
        for (int i = 0; i < ct.grid.size.x(); ++i) {
          const Vec3 p = ct.grid.worldFromIndex(Vec3(i, j, k));
          if (std::hypot(p.x() - x, p.y()) > 12.0) continue;
          ct.at(i, j, k) = hu;
          labels.at(i, j, k) = value;
        }
  }
  DegradedCase as(Degradation degradation) const {
    std::vector<bool> isMuscle(256, false);
    isMuscle[kMuscle] = true;
    return degraded(ct, labels, degradation, isMuscle, 1);
  }
};

struct Moments {
  double mean = 0.0, sd = 0.0, count = 0.0;
};

Moments within(const Volume& ct, const LabelMap& labels, std::uint8_t value) {
  double sum = 0.0, squares = 0.0, n = 0.0;
  for (std::size_t v = 0; v < ct.voxels.size(); ++v)
    if (labels.voxels[v] == value) {
      sum += ct.voxels[v];
      squares += static_cast<double>(ct.voxels[v]) * ct.voxels[v];
      ++n;
    }
  return {sum / n, std::sqrt(squares / n - sum * sum / (n * n)), n};
}

}  // namespace

TEST(Degradation, NoneChangesNothing) {
  const Column column;
  const auto made = column.as(Degradation::None);
  EXPECT_EQ(made.ct.voxels, column.ct.voxels);
  EXPECT_EQ(made.labels.voxels, column.labels.voxels);
}

TEST(Degradation, NoiseHasTheStatedSpreadAndIsTheSameAgain) {
  const Column column;
  const auto made = column.as(Degradation::Noise);
  const Moments water = within(made.ct, made.labels, 0);
  EXPECT_NEAR(water.mean, 0.0, 1.0);
  EXPECT_NEAR(water.sd, 80.0, 1.0);
  EXPECT_EQ(made.ct.voxels, column.as(Degradation::Noise).ct.voxels);
}

TEST(Degradation, ThickSlicesAreTheMeanOfNineMillimetres) {
  Column column;
  for (int j = 0; j < 100; ++j)
    for (int i = 0; i < 100; ++i) column.ct.at(i, j, 15) = 300;
  const auto made = column.as(Degradation::ThickSlices);
  EXPECT_EQ(made.ct.at(50, 5, 13), 0);
  for (const int k : {14, 15, 16}) EXPECT_EQ(made.ct.at(50, 5, k), 100);
  EXPECT_EQ(made.ct.at(50, 5, 17), 0);
}

TEST(Degradation, AtrophyMakesMusclesFattyAndNothingElse) {
  const Column column;
  const auto made = column.as(Degradation::Atrophy);
  // 0.45 of fat at -95 HU in muscle of 60 HU.
  EXPECT_NEAR(within(made.ct, made.labels, kMuscle).mean, 0.55 * 60.0 - 0.45 * 95.0, 6.0);
  EXPECT_EQ(within(made.ct, made.labels, kFemur).sd, 0.0);
  EXPECT_EQ(within(made.ct, made.labels, 0).sd, 0.0);
}

TEST(Degradation, CutOffEndsImageAndLabelsTogether) {
  const Column column;
  const auto made = column.as(Degradation::CutOff);
  // The labels' middle is x = 30: the muscle at 180 lies 150 mm off, the one at 120 within.
  EXPECT_LT(within(made.ct, made.labels, kMuscle).count, within(column.ct, column.labels, kMuscle).count);
  EXPECT_EQ(within(made.ct, made.labels, kMuscle).sd, 0.0);
  for (std::size_t v = 0; v < made.ct.voxels.size(); ++v)
    ASSERT_TRUE(made.ct.voxels[v] != -1024 || made.labels.voxels[v] == 0);
}

}  // namespace coxa
