#include "coxa/metal/reduction.hpp"
#include "coxa/physics/simulated_scan.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>
#include <tuple>

namespace coxa {
namespace {

/// A body of soft tissue with femoral heads, ilia and a sacrum of bone, in air.
Slice body(int size = 160, double pixelMm = 2.2) {
  Slice slice({size, size, pixelMm, pixelMm, 0.0, 0.0}, -1000.0F);
  for (int j = 0; j < size; ++j)
    for (int i = 0; i < size; ++i) {
      const double x = slice.grid.xMm(i), y = slice.grid.yMm(j);
      if (std::hypot(x / 150, y / 100) <= 1.0) slice.at(i, j) = 40.0F;
      const double r = std::hypot(std::abs(x) - 70, y);
      if (r < 32) slice.at(i, j) = r > 26 ? 900.0F : 200.0F;
      if (std::hypot((std::abs(x) - 30) / 8, (y - 10) / 30) < 1.0 || std::hypot(x / 20, (y - 60) / 15) < 1.0)
        slice.at(i, j) = 800.0F;
    }
  return slice;
}

std::vector<float> disc(const SliceGrid& grid, double x, double y, double radius) {
  std::vector<float> share(grid.pixelCount());
  for (int j = 0; j < grid.height; ++j)
    for (int i = 0; i < grid.width; ++i)
      share[static_cast<std::size_t>(j * grid.width + i)] =
          std::hypot(grid.xMm(i) - x, grid.yMm(j) - y) <= radius ? 1.0F : 0.0F;
  return share;
}

Volume stackOf(const std::vector<Slice>& slices, double spacingMm = 2.5) {
  Grid grid;
  grid.size = {slices[0].grid.width, slices[0].grid.height, static_cast<int>(slices.size())};
  grid.spacing = {slices[0].grid.spacingXMm, slices[0].grid.spacingYMm, spacingMm};
  Volume ct(grid);
  for (int k = 0; k < grid.size.z(); ++k)
    std::transform(slices[static_cast<std::size_t>(k)].pixels.begin(),
                   slices[static_cast<std::size_t>(k)].pixels.end(), ct.slice(k),
                   [](float v) { return static_cast<std::int16_t>(std::lround(v)); });
  return ct;
}

std::vector<std::string> codes(const std::vector<Notice>& notices) {
  std::vector<std::string> all;
  for (const Notice& notice : notices) all.push_back(notice.code);
  return all;
}

void fill(Volume& ct, double x, double y, double radiusMm, std::int16_t hu, int from, int to) {
  const SliceGrid grid{
      ct.grid.size.x(), ct.grid.size.y(), ct.grid.spacing.x(), ct.grid.spacing.y(), 0.0, 0.0};
  const auto share = disc(grid, x, y, radiusMm);
  for (int k = from; k < to; ++k)
    for (std::size_t n = 0; n < share.size(); ++n)
      if (share[n] > 0.0F) ct.slice(k)[n] = hu;
}

SimulatedScanOptions quick() {
  SimulatedScanOptions options;
  options.views = 480;
  return options;
}

double rmsAgainst(const Slice& slice, const Slice& truth, const std::vector<std::uint8_t>& skip) {
  double squares = 0.0;
  int count = 0;
  for (std::size_t n = 0; n < slice.pixels.size(); ++n) {
    if (skip[n] != 0 || truth.pixels[n] < -500.0F) continue;
    squares += std::pow(slice.pixels[n] - truth.pixels[n], 2);
    ++count;
  }
  return std::sqrt(squares / count);
}

TEST(Simulation, WithoutMetalTissueKeepsItsHu) {
  const Slice hu = body();
  const Slice scan = simulatedScan(hu, {}, quick());
  EXPECT_NEAR(scan.at(80, 45), 40.0, 25.0);
  EXPECT_NEAR(scan.at(2, 2), -1000.0, 25.0);
}

TEST(Simulation, MetalMakesArtifactsAndSameNoiseElsewhere) {
  const Slice hu = body();
  const MetalInsert insert{Material::Titanium, disc(hu.grid, -70, 0, 14)};
  const Slice with = simulatedScan(hu, {insert}, quick()), without = simulatedScan(hu, {}, quick());
  EXPECT_GT(*std::max_element(with.pixels.begin(), with.pixels.end()), 4000.0F);
  EXPECT_GT(rmsAgainst(with, without, std::vector<std::uint8_t>(hu.pixels.size())), 30.0);
}

TEST(SliceReducer, TakesMostOfTheErrorAwayAndKeepsTheMetal) {
  const Slice hu = body(352, 1.0);
  for (const bool both : {false, true}) {
    MetalInsert insert{Material::Titanium, disc(hu.grid, -70, 0, 14)};
    if (both) {
      const auto left = disc(hu.grid, 70, 0, 14);
      for (std::size_t n = 0; n < left.size(); ++n) insert.share[n] += left[n];
    }
    const Slice scan = simulatedScan(hu, {insert}, quick()), truth = simulatedScan(hu, {}, quick());
    std::vector<std::uint8_t> metal(scan.pixels.size()), skip(scan.pixels.size());
    for (std::size_t n = 0; n < metal.size(); ++n) {
      metal[n] = scan.pixels[n] >= 2500.0F ? 1 : 0;
      skip[n] = metal[n] != 0 || insert.share[n] > 0.0F ? 1 : 0;
    }
    const SliceReducer reducer(hu.grid);
    const Slice nmar = reducer.reduced(scan, metal),
                li = reducer.reduced(scan, metal, MetalMethod::LinearInterpolation);
    const double before = rmsAgainst(scan, truth, skip);
    EXPECT_LT(rmsAgainst(nmar, truth, skip), 0.5 * before);
    EXPECT_LT(rmsAgainst(nmar, truth, skip), 0.9 * rmsAgainst(li, truth, skip));
    for (std::size_t n = 0; n < metal.size(); ++n)
      if (metal[n] != 0) {
        // The blurred rim, less than half as bright, is not the metal's.
        if (scan.pixels[n] > 6000.0F) {
          ASSERT_EQ(nmar.pixels[n], scan.pixels[n]);
        }
      }
  }
}

// Quanta come through a thin stem, so its rays did measure: plain NMAR guesses what they say.
TEST(SliceReducer, KeepsWhatRaysThroughThinMetalMeasured) {
  const Slice hu = body(352, 1.0);
  const MetalInsert insert{Material::Titanium, disc(hu.grid, -70, 0, 5)};
  const Slice scan = simulatedScan(hu, {insert}, quick()), truth = simulatedScan(hu, {}, quick());
  std::vector<std::uint8_t> metal(scan.pixels.size()), skip(scan.pixels.size());
  const std::vector<float> around = disc(hu.grid, -70, 0, 8);
  for (std::size_t n = 0; n < metal.size(); ++n) {
    metal[n] = scan.pixels[n] >= 2500.0F ? 1 : 0;
    skip[n] = around[n] > 0.0F ? 1 : 0;
  }
  const SliceReducer reducer(hu.grid);
  const Slice kept = reducer.reduced(scan, metal),
              guessed = reducer.reduced(scan, metal, MetalMethod::PlainNmar);
  EXPECT_LT(rmsAgainst(kept, truth, skip), 0.7 * rmsAgainst(guessed, truth, skip));
  EXPECT_LT(rmsAgainst(kept, truth, skip), 0.7 * rmsAgainst(scan, truth, skip));
}

TEST(SliceReducer, WithoutMetalNothingChanges) {
  const Slice hu = body();
  EXPECT_EQ(SliceReducer(hu.grid).reduced(hu, std::vector<std::uint8_t>(hu.pixels.size())).pixels, hu.pixels);
}

TEST(SliceReducer, WorksOnRectangles) {
  Slice hu({120, 90, 2.0, 2.0, 0.0, 0.0}, 40.0F);
  std::vector<std::uint8_t> metal(hu.pixels.size());
  metal[45 * 120 + 60] = 1;
  for (const float value : SliceReducer(hu.grid).reduced(hu, metal).pixels) ASSERT_TRUE(std::isfinite(value));
}

TEST(FindMetal, TellsImplantsFromMarkersLeadsAndNoise) {
  Volume ct = stackOf(std::vector<Slice>(8, body()));
  fill(ct, -70, 0, 14, 3071, 2, 6);  // implant, clipped as on 12 bits
  fill(ct, 40, 20, 2, 3071, 3, 4);   // marker
  fill(ct, 0, -128, 8, 3071, 2, 6);  // lead, off the skin
  const auto found = findMetal(ct);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->implantParts, 1);
  EXPECT_THAT(found->slices, testing::ElementsAre(2, 3, 4, 5));
  EXPECT_NEAR(found->implantMl, 1e-3 * 3.14159 * 14 * 14 * 10, 0.6);
  EXPECT_EQ(found->smallParts, 1);
  EXPECT_GT(found->outsideMl, 0.5);
  EXPECT_THAT(codes(found->notices),
              testing::UnorderedElementsAre("metal.markers", "metal.outside-body", "metal.clipped"));
}

TEST(FindMetal, ThresholdRisesWithTheExtendedScale) {
  Volume ct = stackOf(std::vector<Slice>(4, body()));
  fill(ct, -70, 0, 14, 16000, 0, 4);
  fill(ct, 40, 0, 10, 2800, 0, 4);  // a bright streak beside it
  const auto found = findMetal(ct);
  ASSERT_TRUE(found);
  EXPECT_DOUBLE_EQ(found->thresholdHu, 4000.0);
  EXPECT_EQ(found->implantParts, 1);
}

TEST(FindMetal, SaysThatTheFieldOfViewCutsMetal) {
  Volume ct = stackOf(std::vector<Slice>(4, Slice({80, 80, 2.0, 2.0, 0.0, 0.0}, 40.0F)));
  fill(ct, -78, 0, 14, 3071, 0, 4);
  const auto found = findMetal(ct);
  ASSERT_TRUE(found);
  EXPECT_THAT(codes(found->notices), testing::Contains("metal.cut-by-field-of-view"));
}

TEST(FindMetal, SeesTheRoundFieldsPaddingAsTheEnd) {
  Slice padded({80, 80, 2.0, 2.0, 0.0, 0.0}, 40.0F);
  for (int j = 0; j < 80; ++j)
    for (int i = 0; i < 80; ++i)
      if (std::hypot(padded.grid.xMm(i), padded.grid.yMm(j)) > 76) padded.at(i, j) = -2000.0F;
  Volume ct = stackOf(std::vector<Slice>(4, padded));
  fill(ct, -66, 0, 9, 3071, 0, 4);
  EXPECT_THAT(codes(findMetal(ct)->notices), testing::Contains("metal.cut-by-field-of-view"));
  Volume within = stackOf(std::vector<Slice>(4, padded));
  fill(within, -40, 0, 9, 3071, 0, 4);
  EXPECT_THAT(codes(findMetal(within)->notices), testing::ElementsAre("metal.clipped"));
}

TEST(FindMetal, ADarkStreakAsLowAsThePaddingIsNotTheEndOfTheField) {
  Slice padded({80, 80, 2.0, 2.0, 0.0, 0.0}, 40.0F);
  for (int j = 0; j < 80; ++j)
    for (int i = 0; i < 80; ++i)
      if (std::hypot(padded.grid.xMm(i), padded.grid.yMm(j)) > 76) padded.at(i, j) = -1024.0F;
  for (int i = 30; i < 60; ++i) padded.at(i, 40) = -1024.0F;
  Volume ct = stackOf(std::vector<Slice>(4, padded));
  fill(ct, -20, 0, 9, 3071, 0, 4);
  EXPECT_THAT(codes(findMetal(ct)->notices), testing::ElementsAre("metal.clipped"));
}

TEST(SliceReducer, CorrectsADarkStreakAsLowAsThePadding) {
  Slice hu({80, 80, 2.0, 2.0, 0.0, 0.0}, 40.0F);
  for (int j = 0; j < 80; ++j)
    for (int i = 0; i < 80; ++i)
      if (std::hypot(hu.grid.xMm(i), hu.grid.yMm(j)) > 76) hu.at(i, j) = -1024.0F;
  std::vector<std::uint8_t> metal(hu.pixels.size(), 0);
  for (int j = 38; j < 43; ++j)
    for (int i = 20; i < 25; ++i) {
      hu.at(i, j) = 3071.0F;
      metal[static_cast<std::size_t>(j) * 80 + static_cast<std::size_t>(i)] = 1;
    }
  for (int i = 30; i < 60; ++i) hu.at(i, 40) = -1024.0F;
  const Slice reduced = SliceReducer(hu.grid).reduced(hu, metal);
  EXPECT_NE(reduced.at(45, 40), -1024.0F);
  EXPECT_EQ(reduced.at(0, 0), -1024.0F);
}

TEST(FindMetal, NailsPlatesAndBothHipsAreImplants) {
  Volume nail = stackOf(std::vector<Slice>(20, body()));
  fill(nail, -70, 0, 5, 3071, 0, 20);
  Volume plate = stackOf(std::vector<Slice>(20, body()));
  for (int k = 0; k < 20; ++k)
    for (int j = 76; j < 85; ++j)
      for (int i = 31; i < 34; ++i) plate.at(i, j, k) = 3071;  // 6 x 20 mm beside the femur
  Volume both = stackOf(std::vector<Slice>(20, body()));
  fill(both, -70, 0, 14, 3071, 2, 10);
  fill(both, 70, 0, 14, 3071, 6, 15);
  for (const auto& [ct, parts, slices] :
       {std::tuple{&nail, 1, 20U}, std::tuple{&plate, 1, 20U}, std::tuple{&both, 2, 13U}}) {
    const auto found = findMetal(*ct);
    ASSERT_TRUE(found);
    EXPECT_EQ(found->implantParts, parts);
    EXPECT_EQ(found->slices.size(), slices);
    EXPECT_THAT(codes(found->notices), testing::ElementsAre("metal.clipped"));
  }
}

TEST(FindMetal, AnImplantInNoiseIsStillFound) {
  Volume ct = stackOf(std::vector<Slice>(8, body()));
  fill(ct, -70, 0, 14, 3071, 2, 6);
  std::mt19937 random(2);
  for (int n = 0; n < 2000; ++n) ct.voxels[random() % ct.voxels.size()] = 3000;
  const auto found = findMetal(ct);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->implantParts, 1);
  EXPECT_THAT(codes(found->notices), testing::UnorderedElementsAre("metal.noise", "metal.clipped"));
}

