#include "coxa/refinement/artifact_network.hpp"

#include "artifact_model.hpp"
#include "correction_bins.hpp"
#include "network_input.hpp"

#include "coxa/learning/predictor.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace coxa {

namespace {

/// The part of a slice that the network looks at: the body, grown to what its levels ask for. It may reach
/// beyond the slice.
struct Window {
  int left = 0, top = 0, width = 0, height = 0;
};

int roundedUp(int size, int multiple) {
  return (size + multiple - 1) / multiple * multiple;
}

Window bodyWindow(const Slice& reduced, int multiple) {
  constexpr int kMargin = 8;
  int left = reduced.grid.width, right = -1, top = reduced.grid.height, bottom = -1;
  for (int j = 0; j < reduced.grid.height; ++j)
    for (int i = 0; i < reduced.grid.width; ++i) {
      if (!correctable(reduced.at(i, j), false)) continue;
      left = std::min(left, i);
      right = std::max(right, i);
      top = std::min(top, j);
      bottom = std::max(bottom, j);
    }
  if (right < left) return {};
  return {left - kMargin, top - kMargin, roundedUp(right - left + 1 + 2 * kMargin, multiple),
          roundedUp(bottom - top + 1 + 2 * kMargin, multiple)};
}

// Calls use(n, p) with every pixel n of the window and the pixel p of the slice there.
template <class Use>
void forEachInside(const Window& window, const SliceGrid& grid, const Use& use) {
  for (int y = std::max(0, -window.top); y < window.height && y + window.top < grid.height; ++y)
    for (int x = std::max(0, -window.left); x < window.width && x + window.left < grid.width; ++x)
      use(static_cast<std::size_t>(y) * static_cast<std::size_t>(window.width) + static_cast<std::size_t>(x),
          static_cast<std::size_t>(y + window.top) * static_cast<std::size_t>(grid.width) +
              static_cast<std::size_t>(x + window.left));
}

SliceBatch inputFor(const Window& window, const Slice& scan, const Slice& reduced,
                    const std::vector<std::uint8_t>& metal) {
  constexpr float kAirHu = -1000.0F;
  const auto pixels = static_cast<std::size_t>(window.width) * static_cast<std::size_t>(window.height);
  SliceBatch batch{1, kInputChannels, window.height, window.width,
                   std::vector<float>(kInputChannels * pixels)};
  const auto air = inputOf(kAirHu, kAirHu, false, 0.0F);
  for (std::size_t channel = 0; channel < air.size(); ++channel)
    std::fill_n(batch.values.begin() + static_cast<std::ptrdiff_t>(channel * pixels), pixels, air[channel]);
  const auto near = nearnessOf(metal, scan.grid.width, scan.grid.spacingXMm);
  forEachInside(window, scan.grid, [&](std::size_t n, std::size_t p) {
    const auto input = inputOf(reduced.pixels[p], scan.pixels[p], metal[p] != 0, near[p]);
    for (std::size_t channel = 0; channel < input.size(); ++channel)
      batch.values[channel * pixels + n] = input[channel];
  });
  return batch;
}

SliceGrid sliceGridOf(const Grid& grid) {
  return {grid.size.x(), grid.size.y(), grid.spacing.x(), grid.spacing.y(), 0.0, 0.0};
}

Slice sliceOf(const Volume& ct, int k) {
  Slice slice(sliceGridOf(ct.grid));
  std::copy_n(ct.slice(k), slice.pixels.size(), slice.pixels.begin());
  return slice;
}

}  // namespace

struct ArtifactNetwork::Parts {
  NetworkShape shape;
  Predictor predictor;
};

ArtifactNetwork::ArtifactNetwork(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
ArtifactNetwork::ArtifactNetwork(ArtifactNetwork&&) noexcept = default;
ArtifactNetwork::~ArtifactNetwork() = default;

Result<ArtifactNetwork> ArtifactNetwork::load(const std::filesystem::path& folder, Device device) {
  const auto model = readArtifactModel(folder);
  if (!model) return tl::unexpected(model.error());
  auto predictor = Predictor::load(folder / "weights.pt", model->network, device);
  if (!predictor) return tl::unexpected(predictor.error());
  return ArtifactNetwork(std::make_unique<Parts>(Parts{model->network, std::move(*predictor)}));
}

RefinedSlice ArtifactNetwork::refined(const Slice& scan, const Slice& reduced,
                                      const std::vector<std::uint8_t>& metal) const {
  RefinedSlice result{reduced, std::vector<float>(reduced.pixels.size(), 0.0F)};
  const Window window = bodyWindow(reduced, parts_->shape.multiple());
  if (window.width == 0 || std::none_of(metal.begin(), metal.end(), [](auto m) { return m != 0; }))
    return result;
  const auto predicted =
      parts_->predictor.predict(inputFor(window, scan, reduced, metal), {1, 1, 1.0}, Job()).value();
  const auto pixels = static_cast<std::size_t>(window.width) * static_cast<std::size_t>(window.height);
  forEachInside(window, scan.grid, [&](std::size_t n, std::size_t p) {
    if (!correctable(reduced.pixels[p], metal[p] != 0)) return;
    const Correction correction =
        correctionOf([&](std::size_t bin) { return predicted.mean[bin * pixels + n]; });
    result.hu.pixels[p] += correction.meanHu;
    result.sdHu[p] = correction.sdHu;
  });
  return result;
}

Result<RefinedReduction> ArtifactNetwork::refined(const Volume& scan, const MetalReduction& reduction,
                                                  const Job& job) const {
  RefinedReduction result{reduction.ct, ScalarImage(scan.grid)};
  const auto& slices = reduction.found.slices;
  for (std::size_t n = 0; n < slices.size(); ++n) {
    if (job.cancelled()) return cancelled();
    job.report(static_cast<double>(n) / static_cast<double>(slices.size()), "Correcting what is left");
    const int k = slices[n];
    const std::uint8_t* implants = reduction.found.implants.slice(k);
    const std::vector<std::uint8_t> metal(implants, implants + scan.grid.offset(0, 0, 1));
    const RefinedSlice slice = refined(sliceOf(scan, k), sliceOf(reduction.ct, k), metal);
    std::transform(slice.hu.pixels.begin(), slice.hu.pixels.end(), result.ct.slice(k), [](float hu) {
      constexpr float kLowest = std::numeric_limits<std::int16_t>::min();
      constexpr float kHighest = std::numeric_limits<std::int16_t>::max();
      return static_cast<std::int16_t>(std::lround(std::clamp(hu, kLowest, kHighest)));
    });
    std::copy(slice.sdHu.begin(), slice.sdHu.end(), result.sdHu.slice(k));
  }
  return result;
}

}  // namespace coxa
