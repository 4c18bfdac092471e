#include "coxa/physics/reconstruction.hpp"

#include "phantoms.hpp"

#include "coxa/physics/acquisition.hpp"
#include "coxa/physics/projector.hpp"

#include <gtest/gtest.h>

namespace coxa {
namespace {

using testing_physics::closedForm;
using testing_physics::Ellipse;

constexpr double kWaterPerMm = 0.02;
const SliceGrid kGrid{256, 256, 1.0, 1.0, 0.0, 0.0};

/// Mean HU of the pixels whose distance from (x, y) is in [from, to).
double meanHu(const Slice& slice, double x, double y, double from, double to,
              double waterPerMm = kWaterPerMm) {
  double sum = 0.0;
  int count = 0;
  for (int j = 0; j < slice.grid.height; ++j)
    for (int i = 0; i < slice.grid.width; ++i) {
      const double r = std::hypot(slice.grid.xMm(i) - x, slice.grid.yMm(j) - y);
      if (r < from || r >= to) continue;
      sum += huFromAttenuation(slice.at(i, j), waterPerMm);
      ++count;
    }
  return sum / count;
}

TEST(Reconstructor, GivesTheEllipseItsValueFromClosedFormProjections) {
  const Ellipse ellipse{12.0, -20.0, 70.0, 50.0, 0.4, kWaterPerMm};
  SliceGrid off = kGrid;
  off.centerXMm = 5.0;
  for (const SliceGrid& grid : {kGrid, off})
    for (const int views : {360, 361})
      for (const Beam& beam : {Beam(coveringFanBeam(grid, views)), Beam(coveringParallelBeam(grid, views))})
        for (const auto window : {FilterWindow::Ramp, FilterWindow::SheppLogan, FilterWindow::Hann}) {
          const Slice slice = Reconstructor(beam, grid, window).reconstruct(closedForm(beam, ellipse));
          EXPECT_NEAR(meanHu(slice, 12, -20, 0, 40), 0.0, 2.0);
          EXPECT_NEAR(meanHu(slice, 12, -20, 75, 100), -1000.0, 3.0);
        }
}

TEST(Reconstructor, InvertsTheProjectorOnAnUnevenGrid) {
  const SliceGrid grid{200, 150, 1.0, 1.4, 0.0, 0.0};
  const Ellipse ellipse{10.0, 8.0, 60.0, 45.0, -0.3, kWaterPerMm};
  const Slice slice = testing_physics::drawn(grid, ellipse);
  for (const Beam& beam : {Beam(coveringFanBeam(grid, 480)), Beam(coveringParallelBeam(grid, 360))}) {
    const Slice back = Reconstructor(beam, grid).reconstruct(Projector(beam, grid).project(slice));
    EXPECT_NEAR(meanHu(back, 10, 8, 0, 38), 0.0, 3.0);
    EXPECT_NEAR(meanHu(back, 10, 8, 66, 72), -1000.0, 5.0);
  }
}

// Every ray of a fan is a parallel ray of angle b + g and offset R·sin g: rebinned, both are one scan.
TEST(Reconstructor, FanAgreesWithParallelByRebinning) {
  const Ellipse ellipse{12.0, -20.0, 70.0, 50.0, 0.4, kWaterPerMm};
  const FanBeam fan = coveringFanBeam(kGrid, 720);
  const ParallelBeam parallel = coveringParallelBeam(kGrid, 360);
  const Sinogram fanned = Projector(fan, kGrid).project(testing_physics::drawn(kGrid, ellipse));
  Sinogram rebinned(parallel.views, parallel.detectors);
  for (int v = 0; v < parallel.views; ++v)
    for (int d = 0; d < parallel.detectors; ++d) {
      const double offset = (d - 0.5 * (parallel.detectors - 1)) * parallel.detectorSpacingMm;
      if (std::abs(offset) >= fan.sourceToCenterMm) continue;
      const double g = std::asin(offset / fan.sourceToCenterMm);
      const double view = (kPi * v / parallel.views - g) * fan.views / (2.0 * kPi) + fan.views;
      const double detector = degFromRad(g) / fan.detectorStepDeg + 0.5 * (fan.detectors - 1);
      const int v0 = static_cast<int>(view), d0 = static_cast<int>(std::floor(detector));
      if (d0 < 0 || d0 + 1 >= fan.detectors) continue;
      const double a = view - v0, b = detector - d0;
      const float* first = fanned.view(v0 % fan.views) + d0;
      const float* second = fanned.view((v0 + 1) % fan.views) + d0;
      rebinned.view(v)[d] = static_cast<float>((1 - a) * ((1 - b) * first[0] + b * first[1]) +
                                               a * ((1 - b) * second[0] + b * second[1]));
    }
  const Slice direct = Reconstructor(fan, kGrid).reconstruct(fanned);
  const Slice viaParallel = Reconstructor(parallel, kGrid).reconstruct(rebinned);
  double squares = 0.0;
  for (std::size_t n = 0; n < direct.pixels.size(); ++n)
    squares += std::pow(1000.0 * (direct.pixels[n] - viaParallel.pixels[n]) / kWaterPerMm, 2);
  EXPECT_LT(std::sqrt(squares / static_cast<double>(direct.pixels.size())), 12.0);
  EXPECT_NEAR(meanHu(direct, 12, -20, 0, 40), meanHu(viaParallel, 12, -20, 0, 40), 1.0);
}

// White noise of variance s² in every ray gives, at the isocentre, variance (pi/views)² · views · s² · step²
// · sum of squared taps of the filter; interpolation between samples takes some of it away.
// Back-projection is a mean over views: with every second one empty it is half of what the others give.
TEST(Reconstructor, SharedParallelViewsGiveWhatSingleViewsGive) {
  for (const int size : {96, 97})
    for (const int detectors : {150, 151}) {
      const SliceGrid grid{size, size, 1.7, 1.7, 0.0, 0.0};
      const ParallelBeam many{126, 180.0, detectors, 1.7}, few{63, 180.0, detectors, 1.7};
      Sinogram half(many.views, detectors), all(few.views, detectors);
      for (int v = 0; v < few.views; ++v)
        for (int d = 0; d < detectors; ++d)
          all.view(v)[d] = half.view(2 * v)[d] = std::sin(0.37F * static_cast<float>(d * (v + 3) % 41));
      const Slice shared = Reconstructor(many, grid, FilterWindow::Ramp).reconstruct(half);
      const Slice alone = Reconstructor(few, grid, FilterWindow::Ramp).reconstruct(all);
      for (std::size_t n = 0; n < alone.pixels.size(); ++n)
        ASSERT_NEAR(shared.pixels[n], 0.5F * alone.pixels[n], 1e-4);
    }
}

TEST(Reconstructor, NoiseHasTheVarianceOfTheory) {
  const ParallelBeam beam = coveringParallelBeam(kGrid, 360);
  Sinogram ideal(beam.views, beam.detectors, 1.0F);
  const double quanta = 1e5;
  const Sinogram noisy = withNoise(ideal, {quanta, 0.0, 0.0, 7});
  const double rayVariance = std::exp(1.0) / quanta;
  const Slice slice = Reconstructor(beam, kGrid, FilterWindow::Ramp).reconstruct(noisy);
  const Slice clean = Reconstructor(beam, kGrid, FilterWindow::Ramp).reconstruct(ideal);
  double squares = 0.0;
  int count = 0;
  for (int j = 64; j < 192; ++j)
    for (int i = 64; i < 192; ++i, ++count) squares += std::pow(slice.at(i, j) - clean.at(i, j), 2);
  // Sum of squared ramp taps: 1/(16 s⁴) + 2·sum over odd n of 1/(pi n s)⁴ = 1/(12 s⁴) (Parseval).
  const double step = beam.detectorSpacingMm;
  const double theory = kPi * kPi / beam.views * rayVariance * step * step / (12.0 * std::pow(step, 4));
  const double measured = squares / count;
  EXPECT_LT(measured, 1.02 * theory);
  EXPECT_GT(measured, 0.70 * theory);
}

TEST(Reconstructor, WaterIsFlatAfterBeamHardeningCorrectionAndCuppedWithout) {
  const Ellipse water{0, 0, 110, 110, 0, 1.0};
  const FanBeam beam = coveringFanBeam(kGrid, 480);
  Sinogram path = closedForm(beam, water);
  for (float& value : path.values) value *= 0.1F;  // mm of water to g/cm²
  const Spectrum spectrum = spectrum120Kv();
  Sinogram measured = polychromaticAttenuation({{Material::Water, path}}, spectrum);
  const Reconstructor reconstructor(beam, kGrid);
  const Slice cupped = reconstructor.reconstruct(measured);
  const WaterCorrection correction(spectrum, 70.0);
  correction.apply(measured);
  const Slice flat = reconstructor.reconstruct(measured);
  const double rim = meanHu(cupped, 0, 0, 95, 105, correction.waterPerMm());
  EXPECT_GT(rim - meanHu(cupped, 0, 0, 0, 20, correction.waterPerMm()), 30.0);
  EXPECT_NEAR(meanHu(flat, 0, 0, 0, 20, correction.waterPerMm()), 0.0, 6.0);
  EXPECT_NEAR(meanHu(flat, 0, 0, 50, 60, correction.waterPerMm()), 0.0, 6.0);
  EXPECT_NEAR(meanHu(flat, 0, 0, 95, 105, correction.waterPerMm()), 0.0, 6.0);
}

TEST(Reconstructor, RefusesArcsThatAreNoHalfTurns) {
  ParallelBeam beam = coveringParallelBeam(kGrid, 90);
  beam.arcDeg = 90.0;
  EXPECT_THROW(Reconstructor(beam, kGrid), std::invalid_argument);
}

}  // namespace
}  // namespace coxa