TEST(ReduceMetal, LeavesAScanWithMetalOutsideTheBodyAlone) {
  Volume ct = stackOf(std::vector<Slice>(6, body()));
  fill(ct, 0, -128, 8, 3071, 1, 5);  // a lead before the belly
  const auto reduction = reduceMetal(ct, MetalMethod::Nmar, {}, {});
  ASSERT_TRUE(reduction);
  EXPECT_EQ(reduction->ct.voxels, ct.voxels);
  EXPECT_THAT(codes(reduction->notices), testing::UnorderedElementsAre("metal.none", "metal.outside-body"));
}

TEST(ReduceMetal, OnlyMetalThatItIsGivenKeepsItsValues) {
  const Slice hu = body(352, 1.0);
  const MetalInsert insert{Material::Titanium, disc(hu.grid, -70, 0, 14)};
  Slice scan = simulatedScan(hu, {insert}, quick());
  for (float& value : scan.pixels) value = std::min(value, 3071.0F);
  const Volume ct = stackOf({scan, scan});
  MetalFindings found = findMetal(ct).value();
  const auto inUpperHalf = [&](int j) { return j < ct.grid.size.y() / 2; };
  LabelMap all = found.implants;
  for (int k = 0; k < 2; ++k)
    for (int j = 0; j < ct.grid.size.y(); ++j)
      for (int i = 0; i < ct.grid.size.x(); ++i)
        if (inUpperHalf(j)) found.implants.at(i, j, k) = 0;
  found.slices = {0};
  const auto reduction = reduceMetal(ct, found, MetalMethod::Nmar, {});
  ASSERT_TRUE(reduction);
  int kept = 0, changed = 0;
  for (int j = 0; j < ct.grid.size.y(); ++j)
    for (int i = 0; i < ct.grid.size.x(); ++i) {
      ASSERT_EQ(reduction->ct.at(i, j, 1), ct.at(i, j, 1));  // not among the slices
      if (all.at(i, j, 0) == 0) continue;
      const bool same = reduction->ct.at(i, j, 0) == ct.at(i, j, 0);
      if (inUpperHalf(j))
        changed += same ? 0 : 1;
      else
        kept += same ? 1 : 0;
    }
  EXPECT_GT(kept, 250);  // half of pi 14²: 308, but for its rim
  EXPECT_GT(changed, 250);
}

