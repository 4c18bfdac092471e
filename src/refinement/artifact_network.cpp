#include "coxa/refinement/artifact_network.hpp"

#include "block_means.hpp"
#include "correction_bins.hpp"
#include "loaded_network.hpp"
#include "network_input.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace coxa {

namespace {

/// A slice as the network sees it.
struct BlockedSlice {
  Blocks blocks;
  std::vector<float> scan, reduced;
  std::vector<std::uint8_t> metal;

  BlockedSlice(const Slice& scanned, const Slice& reduction, const std::vector<std::uint8_t>& pixels)
      : blocks(scanned.grid.width, scanned.grid.height, scanned.grid.spacingXMm),
        scan(blockMeans(blocks, scanned.pixels, pixels, scanned.grid.width)),
        reduced(blockMeans(blocks, reduction.pixels, pixels, scanned.grid.width)),
        metal(metalBlocks(blocks, pixels, scanned.grid.width)) {}
};

/// The part of it that the network looks at: the body, grown to what its levels ask for. It may reach beyond.
struct Window {
  int left = 0, top = 0, width = 0, height = 0;
};

int roundedUp(int size, int multiple) {
  return (size + multiple - 1) / multiple * multiple;
}

Window bodyWindow(const BlockedSlice& slice, int multiple) {
  constexpr int kMargin = 4;
  int left = slice.blocks.width, right = -1, top = slice.blocks.height, bottom = -1;
  for (int j = 0; j < slice.blocks.height; ++j)
    for (int i = 0; i < slice.blocks.width; ++i) {
      if (!correctable(slice.reduced[slice.blocks.at(i, j)], false)) continue;
      left = std::min(left, i);
      right = std::max(right, i);
      top = std::min(top, j);
      bottom = std::max(bottom, j);
    }
  if (right < left) return {};
  return {left - kMargin, top - kMargin, roundedUp(right - left + 1 + 2 * kMargin, multiple),
          roundedUp(bottom - top + 1 + 2 * kMargin, multiple)};
}

// Calls use(n, b) with every place n of the window and the block b there.
template <class Use>
void forEachInside(const Window& window, const Blocks& blocks, const Use& use) {
  for (int y = std::max(0, -window.top); y < window.height && y + window.top < blocks.height; ++y)
    for (int x = std::max(0, -window.left); x < window.width && x + window.left < blocks.width; ++x)
      use(static_cast<std::size_t>(y) * static_cast<std::size_t>(window.width) + static_cast<std::size_t>(x),
          static_cast<std::size_t>(y + window.top) * static_cast<std::size_t>(blocks.width) +
              static_cast<std::size_t>(x + window.left));
}

SliceBatch inputFor(const Window& window, const BlockedSlice& slice, double blockMm) {
  constexpr float kAirHu = -1000.0F;
  const auto places = static_cast<std::size_t>(window.width) * static_cast<std::size_t>(window.height);
  SliceBatch batch{1, kInputChannels, window.height, window.width,
                   std::vector<float>(kInputChannels * places)};
  const auto air = inputOf(kAirHu, kAirHu, false, 0.0F);
  for (std::size_t channel = 0; channel < air.size(); ++channel)
    std::fill_n(batch.values.begin() + static_cast<std::ptrdiff_t>(channel * places), places, air[channel]);
  const auto near = nearnessOf(slice.metal, slice.blocks.width, blockMm);
  forEachInside(window, slice.blocks, [&](std::size_t n, std::size_t b) {
    const auto input = inputOf(slice.reduced[b], slice.scan[b], slice.metal[b] != 0, near[b]);
    for (std::size_t channel = 0; channel < input.size(); ++channel)
      batch.values[channel * places + n] = input[channel];
  });
  return batch;
}

/// Corrections by block, and which blocks have one.
struct BlockCorrections {
  std::vector<Correction> corrections;
  std::vector<float> known;  ///< 1 or 0
};

BlockCorrections correctionsOf(const SlicePrediction& predicted, const Window& window,
                               const BlockedSlice& slice) {
  BlockCorrections result{std::vector<Correction>(slice.blocks.count()),
                          std::vector<float>(slice.blocks.count(), 0.0F)};
  const auto places = static_cast<std::size_t>(window.width) * static_cast<std::size_t>(window.height);
  forEachInside(window, slice.blocks, [&](std::size_t n, std::size_t b) {
    if (!correctable(slice.reduced[b], slice.metal[b] != 0)) return;
    result.corrections[b] = correctionOf([&](std::size_t bin) { return predicted.mean[bin * places + n]; });
    result.known[b] = 1.0F;
  });
  return result;
}

// Between the middles of blocks, linearly, over those that are known; 0 where none is near.
Correction correctionAt(const BlockCorrections& found, const Blocks& blocks, int i, int j) {
  const auto place = [&](int pixel, int most) {
    return std::clamp((static_cast<float>(pixel) + 0.5F) / static_cast<float>(blocks.pixels) - 0.5F, 0.0F,
                      static_cast<float>(most - 1));
  };
  const float x = place(i, blocks.width), y = place(j, blocks.height);
  const int left = static_cast<int>(x), top = static_cast<int>(y);
  Correction sum;
  float total = 0.0F;
  for (int corner = 0; corner < 4; ++corner) {
    const int column = std::min(left + (corner & 1), blocks.width - 1);
    const int row = std::min(top + (corner >> 1), blocks.height - 1);
    const float fx = x - static_cast<float>(left), fy = y - static_cast<float>(top);
    const auto b = blocks.at(column, row);
    const float weight =
        ((corner & 1) != 0 ? fx : 1.0F - fx) * ((corner >> 1) != 0 ? fy : 1.0F - fy) * found.known[b];
    sum.meanHu += weight * found.corrections[b].meanHu;
    sum.sdHu += weight * found.corrections[b].sdHu;
    total += weight;
  }
  if (total <= 0.0F) return {};
  return {sum.meanHu / total, sum.sdHu / total};
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

struct ArtifactNetwork::Parts : LoadedNetwork {};

ArtifactNetwork::ArtifactNetwork(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
ArtifactNetwork::ArtifactNetwork(ArtifactNetwork&&) noexcept = default;
ArtifactNetwork::~ArtifactNetwork() = default;

Result<ArtifactNetwork> ArtifactNetwork::load(const std::filesystem::path& folder, Device device) {
  auto loaded = loadNetwork(folder, artifactNetworkKind(), device);
  if (!loaded) return tl::unexpected(loaded.error());
  return ArtifactNetwork(std::make_unique<Parts>(Parts{std::move(*loaded)}));
}

RefinedSlice ArtifactNetwork::refined(const Slice& scan, const Slice& reduced,
                                      const std::vector<std::uint8_t>& metal) const {
  RefinedSlice result{reduced, std::vector<float>(reduced.pixels.size(), 0.0F)};
  if (std::none_of(metal.begin(), metal.end(), [](auto m) { return m != 0; })) return result;
  const BlockedSlice slice(scan, reduced, metal);
  const Window window = bodyWindow(slice, parts_->shape.multiple());
  if (window.width == 0) return result;
  const double blockMm = slice.blocks.pixels * scan.grid.spacingXMm;
  const auto predicted =
      parts_->predictor.predict(inputFor(window, slice, blockMm), {1, 1, 1.0}, Job()).value();
  const BlockCorrections found = correctionsOf(predicted, window, slice);
  std::size_t p = 0;
  for (int j = 0; j < scan.grid.height; ++j)
    for (int i = 0; i < scan.grid.width; ++i, ++p) {
      if (!correctable(reduced.pixels[p], metal[p] != 0)) continue;
      const Correction correction = correctionAt(found, slice.blocks, i, j);
      result.hu.pixels[p] += correction.meanHu;
      result.sdHu[p] = correction.sdHu;
    }
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
