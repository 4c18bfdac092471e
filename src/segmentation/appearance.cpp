#include "appearance.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace coxa {

namespace {

bool isBone(const std::string& kind) {
  return kind == "hip" || kind == "femur" || kind == "sacrum" || kind == "lumbar_spine";
}

// Unlabelled tissue this dense is contrast agent in vessels, bowel or bladder.
constexpr float kContrastFromHu = 80.0F, kMetalFromHu = 1000.0F;

// Drawing normals one by one would cost more than the network's forward pass.
const std::vector<float>& normalTable() {
  static const std::vector<float> table = [] {
    Random random{0};
    std::vector<float> values(1 << 16);
    for (float& value : values) value = static_cast<float>(random.normal());
    return values;
  }();
  return table;
}

void blur(std::span<float> pixels, int width) {
  const std::vector<float> copy(pixels.begin(), pixels.end());
  const auto w = static_cast<std::size_t>(width);
  for (std::size_t p = w + 1; p + w + 1 < pixels.size(); ++p) {
    const auto row = [&](std::size_t q) { return copy[q - 1] + 2.0F * copy[q] + copy[q + 1]; };
    pixels[p] = (row(p - w) + 2.0F * row(p) + row(p + w)) / 16.0F;
  }
}

}  // namespace

Appearance::Appearance(Random& random, const ModelConfig& config, int width, int height) : width_(width) {
  const double fatty = random.chance(0.25) ? random.uniform(-35.0, 0.0) : 0.0;
  const double muscle = random.normal(8.0) + fatty;
  const double bone = random.uniform(0.75, 1.2);
  for (const auto& kind : config.kinds) {
    const bool background = kind == "background";
    shiftHu_.push_back(static_cast<float>(background     ? 0.0
                                          : isBone(kind) ? random.normal(15.0)
                                                         : muscle + random.normal(7.0)));
    gain_.push_back(static_cast<float>(isBone(kind) ? bone * random.uniform(0.95, 1.05) : 1.0));
    isMuscle_.push_back(!background && !isBone(kind));
  }
  if (random.chance(0.6)) contrast_ = static_cast<float>(random.uniform(0.0, 1.0));
  if (random.chance(0.7)) noiseSdHu_ = static_cast<float>(random.uniform(0.0, 28.0));
  blurred_ = random.chance(0.25);
  const double center = 0.5 * (config.windowLowHu + config.windowHighHu) + random.normal(8.0);
  const double half = 0.5 * (config.windowHighHu - config.windowLowHu) * random.uniform(0.9, 1.1);
  lowHu_ = static_cast<float>(center - half);
  highHu_ = static_cast<float>(center + half);
  noiseKey_ = random.next();
  if (random.chance(0.2)) {
    fat_.share = static_cast<float>(random.uniform(0.05, 0.5));
    fat_.swing = static_cast<float>(random.uniform(0.1, 0.6));
    for (auto& wave : fat_.waves) {
      const double perPixel = config.spacingMm.x() * random.uniform(0.15, 0.9),
                   direction = random.uniform(0.0, 6.28);
      wave[0] = static_cast<float>(perPixel * std::cos(direction));
      wave[1] = static_cast<float>(perPixel * std::sin(direction));
      wave[2] = static_cast<float>(random.uniform(0.0, 6.28));
    }
  }
  if (random.chance(0.15))
    for (int implants = random.chance(0.3) ? 2 : 1; implants > 0; --implants)
      metal_.emplace_back(random, width, height, config.spacingMm.x());
}

void Appearance::addFat(std::span<float> hu, std::span<const std::uint8_t> kinds) const {
  constexpr float kFatHu = -95.0F;
  const auto columns = static_cast<std::size_t>(width_);
  for (std::size_t p = 0; p < hu.size(); ++p) {
    if (!isMuscle_[kinds[p]]) continue;
    const std::size_t i = p % columns, j = p / columns;
    const auto column = static_cast<float>(i), row = static_cast<float>(j);
    float swing = fat_.swing;
    for (const auto& wave : fat_.waves) swing *= std::sin(wave[0] * column + wave[1] * row + wave[2]);
    const float share = std::clamp(fat_.share + swing, 0.0F, 0.8F);
    hu[p] += share * (kFatHu - hu[p]);
  }
}

float Appearance::tissue(float hu, std::uint8_t kind) const {
  const bool contrastAgent = hu > kContrastFromHu && hu < kMetalFromHu;
  if (kind == 0) return contrastAgent ? kContrastFromHu + (hu - kContrastFromHu) * contrast_ : hu;
  return 40.0F + (hu - 40.0F) * gain_[kind] + shiftHu_[kind];
}

void Appearance::apply(std::span<float> hu, std::span<const std::uint8_t> kinds, std::uint64_t number) const {
  for (std::size_t p = 0; p < hu.size(); ++p) hu[p] = tissue(hu[p], kinds[p]);
  if (fat_.share > 0.0F) addFat(hu, kinds);
  for (const auto& implant : metal_) implant.draw(hu);
  if (blurred_) blur(hu, width_);
  const auto& noise = normalTable();
  const auto columns = static_cast<std::size_t>(width_);
  Random random{noiseKey_, number};
  for (std::size_t row = 0; row < hu.size(); row += columns) {
    const std::size_t start = random.index(noise.size() - columns);
    for (std::size_t column = 0; column < columns; ++column) {
      const float value = hu[row + column] + noiseSdHu_ * noise[start + column];
      hu[row + column] = std::clamp(2.0F * (value - lowHu_) / (highHu_ - lowHu_) - 1.0F, -1.0F, 1.0F);
    }
  }
}

}  // namespace coxa