TEST(ReduceMetal, ReducesBothHipsAtOnce) {
  const Slice hu = body(352, 1.0);
  MetalInsert insert{Material::Titanium, disc(hu.grid, -70, 0, 14)};
  const auto left = disc(hu.grid, 70, 0, 14);
  for (std::size_t n = 0; n < left.size(); ++n) insert.share[n] += left[n];
  const Slice scan = simulatedScan(hu, {insert}, quick()), truth = simulatedScan(hu, {}, quick());
  const auto reduction = reduceMetal(stackOf({scan, scan}), MetalMethod::Nmar, {}, {});
  ASSERT_TRUE(reduction);
  EXPECT_EQ(reduction->found.implantParts, 2);
  // The dark band between the hips.
  const auto between = [&](const auto& value) {
    double sum = 0.0;
    for (int j = 171; j < 182; ++j)
      for (int i = 165; i < 188; ++i) sum += value(i, j) - truth.at(i, j);
    return sum / (11.0 * 23.0);
  };
  const double before = between([&](int i, int j) { return scan.at(i, j); });
  const double after = between([&](int i, int j) { return static_cast<float>(reduction->ct.at(i, j, 0)); });
  EXPECT_LT(before, -60.0);
  EXPECT_LT(std::abs(after), 0.35 * std::abs(before));
}

