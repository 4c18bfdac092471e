#include "coxa/metal/scores.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <numeric>

namespace coxa {
namespace {

constexpr int kSize = 256;

std::size_t index(int i, int j) {
  return static_cast<std::size_t>(j * kSize + i);
}

SliceMask discMask(const SliceGrid& grid, double x, double y, double radius) {
  SliceMask mask(grid.pixelCount());
  for (int j = 0; j < grid.height; ++j)
    for (int i = 0; i < grid.width; ++i)
      mask[index(i, j)] = std::hypot(grid.xMm(i) - x, grid.yMm(j) - y) <= radius ? 1 : 0;
  return mask;
}

/// Water with a bone, a piece of fat and a bowel with gas, in air.
Slice torso() {
  Slice slice({kSize, kSize, 1.0, 1.0, 0.0, 0.0}, -1000.0F);
  const auto fill = [&](double x, double y, double radius, float hu) {
    const SliceMask mask = discMask(slice.grid, x, y, radius);
    for (std::size_t n = 0; n < mask.size(); ++n)
      if (mask[n] != 0) slice.pixels[n] = hu;
  };
  fill(0, 0, 100, 20);
  fill(-50, 0, 22, 600);
  fill(-20, 40, 15, -90);
  fill(40, -40, 10, -900);
  return slice;
}

struct Case {
  Slice truth = torso();
  SliceMask metal = discMask(truth.grid, -50, 0, 10);
  Slice uncorrected = truth;
  JudgedRegions regions;

