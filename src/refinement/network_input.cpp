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
  constexpr float kSoftLow = -200.0F, kSoftHigh = 300.0F, kMostChange = 300.0F;
  return {scaled(reducedHu, kSoftLow, kSoftHigh),
          scaled(originalHu, kSoftLow, kSoftHigh),
          scaled(reducedHu, -1000.0F, 2000.0F),
          std::clamp((originalHu - reducedHu) / kMostChange, -1.0F, 1.0F),
          metal ? 1.0F : 0.0F,
          nearMetal};
}

std::vector<float> nearnessOf(const std::vector<std::uint8_t>& metal, int width, double pixelMm) {
  constexpr double kReachMm = 15.0;
  Grid grid;
  grid.size = {width, static_cast<int>(metal.size()) / width, 1};
  grid.spacing = {pixelMm, pixelMm, 1.0};
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
