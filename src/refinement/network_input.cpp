#include "network_input.hpp"

#include "coxa/image/filters.hpp"

#include <algorithm>

namespace coxa {

namespace {

float scaled(float hu, float low, float high) {
  return std::clamp(2.0F * (hu - low) / (high - low) - 1.0F, -1.0F, 1.0F);
}

}  // namespace

std::array<float, kInputChannels> inputOf(float reducedHu, float originalHu, bool metal, float nearMetal) {
  const float change = originalHu - reducedHu;
  return {scaled(reducedHu, -30.0F, 130.0F),
          scaled(reducedHu, -180.0F, -20.0F),
          scaled(reducedHu, -1000.0F, 2000.0F),
          scaled(originalHu, -200.0F, 300.0F),
          scaled(change, -60.0F, 60.0F),
          scaled(change, -400.0F, 400.0F),
          metal ? 1.0F : 0.0F,
          nearMetal};
}

std::vector<float> nearnessOf(const std::vector<std::uint8_t>& metal, int width, double stepMm) {
  constexpr double kReachMm = 15.0;
  Grid grid;
  grid.size = {width, static_cast<int>(metal.size()) / width, 1};
  grid.spacing = {stepMm, stepMm, 1.0};
  ScalarImage image(grid);
  std::transform(metal.begin(), metal.end(), image.voxels.begin(),
                 [](std::uint8_t value) { return value != 0 ? 1.0F : 0.0F; });
  image = smoothed(image, Vec3(kReachMm, kReachMm, 0.0));
  const float most = *std::max_element(image.voxels.begin(), image.voxels.end());
  if (most > 0.0F)
    for (float& value : image.voxels) value /= most;
  return std::move(image.voxels);
}

}  // namespace coxa