TEST(SliceReducer, SmoothsWhatIsLeftOfStreaks) {
  const Slice hu = body(352, 1.0);
  const MetalInsert insert{Material::CobaltChrome, disc(hu.grid, -70, 0, 14)};
  const Slice scan = simulatedScan(hu, {insert}, quick()), truth = simulatedScan(hu, {}, quick());
  std::vector<std::uint8_t> metal(scan.pixels.size()), skip(scan.pixels.size());
  for (std::size_t n = 0; n < metal.size(); ++n) {
    metal[n] = scan.pixels[n] >= 3000.0F ? 1 : 0;
    skip[n] = metal[n] != 0 || insert.share[n] > 0.0F ? 1 : 0;
  }
  const SliceReducer reducer(hu.grid);
  const Slice plain = reducer.reduced(scan, metal, MetalMethod::PlainNmar),
              ours = reducer.reduced(scan, metal);
  EXPECT_LT(rmsAgainst(ours, truth, skip), 0.95 * rmsAgainst(plain, truth, skip));
}

TEST(FindMetal, NoiseIsNoImplantAndWrongUnitsAreRefused) {
  Volume ct = stackOf(std::vector<Slice>(4, body()));
  std::mt19937 random(1);
  for (int n = 0; n < 1000; ++n) ct.voxels[random() % ct.voxels.size()] = 3000;
  const auto noisy = findMetal(ct);
  ASSERT_TRUE(noisy);
  EXPECT_EQ(noisy->implantParts, 0);
  EXPECT_THAT(codes(noisy->notices), testing::UnorderedElementsAre("metal.none", "metal.noise"));
  std::vector<Slice> many(40, body());
  Volume wrong = stackOf(many, 5.0);
  for (auto& voxel : wrong.voxels) voxel = static_cast<std::int16_t>(voxel > -500 ? 4000 : 0);
  const auto refused = findMetal(wrong);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::BadInput);
}

