#include "metal_sampler.hpp"

#include "training_run.hpp"

#include <algorithm>
#include <cmath>

namespace coxa {

namespace {

constexpr float kAirHu = -1000.0F;

float scaled(float hu, float low, float high) {
  return std::clamp(2.0F * (hu - low) / (high - low) - 1.0F, -1.0F, 1.0F);
}

/// Where the pixels of a part lie in the slice. Half of them are the slice's own, neither turned nor scaled:
/// interpolation would smooth the noise that the network meets later.
struct Placement {
  double centerX, centerY, xx = 1.0, xy = 0.0, yx = 0.0, yy = 1.0;

  Placement(Random& random, const MetalSlice& slice) {
    std::vector<std::size_t> bright;
    for (std::size_t n = 0; n < slice.bright.size(); ++n)
      if (slice.bright[n] != 0) bright.push_back(n);
    const std::size_t n = bright[random.index(bright.size())];
    const auto width = static_cast<std::size_t>(slice.scan.grid.width);
    constexpr double kOffCenter = 20.0;
    const std::size_t column = n % width, row = n / width;
    centerX = std::round(static_cast<double>(column) + random.uniform(-kOffCenter, kOffCenter));
    centerY = std::round(static_cast<double>(row) + random.uniform(-kOffCenter, kOffCenter));
    if (random.chance(0.5)) {
      const double angle = random.uniform(-0.3, 0.3), scale = random.uniform(0.75, 1.3);
      xx = yy = scale * std::cos(angle);
      yx = scale * std::sin(angle);
      xy = -yx;
    }
    if (random.chance(0.5)) {
      xx = -xx;
      yx = -yx;
    }
  }
  double x(double column, double row) const { return centerX + xx * column + xy * row; }
  double y(double column, double row) const { return centerY + yx * column + yy * row; }
};

float bilinear(const Slice& slice, double x, double y) {
  if (x < 0.0 || y < 0.0 || x >= slice.grid.width - 1 || y >= slice.grid.height - 1) return kAirHu;
  const int i = static_cast<int>(x), j = static_cast<int>(y);
  const auto right = static_cast<float>(x - i), below = static_cast<float>(y - j);
  const float top = slice.at(i, j) + right * (slice.at(i + 1, j) - slice.at(i, j));
  const float bottom = slice.at(i, j + 1) + right * (slice.at(i + 1, j + 1) - slice.at(i, j + 1));
  return top + below * (bottom - top);
}

bool nearest(const std::vector<std::uint8_t>& mask, const SliceGrid& grid, double x, double y) {
  const auto i = std::lround(x), j = std::lround(y);
  return i >= 0 && j >= 0 && i < grid.width && j < grid.height &&
         mask[static_cast<std::size_t>(j * grid.width + i)] != 0;
}

bool showsStreaks(const MetalSlice& slice) {
  constexpr int kSome = 10;
  int streaks = 0;
  for (std::size_t n = 0; n < slice.bright.size(); ++n)
    streaks += slice.bright[n] != 0 && slice.metal[n] == 0 ? 1 : 0;
  return streaks >= kSome;
}

}  // namespace

std::array<float, kMetalChannels> metalInputOf(float hu, bool bright) {
  return {scaled(hu, -1000.0F, 3071.0F), scaled(hu, -200.0F, 600.0F), scaled(hu, 1500.0F, 3071.0F),
          bright ? 1.0F : 0.0F};
}

MetalSampler::MetalSampler(std::vector<MetalSlice> slices, std::uint64_t seed, int batchSize)
    : slices_(std::move(slices)), seed_(seed), batchSize_(batchSize) {
  for (std::size_t n = 0; n < slices_.size(); ++n)
    if (showsStreaks(slices_[n])) withStreaks_.push_back(n);
}

void MetalSampler::draw(Random random, float* image, std::uint8_t* target) const {
  constexpr std::size_t kPixels = static_cast<std::size_t>(kSize) * kSize;
  const bool streaks = !withStreaks_.empty() && random.chance(0.5);
  const MetalSlice& slice =
      slices_[streaks ? withStreaks_[random.index(withStreaks_.size())] : random.index(slices_.size())];
  const Placement placement(random, slice);
  std::size_t n = 0;
  for (int row = -kSize / 2; row < kSize / 2; ++row)
    for (int column = -kSize / 2; column < kSize / 2; ++column, ++n) {
      const double x = placement.x(column, row), y = placement.y(column, row);
      const bool bright = nearest(slice.bright, slice.scan.grid, x, y);
      const auto input = metalInputOf(bilinear(slice.scan, x, y), bright);
      for (std::size_t channel = 0; channel < input.size(); ++channel)
        image[channel * kPixels + n] = input[channel];
      target[n] = !bright                                       ? kIgnoredClass
                  : nearest(slice.metal, slice.scan.grid, x, y) ? std::uint8_t{1}
                                                                : std::uint8_t{0};
    }
}

TrainingBatch MetalSampler::operator()(std::uint64_t step) const {
  return drawnBatch(batchSize_, kMetalChannels, kSize,
                    [&](std::size_t item, float* image, std::uint8_t* target) {
                      draw(Random{seed_, step, item, 4}, image, target);
                    });
}

}  // namespace coxa
