#include "metal_sketch.hpp"

#include <cmath>

namespace coxa {

namespace {

constexpr float kMetalHu = 3071.0F, kAirHu = -500.0F;
constexpr double kTurn = 6.283185307179586;

}  // namespace

MetalSketch::MetalSketch(Random& random, int width, int height, double pixelMm) {
  const double side = random.chance(0.5) ? 1.0 : -1.0;
  column_ = static_cast<float>(0.5 * width + side * random.uniform(55.0, 135.0) / pixelMm);
  row_ = static_cast<float>(0.5 * height + random.uniform(-50.0, 40.0) / pixelMm);
  inverseWide_ = static_cast<float>(pixelMm / random.uniform(4.0, 24.0));
  inverseHigh_ = static_cast<float>(pixelMm / random.uniform(4.0, 24.0));
  inverseFall_ = static_cast<float>(pixelMm / random.uniform(25.0, 110.0));

  rayHu_.fill(0.0F);
  const double strength = random.uniform(60.0, 380.0);
  for (int wave = 0; wave < 8; ++wave) {
    const double frequency = 1.0 + static_cast<double>(random.index(22));
    const double phase = random.uniform(0.0, kTurn), size = strength * random.normal(0.5);
    for (std::size_t d = 0; d < kDirections; ++d)
      rayHu_[d] += static_cast<float>(
          size * std::cos(frequency * kTurn * static_cast<double>(d) / kDirections + phase));
  }
}

void MetalSketch::draw(std::span<float> hu, int width) const {
  const auto columns = static_cast<std::size_t>(width);
  constexpr auto kPerRadian = static_cast<float>(kDirections / kTurn);
  for (std::size_t p = 0; p < hu.size(); ++p) {
    if (hu[p] < kAirHu) continue;
    const float x = static_cast<float>(p % columns) - column_, y = static_cast<float>(p / columns) - row_;
    const float u = x * inverseWide_, v = y * inverseHigh_;
    if (u * u + v * v < 1.0F) {
      hu[p] = kMetalHu;
      continue;
    }
    const auto direction = static_cast<int>(std::floor(kPerRadian * std::atan2(y, x)));
    hu[p] += rayHu_[static_cast<std::size_t>(direction) % kDirections] *
             std::exp(-inverseFall_ * std::hypot(x, y));
  }
}

}  // namespace coxa