TEST(ReduceMetal, LeavesSlicesWithoutMetalToTheBit) {
  Volume ct = stackOf(std::vector<Slice>(6, body()));
  fill(ct, -70, 0, 14, 3071, 2, 4);
  const auto reduction = reduceMetal(ct, MetalMethod::Nmar, {}, {});
  ASSERT_TRUE(reduction);
  for (const int k : {0, 1, 4, 5})
    EXPECT_TRUE(std::equal(ct.slice(k), ct.slice(k) + ct.grid.offset(0, 0, 1), reduction->ct.slice(k)));
  // Nothing to correct here: what is far from the metal keeps its values within a few HU.
  EXPECT_NEAR(reduction->ct.at(130, 80, 2), ct.at(130, 80, 2), 12);
  EXPECT_EQ(reduction->ct.at(48, 80, 2), 3071);
}

TEST(ReduceMetal, RefusesSlicesThatAreNotAxialAndStopsWhenAsked) {
  Volume ct = stackOf(std::vector<Slice>(4, body()));
  fill(ct, -70, 0, 14, 3071, 0, 4);
  Job job;
  job.cancel();
  const auto stopped = reduceMetal(ct, MetalMethod::Nmar, {}, job);
  ASSERT_FALSE(stopped);
  EXPECT_EQ(stopped.error().code, ErrorCode::Cancelled);
  ct.grid.direction << 0, 0, 1, 1, 0, 0, 0, 1, 0;
  const auto sagittal = reduceMetal(ct, MetalMethod::Nmar, {}, {});
  ASSERT_FALSE(sagittal);
  EXPECT_EQ(sagittal.error().code, ErrorCode::BadInput);
}

}  // namespace
}  // namespace coxa
