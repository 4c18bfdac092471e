#include "metal_sketch.hpp"

#include <array>
#include <cmath>
#include <limits>

namespace coxa {

namespace {

constexpr float kMetalHu = 3071.0F, kAirHu = -500.0F;
constexpr double kTurn = 6.283185307179586;
constexpr std::size_t kDirections = 256;

// HU at the implant in every direction.
std::array<float, kDirections> drawnRays(Random& random) {
  std::array<float, kDirections> hu{};
  const double strength = random.uniform(60.0, 380.0);
  for (int wave = 0; wave < 8; ++wave) {
    const double frequency = 1.0 + static_cast<double>(random.index(22));
    const double phase = random.uniform(0.0, kTurn), size = strength * random.normal(0.5);
    for (std::size_t d = 0; d < kDirections; ++d)
      hu[d] += static_cast<float>(size *
                                  std::cos(frequency * kTurn * static_cast<double>(d) / kDirections + phase));
  }
  return hu;
}

}  // namespace

MetalSketch::MetalSketch(Random& random, int width, int height, double pixelMm) {
  const double side = random.chance(0.5) ? 1.0 : -1.0;
  const auto centerColumn = static_cast<float>(0.5 * width + side * random.uniform(55.0, 135.0) / pixelMm);
  const auto centerRow = static_cast<float>(0.5 * height + random.uniform(-50.0, 40.0) / pixelMm);
  // One over the half axes in pixels, and over the distance at which rays have faded to a third.
  const auto inverseWide = static_cast<float>(pixelMm / random.uniform(4.0, 24.0));
  const auto inverseHigh = static_cast<float>(pixelMm / random.uniform(4.0, 24.0));
  const auto inverseFall = static_cast<float>(pixelMm / random.uniform(25.0, 110.0));
  const auto rays = drawnRays(random);

  constexpr auto kPerRadian = static_cast<float>(kDirections / kTurn);
  addedHu_.reserve(static_cast<std::size_t>(width) * static_cast<std::size_t>(height));
  for (int row = 0; row < height; ++row)
    for (int column = 0; column < width; ++column) {
      const float x = static_cast<float>(column) - centerColumn, y = static_cast<float>(row) - centerRow;
      const float u = x * inverseWide, v = y * inverseHigh;
      const auto direction = static_cast<int>(std::floor(kPerRadian * std::atan2(y, x)));
      addedHu_.push_back(u * u + v * v < 1.0F ? std::numeric_limits<float>::infinity()
                                              : rays[static_cast<std::size_t>(direction) % kDirections] *
                                                    std::exp(-inverseFall * std::hypot(x, y)));
    }
}

void MetalSketch::draw(std::span<float> hu) const {
  for (std::size_t p = 0; p < hu.size(); ++p)
    if (hu[p] >= kAirHu) hu[p] = std::min(hu[p] + addedHu_[p], kMetalHu);
}

}  // namespace coxa
