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

MetalInsert rod(const SliceGrid& grid, Material material) {
  MetalInsert insert{material, std::vector<float>(grid.pixelCount())};
  for (int j = 0; j < grid.height; ++j)
    for (int i = 0; i < grid.width; ++i)
      insert.share[static_cast<std::size_t>(j * grid.width + i)] =
          std::hypot(grid.xMm(i) - 20, grid.yMm(j)) <= 12.0 ? 1.0F : 0.0F;
  return insert;
}

float largest(const Slice& slice) {
  float most = 0.0F;
  for (const float value : slice.pixels) most = std::max(most, std::abs(value));
  return most;
}

TEST(MetalArtifact, WaterInWaterMakesNone) {
  const Slice hu = cylinder(90, 0.0F);
  const SimulatedScanner scanner(hu.grid, quick());
  EXPECT_LT(largest(scanner.metalArtifact(hu, {rod(hu.grid, Material::Water)}, 1)), 0.5F);
  EXPECT_LT(largest(scanner.metalArtifact(hu, {}, 1)), 0.01F);
}

TEST(MetalArtifact, IsTheScanWithMetalLessTheScanWithoutLessTheMetalItself) {
  const Slice hu = cylinder(90, 0.0F);
  const SimulatedScanner scanner(hu.grid, quick());
  const MetalInsert metal = rod(hu.grid, Material::Titanium);
  const Slice with = scanner.scan(hu, {metal}), without = scanner.scan(hu, {});
  const Slice artifact = scanner.metalArtifact(hu, {metal}, quick().noise.seed);
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
    const Slice artifact = scanner.metalArtifact(hu, {metal}, 1);
    double sum = 0.0;
    for (std::size_t n = 0; n < artifact.pixels.size(); ++n)
      if (metal.share[n] == 0.0F && hu.pixels[n] > 0.0F) sum += std::abs(artifact.pixels[n]);
    return sum;
  };
  EXPECT_GT(outsideRod(Material::CobaltChrome), 2.0 * outsideRod(Material::Titanium));
  EXPECT_GT(outsideRod(Material::Titanium), 2.0 * outsideRod(Material::Polyethylene));
}

}  // namespace
}  // namespace coxa
