#include "coxa/physics/simulated_scan.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

namespace coxa {
namespace {

SimulatedScanOptions quick() {
  SimulatedScanOptions options;
  options.views = 240;
  return options;
}

Slice cylinder(double radiusMm, float hu) {
  Slice slice({120, 120, 2.0, 2.0, 0.0, 0.0}, -1000.0F);
  for (int j = 0; j < 120; ++j)
    for (int i = 0; i < 120; ++i)
      if (std::hypot(slice.grid.xMm(i), slice.grid.yMm(j)) <= radiusMm) slice.at(i, j) = hu;
  return slice;
}

MetalInsert rodAt(const SliceGrid& grid, Material material, double xMm, double radiusMm) {
  MetalInsert insert{material, {}};
  insert.share.reserve(grid.pixelCount());
  for (int j = 0; j < grid.height; ++j)
    for (int i = 0; i < grid.width; ++i)
      insert.share.push_back(std::hypot(grid.xMm(i) - xMm, grid.yMm(j)) <= radiusMm ? 1.0F : 0.0F);
  return insert;
}

MetalInsert rod(const SliceGrid& grid, Material material) {
  return rodAt(grid, material, 20.0, 12.0);
}

Slice difference(Slice a, const Slice& b) {
  for (std::size_t n = 0; n < a.pixels.size(); ++n) a.pixels[n] -= b.pixels[n];
  return a;
}

/// Standard deviation within 40 mm of a place on the x axis.
double deviationAt(const Slice& slice, double xMm) {
  double sum = 0.0, squares = 0.0, count = 0.0;
  for (int j = 0; j < slice.grid.height; ++j)
    for (int i = 0; i < slice.grid.width; ++i) {
      if (std::hypot(slice.grid.xMm(i) - xMm, slice.grid.yMm(j)) > 40.0) continue;
      sum += slice.at(i, j);
      squares += std::pow(slice.at(i, j), 2);
      ++count;
    }
  return std::sqrt(squares / count - std::pow(sum / count, 2));
}

float largest(const Slice& slice) {
  float most = 0.0F;
  for (const float value : slice.pixels) most = std::max(most, std::abs(value));
  return most;
}

TEST(MetalArtifact, WaterInWaterMakesNone) {
  const Slice hu = cylinder(90, 0.0F);
  const SimulatedScanner scanner(hu.grid, quick());
  EXPECT_LT(largest(scanner.metalArtifact(hu, {rod(hu.grid, Material::Water)}, 0.0, 1)), 0.5F);
  EXPECT_LT(largest(scanner.metalArtifact(hu, {}, 5.0, 1)), 0.01F);
}

TEST(MetalArtifact, IsTheScanWithMetalLessTheScanWithoutLessTheMetalItself) {
  const Slice hu = cylinder(90, 0.0F);
  const SimulatedScanner scanner(hu.grid, quick());
  const MetalInsert metal = rod(hu.grid, Material::Titanium);
  const Slice with = scanner.scan(hu, {metal}), without = scanner.scan(hu, {});
  const Slice artifact = scanner.metalArtifact(hu, {metal}, 0.0, 1);
  // Ideal picture of the rod at 70 keV: titanium alloy in place of water. Middle of the rod.
  const float ideal = with.at(70, 60) - without.at(70, 60) - artifact.at(70, 60);
  EXPECT_NEAR(ideal, scanner.huOf(Material::Titanium), 0.03 * scanner.huOf(Material::Titanium));
  // Far from the rod its ideal picture is nothing.
  EXPECT_NEAR(with.at(35, 60) - without.at(35, 60), artifact.at(35, 60), 25.0);
}

TEST(MetalArtifact, DenserMetalMakesMoreOfIt) {
  const Slice hu = cylinder(90, 40.0F);
  const SimulatedScanner scanner(hu.grid, quick());
  const auto outsideRod = [&](Material material) {
    const MetalInsert metal = rod(hu.grid, material);
    const Slice artifact = scanner.metalArtifact(hu, {metal}, 0.0, 1);
    double sum = 0.0;
    for (std::size_t n = 0; n < artifact.pixels.size(); ++n)
      if (metal.share[n] == 0.0F && hu.pixels[n] > 0.0F) sum += std::abs(artifact.pixels[n]);
    return sum;
  };
  EXPECT_GT(outsideRod(Material::CobaltChrome), 2.0 * outsideRod(Material::Titanium));
  EXPECT_GT(outsideRod(Material::Titanium), 2.0 * outsideRod(Material::Polyethylene));
}

// The slices around those with metal have a scan's noise; those with metal must have no other.
TEST(MetalArtifact, KeepsTheNoiseOfSlicesWithoutMetal) {
  const Slice hu = cylinder(100, 0.0F);
  const SimulatedScanner scanner(hu.grid, quick());
  const Slice without = scanner.scan(hu, {});
  const double noiseHu = deviationAt(without, 50);
  const MetalInsert metal = rodAt(hu.grid, Material::Titanium, -80.0, 4.0);
  Slice with = without;
  const Slice artifact = scanner.metalArtifact(hu, {metal}, noiseHu, 2);
  for (std::size_t n = 0; n < with.pixels.size(); ++n) with.pixels[n] += artifact.pixels[n];
  EXPECT_NEAR(deviationAt(with, 50) / noiseHu, 1.0, 0.1);
}

// Variances add: a slice's own noise and what metal adds make the noise of a whole scan with the metal.
TEST(MetalArtifact, AddsTheNoiseThatAScanWithMetalHasMore) {
  const Slice hu = cylinder(100, 0.0F);
  SimulatedScanOptions silent = quick(), other = quick();
  silent.noise.quantaPerRay = 1e12;
  silent.noise.electronicQuanta = 0.0;
  other.noise.seed = 2;
  const MetalInsert metal = rodAt(hu.grid, Material::Titanium, -60.0, 7.0);
  const SimulatedScanner scanner(hu.grid, quick());
  const Slice clean = SimulatedScanner(hu.grid, silent).scan(hu, {metal});
  const double whole = deviationAt(difference(scanner.scan(hu, {metal}), clean), 20);
  const Slice own = difference(SimulatedScanner(hu.grid, other).scan(hu, {}),
                               SimulatedScanner(hu.grid, silent).scan(hu, {}));
  double squares = 0.0, count = 0.0;
  for (std::size_t n = 0; n < own.pixels.size(); ++n)
    if (hu.pixels[n] > -500.0F) squares += std::pow(own.pixels[n], 2), ++count;
  const double noiseHu = std::sqrt(squares / count);
  const Slice added =
      difference(scanner.metalArtifact(hu, {metal}, noiseHu, 3), scanner.metalArtifact(hu, {metal}, 0.0, 3));
  EXPECT_GT(deviationAt(added, 20), 0.5 * deviationAt(own, 20))
      << "a case where metal adds noise to speak of";
  EXPECT_NEAR(std::hypot(deviationAt(own, 20), deviationAt(added, 20)) / whole, 1.0, 0.1);
}

}  // namespace
}  // namespace coxa
