#pragma once

#include <array>
#include <cstdint>
#include <vector>

namespace coxa {

/// What the network sees of a pixel, each about -1 to 1: soft tissue in the reduced and in the original CT,
/// the reduced CT from air to bone, what the reduction changed, metal, and the neighbourhood of metal.
constexpr int kInputChannels = 6;
std::array<float, kInputChannels> inputOf(float reducedHu, float originalHu, bool metal, float nearMetal);

/// 1 on metal, falling off with the distance over some 15 mm. By pixel of a slice of `width` columns.
std::vector<float> nearnessOf(const std::vector<std::uint8_t>& metal, int width, double pixelMm);

/// True where a pixel can be corrected: body, and no metal.
constexpr bool correctable(float reducedHu, bool metal) {
  constexpr float kBodyFromHu = -500.0F;
  return !metal && reducedHu > kBodyFromHu;
}

}  // namespace coxa