  Case() {
    // A streak to the right of the metal, 30 rows high, and metal that shows as 8000 HU.
    for (int j = 110; j < 140; ++j)
      for (int i = 110; i < 160; ++i) uncorrected.at(i, j) += (i + j) % 2 == 0 ? 150.0F : -150.0F;
    for (std::size_t n = 0; n < metal.size(); ++n)
      if (metal[n] != 0) uncorrected.pixels[n] = 8000.0F;
    regions = judgedRegions(truth, uncorrected, metal);
  }
  Slice withMetal(Slice slice) const {
    for (std::size_t n = 0; n < metal.size(); ++n)
      if (metal[n] != 0) slice.pixels[n] = 8000.0F;
    return slice;
  }
};

int sizeOf(const SliceMask& mask) {
  return std::accumulate(mask.begin(), mask.end(), 0);
}

TEST(JudgedRegions, LieWhereTheyAreMeantTo) {
  const Case given;
  const JudgedRegions& regions = given.regions;
  EXPECT_EQ(regions.body[index(168, 88)], 1) << "gas within the body";
  EXPECT_EQ(regions.body[index(5, 5)], 0) << "air around it";
  EXPECT_EQ(regions.body[index(78, 128)], 0) << "metal";
  EXPECT_NEAR(sizeOf(regions.body), 3.14159 * (100 * 100 - 10 * 10), 200);
  EXPECT_NEAR(sizeOf(regions.streaks), 3.14159 * 12 * 12, 30);
  EXPECT_NEAR(sizeOf(regions.noise), 3.14159 * 8 * 8, 20);
  for (std::size_t n = 0; n < regions.noise.size(); ++n)
    if (regions.noise[n] != 0) {
      ASSERT_EQ(given.uncorrected.pixels[n], given.truth.pixels[n]) << "away from the streak";
    }
  EXPECT_FLOAT_EQ(regions.metalHu, 600 + 250);
  EXPECT_GT(sizeOf(regions.boneEdges), 300);
  EXPECT_GT(sizeOf(regions.fatEdges), 150);
  EXPECT_EQ(regions.boneEdges[index(128 - 50 + 22, 128)], 1);
  EXPECT_EQ(regions.target[index(128, 128)], 1);
}

TEST(ArtifactMeasures, TruthHasNoError) {
  const Case given;
  const ArtifactMeasures m = measureArtifacts(given.withMetal(given.truth), given.truth, given.regions);
  EXPECT_EQ(m.rmsHu, 0.0);
  EXPECT_EQ(m.noise, 1.0);
  EXPECT_EQ(m.sharpness, 1.0);
  EXPECT_EQ(m.streakHu, 0.0);
  EXPECT_NEAR(m.ssim, 1.0, 1e-6);
  EXPECT_EQ(m.bone->volumeChange, 0.0);
  EXPECT_EQ(m.bone->dice, 1.0);
  EXPECT_EQ(m.metal.volumeChange, 0.0);
  EXPECT_EQ(m.metal.dice, 1.0);
  EXPECT_EQ(m.rangeShift, 0.0);
  const ArtifactMeasures bad = measureArtifacts(given.uncorrected, given.truth, given.regions);
  EXPECT_EQ(scoreArtifacts(m, bad, bad).mean(), 0.0);
}

TEST(ArtifactMeasures, OfKnownErrors) {
  const Case given;
  Slice shifted = given.withMetal(given.truth);
  for (std::size_t n = 0; n < shifted.pixels.size(); ++n)
    if (given.regions.body[n] != 0) shifted.pixels[n] += 7.0F;
  const ArtifactMeasures shift = measureArtifacts(shifted, given.truth, given.regions);
  EXPECT_NEAR(shift.rmsHu, 7.0, 1e-3);
  EXPECT_EQ(shift.streakHu, 0.0) << "the same everywhere is no streak";

  const ArtifactMeasures streaks = measureArtifacts(given.uncorrected, given.truth, given.regions);
  EXPECT_NEAR(*streaks.streakHu, 300.0, 1e-3);
  EXPECT_NEAR(streaks.rmsHu, 150.0 * std::sqrt(1500.0 / sizeOf(given.regions.body)), 0.01);
}

TEST(ArtifactMeasures, BoneAndMetalByVolumeAndDice) {
  const Case given;
  Slice slice = given.withMetal(given.truth);
  // Of the bone without metal the upper half becomes water.
  for (int j = 0; j < kSize / 2; ++j)
    for (int i = 0; i < kSize; ++i)
      if (given.metal[index(i, j)] == 0 && slice.at(i, j) == 600.0F) slice.at(i, j) = 20.0F;
  // Metal grows from 10 to 12 mm radius.
  const SliceMask larger = discMask(slice.grid, -50, 0, 12);
  for (std::size_t n = 0; n < larger.size(); ++n)
    if (larger[n] != 0) slice.pixels[n] = 8000.0F;
  const ArtifactMeasures m = measureArtifacts(slice, given.truth, given.regions);
  // With its rim the metal is the disc widened by a square of 2 mm: by Steiner 8 r + 4 mm² larger.
  const double bone = 22 * 22 - (10 * 10 + (8 * 10 + 4) / 3.14159), left = 0.5 * (22 * 22 - 12 * 12);
  EXPECT_NEAR(m.bone->volumeChange, 1.0 - left / bone, 0.02);
  EXPECT_NEAR(m.bone->dice, 2.0 * left / (bone + left), 0.02);
  EXPECT_NEAR(m.metal.volumeChange, 144.0 / 100.0 - 1.0, 0.03);
  EXPECT_NEAR(m.metal.dice, 2.0 * 100.0 / 244.0, 0.02);
}

TEST(ArtifactMeasures, ProtonRangeGrowsWithTheStoppingPower) {
  const Case given;
  Slice slice = given.withMetal(given.truth);
  // The row through the target's middle gets 10 mm of 50 HU instead of 20 HU on its way from the left of the
  // picture.
  for (int i = 70 - 32; i < 80 - 32; ++i) slice.at(i, 140) = 50.0F;
  const double added = 10.0 * (protonStoppingPower(50) - protonStoppingPower(20));
  const ArtifactMeasures m = measureArtifacts(slice, given.truth, given.regions);
  // The longest beams cross 125 mm of the body; water-equivalent, bone adds some.
  EXPECT_GT(*m.rangeShift, added / 160.0);
  EXPECT_LT(*m.rangeShift, added / 110.0);
}

// scikit-image 0.19.3: structural_similarity(a, b, sigma=1.5, gaussian_weights=True,
// use_sample_covariance=False, data_range=5000, full=True) in double precision on the same two formulas.
TEST(StructuralSimilarity, AgreesWithScikitImage) {
  Slice a({64, 48, 1.0, 1.0, 0.0, 0.0}), b = a;
  for (int j = 0; j < 48; ++j)
    for (int i = 0; i < 64; ++i) {
      a.at(i, j) = static_cast<float>(400 * std::sin(0.3 * i) + 300 * std::cos(0.2 * j));
      b.at(i, j) = a.at(i, j) + static_cast<float>(250 * std::sin(0.011 * i * j));
    }
  const std::vector<float> map = structuralSimilarity(a, b, 5000.0);
  const double mean = std::accumulate(map.begin(), map.end(), 0.0) / static_cast<double>(map.size());
  EXPECT_NEAR(mean, 0.5594733788852534, 2e-4);
  EXPECT_NEAR(map[0], 0.9996812450280922, 1e-4);
  EXPECT_NEAR(map[20 * 64 + 30], 0.08905903284456795, 1e-3);
  EXPECT_NEAR(map[47 * 64 + 63], 0.710484446332219, 1e-3);
  EXPECT_NEAR(map[5 * 64 + 60], 0.7319715078943222, 1e-3);
}

TEST(ArtifactScores, RunFromTruthOverNmarToUncorrected) {
  ArtifactMeasures bad, nmar, at;
  bad.rmsHu = 400, nmar.rmsHu = 100;
  bad.ssim = 0.7, nmar.ssim = 0.9;
  const auto ctNumber = [&](double rms) {
    at.rmsHu = rms;
    return scoreArtifacts(at, nmar, bad).ctNumber;
  };
  EXPECT_DOUBLE_EQ(ctNumber(0), 0.0);
  EXPECT_DOUBLE_EQ(ctNumber(50), 1.0);
  EXPECT_DOUBLE_EQ(ctNumber(100), 2.0);
  EXPECT_DOUBLE_EQ(ctNumber(250), 3.0);
  EXPECT_DOUBLE_EQ(ctNumber(400), 4.0);
  EXPECT_DOUBLE_EQ(ctNumber(900), 4.0);
  EXPECT_NEAR(scoreArtifacts(nmar, nmar, bad).structure, 2.0, 1e-9);
  // Where plain NMAR is worse than no correction, half the uncorrected error scores 2.
  nmar.rmsHu = 500;
  EXPECT_DOUBLE_EQ(ctNumber(200), 2.0);
  // Hardly an artifact: the challenge's tightest scale, 4 at 60 HU.
  bad.rmsHu = nmar.rmsHu = 3;
  EXPECT_DOUBLE_EQ(ctNumber(3), 0.2);
}

TEST(ArtifactScores, HaveTheChallengesFixedEnds) {
  ArtifactMeasures m;
  const auto scores = [&] { return scoreArtifacts(m, {}, {}); };
  m.sharpness = 0.94;
  EXPECT_DOUBLE_EQ(*scores().sharpness, 1.0);
  m.sharpness = 0.76;
  EXPECT_NEAR(*scores().sharpness, 2.5, 1e-9);
  m.sharpness = 0.3;
  EXPECT_DOUBLE_EQ(*scores().sharpness, 4.0);
  m.noise = 1.5, m.rangeShift = 0.01, m.metal.volumeChange = 0.25, m.metal.dice = 0.9;
  EXPECT_DOUBLE_EQ(*scores().noise, 2.0);
  EXPECT_DOUBLE_EQ(*scores().range, 2.0);
  EXPECT_NEAR(scores().metal, 1.0, 1e-9);
}

// A slice of water and metal has no edge of bone or fat and no bone; a small one no room for discs.
TEST(ArtifactScores, LeaveOutWhatTheSliceDoesNotHave) {
  Slice truth({kSize, kSize, 1.0, 1.0, 0.0, 0.0}, -1000.0F);
  const SliceMask body = discMask(truth.grid, 0, 0, 14), metal = discMask(truth.grid, 0, 0, 6);
  for (std::size_t n = 0; n < body.size(); ++n)
    if (body[n] != 0) truth.pixels[n] = 20.0F;
  Slice wrong = truth;
  for (float& value : wrong.pixels) value += 30.0F;
  const JudgedRegions regions = judgedRegions(truth, wrong, metal);
  const ArtifactMeasures m = measureArtifacts(wrong, truth, regions);
  EXPECT_FALSE(m.noise);
  EXPECT_FALSE(m.sharpness);
  EXPECT_FALSE(m.streakHu);
  EXPECT_FALSE(m.bone);
  const ArtifactScores scores = scoreArtifacts(m, m, m);
  EXPECT_FALSE(scores.noise || scores.sharpness || scores.streaks || scores.bone);
  double sum = scores.ctNumber + scores.structure + scores.metal + *scores.range;
  EXPECT_DOUBLE_EQ(scores.mean(), sum / 4.0);
}

// The disc of 10 mm around x = -50 covers the pixels 68 to 87 of the row through its middle.
TEST(JudgedRegions, LeaveOutTheRimThatMetalBlursInto) {
  const Case given;
  EXPECT_EQ(given.regions.rim[index(88, 128)], 1);
  EXPECT_EQ(given.regions.body[index(88, 128)], 0);
  EXPECT_EQ(given.regions.body[index(89, 128)], 1);
}

// Points of the published curve, and the line between two of them.
TEST(ProtonStoppingPower, FollowsTheClinicalCurve) {
  EXPECT_DOUBLE_EQ(protonStoppingPower(-2000), 0.0);
  EXPECT_NEAR(protonStoppingPower(50), 1.038, 1e-12);
  EXPECT_NEAR(protonStoppingPower(75), 0.5 * (1.038 + 1.084), 1e-12);
  EXPECT_NEAR(protonStoppingPower(8000), 3.2, 1e-12);
}

}  // namespace
}  // namespace coxa
