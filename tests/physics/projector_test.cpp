#include "coxa/physics/projector.hpp"

#include "phantoms.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>
#include <random>

namespace coxa {
namespace {

using testing_physics::closedForm;
using testing_physics::drawn;
using testing_physics::Ellipse;

// Square and centred (mirror views share work), a rectangle, and one off the isocentre (they cannot).
const SliceGrid kSquare{128, 128, 2.0, 2.0, 0.0, 0.0};
const SliceGrid kRectangle{120, 90, 1.5, 2.2, 0.0, 0.0};
const SliceGrid kShifted{128, 100, 2.0, 2.0, 17.0, -9.0};

std::vector<std::pair<SliceGrid, Beam>> scans() {
  std::vector<std::pair<SliceGrid, Beam>> all;
  for (const SliceGrid& grid : {kSquare, kRectangle, kShifted})
    for (const int views : {60, 61}) {
      all.emplace_back(grid, coveringFanBeam(grid, views));
      all.emplace_back(grid, coveringParallelBeam(grid, views));
    }
  return all;
}

std::vector<float> randomValues(std::size_t count, unsigned seed) {
  std::mt19937 random(seed);
  std::uniform_real_distribution<float> uniform(0.0F, 1.0F);
  std::vector<float> values(count);
  for (float& value : values) value = uniform(random);
  return values;
}

double dot(const std::vector<float>& a, const std::vector<float>& b) {
  return std::inner_product(a.begin(), a.end(), b.begin(), 0.0);
}

TEST(Projector, BackprojectionIsTheAdjoint) {
  for (const auto& [grid, beam] : scans()) {
    const Projector projector(beam, grid);
    Slice x(grid);
    x.pixels = randomValues(x.pixels.size(), 1);
    Sinogram y(viewCount(beam), detectorCount(beam));
    y.values = randomValues(y.values.size(), 2);
    const double left = dot(projector.project(x).values, y.values);
    const double right = dot(x.pixels, projector.backproject(y).pixels);
    EXPECT_NEAR(left, right, 1e-5 * left);
  }
}

TEST(Projector, IsLinear) {
  const Beam beam = coveringFanBeam(kSquare, 40);
  const Projector projector(beam, kSquare);
  Slice a(kSquare), b(kSquare), sum(kSquare);
  a.pixels = randomValues(a.pixels.size(), 3);
  b.pixels = randomValues(b.pixels.size(), 4);
  for (std::size_t n = 0; n < sum.pixels.size(); ++n) sum.pixels[n] = 2.0F * a.pixels[n] - 3.0F * b.pixels[n];
  const Sinogram pa = projector.project(a), pb = projector.project(b), ps = projector.project(sum);
  for (std::size_t n = 0; n < ps.values.size(); ++n)
    ASSERT_NEAR(ps.values[n], 2.0F * pa.values[n] - 3.0F * pb.values[n], 0.02);
}

TEST(Projector, MeetsTheClosedFormOfDiscsAndEllipses) {
  const std::vector<Ellipse> ellipses = {
      {0, 0, 90, 90, 0, 0.02}, {25, -15, 60, 60, 0, 0.02}, {-10, 5, 80, 45, 0.6, 0.02}};
  const SliceGrid fine{256, 256, 1.0, 1.0, 0.0, 0.0}, oblong{250, 190, 1.0, 1.3, 0.0, 0.0},
      off{256, 256, 1.0, 1.0, 8.0, 3.0};
  for (const SliceGrid& grid : {fine, oblong, off})
    for (const Beam& beam : {Beam(coveringFanBeam(grid, 96)), Beam(coveringParallelBeam(grid, 96))})
      for (const Ellipse& ellipse : ellipses) {
        const Sinogram sinogram = Projector(beam, grid).project(drawn(grid, ellipse));
        const Sinogram truth = closedForm(beam, ellipse);
        double squares = 0.0, power = 0.0;
        const float largest = *std::max_element(truth.values.begin(), truth.values.end());
        for (std::size_t n = 0; n < truth.values.size(); ++n) {
          squares += std::pow(sinogram.values[n] - truth.values[n], 2);
          power += std::pow(truth.values[n], 2);
          // Rays near the rim cut pixels that the rim cuts too.
          if (truth.values[n] > 0.5F * largest) {
            ASSERT_NEAR(sinogram.values[n], truth.values[n], 0.01 * truth.values[n]);
          }
        }
        EXPECT_LT(std::sqrt(squares / power), 0.007);  // of pixels of 1 to 1.3 mm on discs of 45 to 90 mm
      }
}

TEST(Projector, SharedMirrorViewsGiveWhatSingleViewsGive) {
  Slice slice(kSquare);
  slice.pixels = randomValues(slice.pixels.size(), 5);
  const FanBeam few = coveringFanBeam(kSquare, 8);
  FanBeam single = few;
  single.views = 2;  // the views at 0° and 180°
  const Sinogram shared = Projector(few, kSquare).project(slice);
  const Sinogram alone = Projector(single, kSquare).project(slice);
  for (int d = 0; d < few.detectors; ++d) {
    ASSERT_NEAR(shared.view(0)[d], alone.view(0)[d], 1e-3);
    ASSERT_NEAR(shared.view(4)[d], alone.view(1)[d], 1e-3);
  }
}

// Every second of an even number of parallel views is a view of half as many; an odd number shares no work.
TEST(Projector, SharedParallelViewsGiveWhatSingleViewsGive) {
  Slice slice(kSquare);
  slice.pixels = randomValues(slice.pixels.size(), 6);
  for (const int detectors : {150, 151}) {
    const ParallelBeam many{126, 180.0, detectors, 2.0}, few{63, 180.0, detectors, 2.0};
    const Sinogram shared = Projector(many, kSquare).project(slice);
    const Sinogram alone = Projector(few, kSquare).project(slice);
    for (int v = 0; v < few.views; ++v)
      for (int d = 0; d < detectors; ++d) ASSERT_NEAR(shared.view(2 * v)[d], alone.view(v)[d], 1e-3);
  }
}

TEST(Projector, PassesEmptyLinesOver) {
  Slice slice(kSquare);
  slice.at(40, 90) = 1.0F;
  const ParallelBeam beam{60, 180.0, 1601, 0.25};
  const Sinogram sinogram = Projector(beam, kSquare).project(slice);
  // Every view sees the pixel's area once: the sum of its rays times their distance is 4 mm².
  for (int v = 0; v < beam.views; ++v)
    EXPECT_NEAR(
        std::accumulate(sinogram.view(v), sinogram.view(v) + beam.detectors, 0.0) * beam.detectorSpacingMm,
        4.0, 0.05);
  const Sinogram nothing = Projector(beam, kSquare).project(Slice(kSquare));
  EXPECT_TRUE(std::all_of(nothing.values.begin(), nothing.values.end(), [](float v) { return v == 0.0F; }));
}

TEST(Projector, TurnsAndMirrorsWithTheSlice) {
  Slice slice(kSquare), turned(kSquare), mirrored(kSquare);
  slice.pixels = randomValues(slice.pixels.size(), 6);
  const int last = kSquare.width - 1;
  for (int j = 0; j <= last; ++j)
    for (int i = 0; i <= last; ++i) {
      turned.at(last - j, i) = slice.at(i, j);  // from x towards y
      mirrored.at(last - i, j) = slice.at(i, j);
    }
  const FanBeam beam = coveringFanBeam(kSquare, 36);
  const Projector projector(beam, kSquare);
  const Sinogram a = projector.project(slice), b = projector.project(turned), c = projector.project(mirrored);
  for (int v = 0; v < beam.views; ++v)
    for (int d = 0; d < beam.detectors; ++d) {
      ASSERT_NEAR(a.view(v)[d], b.view((v + 9) % 36)[d], 2e-3);
      ASSERT_NEAR(a.view(v)[d], c.view((36 - v) % 36)[beam.detectors - 1 - d], 2e-3);
    }
}

TEST(Projector, RefusesASliceThatReachesTheSource) {
  FanBeam beam = coveringFanBeam(kSquare, 8);
  beam.sourceToCenterMm = 100.0;
  EXPECT_THROW(Projector(beam, kSquare), std::invalid_argument);
}

}  // namespace
}  // namespace coxa
