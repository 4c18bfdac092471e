#include "artifact_sampler.hpp"

#include "correction_bins.hpp"
#include "network_input.hpp"
#include "training_run.hpp"

#include <cmath>
#include <optional>

namespace coxa {

namespace {

constexpr float kAirHu = -1000.0F;
constexpr float kMetalFromHu = 2000.0F;  // of the truth: above dense bone

/// Where the blocks of a part lie in the slice: it may be mirrored and, half of the time, scaled at random.
/// The other half shows the slice's own blocks: interpolation would smooth the noise that the network meets
/// later.
struct Placement {
  double originX = 0.0, originY = 0.0;
  double stepX = 1.0, stepY = 1.0;

  Placement(Random& random, const ArtifactSlice& slice) {
    stepY = random.chance(0.5) ? 1.0 : random.uniform(0.8, 1.25);
    stepX = random.chance(0.5) ? stepY : -stepY;
    const double reach = 0.5 * stepY * ArtifactSampler::kSize;
    originX = std::round(random.uniform(0.0, slice.width) - std::copysign(reach, stepX));
    originY = std::round(random.uniform(0.0, slice.height) - reach);
  }
  double x(int column) const { return originX + stepX * column; }
  double y(int row) const { return originY + stepY * row; }
};

/// Bilinear weights at a point of a slice.
struct Sample {
  std::size_t first = 0;
  std::size_t rowStep = 0;
  float right = 0.0F, below = 0.0F;

  template <class T>
  float of(const std::vector<T>& values) const {
    const auto at = [&](std::size_t n) { return static_cast<float>(values[n]); };
    const float top = at(first) + right * (at(first + 1) - at(first));
    const std::size_t next = first + rowStep;
    const float bottom = at(next) + right * (at(next + 1) - at(next));
    return top + below * (bottom - top);
  }
  std::size_t nearest() const { return first + (right > 0.5F ? 1 : 0) + (below > 0.5F ? rowStep : 0); }
};

std::optional<Sample> sampleAt(const ArtifactSlice& slice, double x, double y) {
  if (x < 0.0 || y < 0.0 || x >= slice.width - 1 || y >= slice.height - 1) return std::nullopt;
  const auto i = static_cast<std::size_t>(x), j = static_cast<std::size_t>(y);
  const auto width = static_cast<std::size_t>(slice.width);
  return Sample{j * width + i, width, static_cast<float>(x - static_cast<double>(i)),
                static_cast<float>(y - static_cast<double>(j))};
}

}  // namespace

void ArtifactSampler::draw(Random random, float* image, std::uint8_t* target) const {
  constexpr std::size_t kPixels = static_cast<std::size_t>(kSize) * kSize;
  const ArtifactSlice& slice = slices_[random.index(slices_.size())];
  const Placement placement(random, slice);
  std::size_t n = 0;
  for (int row = 0; row < kSize; ++row)
    for (int column = 0; column < kSize; ++column, ++n) {
      const auto at = sampleAt(slice, placement.x(column), placement.y(row));
      const float reduced = at ? at->of(slice.reduced) : kAirHu;
      const float truth = at ? at->of(slice.truth) : kAirHu;
      const bool metal = at && slice.metal[at->nearest()] != 0;
      const auto input = inputOf(reduced, at ? at->of(slice.scan) : kAirHu, metal,
                                 at ? slice.nearMetal[at->nearest()] : 0.0F);
      for (std::size_t channel = 0; channel < input.size(); ++channel)
        image[channel * kPixels + n] = input[channel];
      const bool counts = correctable(reduced, metal) && truth < kMetalFromHu;
      target[n] = counts ? binOf(truth - reduced) : kIgnoredClass;
    }
}

TrainingBatch ArtifactSampler::operator()(std::uint64_t step) const {
  return drawnBatch(batchSize_, kInputChannels, kSize,
                    [&](std::size_t item, float* image, std::uint8_t* target) {
                      draw(Random{seed_, step, item, 3}, image, target);
                    });
}

}  // namespace coxa
