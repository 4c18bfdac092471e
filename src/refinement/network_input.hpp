#pragma once

#include <array>
#include <cstdint>
#include <vector>

namespace coxa {

/// What the network sees of a block of pixels, each about -1 to 1: the reduced CT in windows of muscle, of
/// fat and from air to bone; the original in one of soft tissue; what the reduction changed, finely and as a
/// whole; metal, and the neighbourhood of metal.
constexpr int kInputChannels = 8;
std::array<float, kInputChannels> inputOf(float reducedHu, float originalHu, bool metal, float nearMetal);

/// 1 on metal, falling off with the distance over some 15 mm. Rows of `width`, `stepMm` apart.
std::vector<float> nearnessOf(const std::vector<std::uint8_t>& metal, int width, double stepMm);

/// True where HU can be corrected: body, and no metal.
constexpr bool correctable(float reducedHu, bool metal) {
  constexpr float kBodyFromHu = -500.0F;
  return !metal && reducedHu > kBodyFromHu;
}

}  // namespace coxa
