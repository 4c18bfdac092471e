#include "coxa/refinement/metal_network.hpp"

#include "loaded_network.hpp"
#include "metal_sampler.hpp"

#include <algorithm>

namespace coxa {

namespace {

/// A part of a slice; it may reach beyond.
struct Window {
  int left = 0, top = 0, width = 0, height = 0;
};

int roundedUp(int size, int multiple) {
  return (size + multiple - 1) / multiple * multiple;
}

/// The rows that something bright takes in these columns, with a margin.
Window windowAround(const SliceGrid& grid, const std::vector<std::uint8_t>& bright, int left, int right,
                    int multiple) {
  constexpr int kMargin = 24;
  int top = grid.height, bottom = -1;
  for (int j = 0; j < grid.height; ++j)
    for (int i = left; i <= right; ++i)
      if (bright[static_cast<std::size_t>(j * grid.width + i)] != 0) {
        top = std::min(top, j);
        bottom = j;
      }
  return {left - kMargin, top - kMargin, roundedUp(right - left + 1 + 2 * kMargin, multiple),
          roundedUp(bottom - top + 1 + 2 * kMargin, multiple)};
}

// One for what lies together; columns without anything bright part the two hips.
std::vector<Window> windowsAround(const SliceGrid& grid, const std::vector<std::uint8_t>& bright,
                                  int multiple) {
  constexpr int kGap = 48;
  std::vector<bool> taken(static_cast<std::size_t>(grid.width), false);
  for (std::size_t n = 0; n < bright.size(); ++n)
    if (bright[n] != 0) taken[n % taken.size()] = true;
  std::vector<Window> windows;
  int first = -1, last = -1;
  for (int i = 0; i <= grid.width; ++i) {
    const bool here = i < grid.width && taken[static_cast<std::size_t>(i)];
    if (first >= 0 && (i == grid.width || (here && i - last > kGap))) {
      windows.push_back(windowAround(grid, bright, first, last, multiple));
      first = -1;
    }
    if (!here) continue;
    if (first < 0) first = i;
    last = i;
  }
  return windows;
}

// Calls use(n, p) with every place n of the window and the pixel p there.
template <class Use>
void forEachInside(const Window& window, const SliceGrid& grid, const Use& use) {
  for (int y = std::max(0, -window.top); y < window.height && y + window.top < grid.height; ++y)
    for (int x = std::max(0, -window.left); x < window.width && x + window.left < grid.width; ++x)
      use(static_cast<std::size_t>(y * window.width + x),
          static_cast<std::size_t>((y + window.top) * grid.width + x + window.left));
}

SliceBatch inputFor(const Window& window, const Slice& scan, const std::vector<std::uint8_t>& bright) {
  constexpr float kAirHu = -1000.0F;
  const auto places = static_cast<std::size_t>(window.width) * static_cast<std::size_t>(window.height);
  SliceBatch batch{1, kMetalChannels, window.height, window.width,
                   std::vector<float>(kMetalChannels * places)};
  const auto set = [&](std::size_t n, const std::array<float, kMetalChannels>& input) {
    for (std::size_t channel = 0; channel < input.size(); ++channel)
      batch.values[channel * places + n] = input[channel];
  };
  for (std::size_t n = 0; n < places; ++n) set(n, metalInputOf(kAirHu, false));
  forEachInside(window, scan.grid,
                [&](std::size_t n, std::size_t p) { set(n, metalInputOf(scan.pixels[p], bright[p] != 0)); });
  return batch;
}

// Streaks are the smaller part of what is bright. Where they would not be, the network meets metal that it
// does not know.
bool believable(const std::vector<std::uint8_t>& metal, const std::vector<std::uint8_t>& bright) {
  const auto all = [](const std::vector<std::uint8_t>& mask) {
    return std::count_if(mask.begin(), mask.end(), [](auto value) { return value != 0; });
  };
  return 2 * all(metal) >= all(bright);
}

}  // namespace

struct MetalNetwork::Parts : LoadedNetwork {};

MetalNetwork::MetalNetwork(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
MetalNetwork::MetalNetwork(MetalNetwork&&) noexcept = default;
MetalNetwork::~MetalNetwork() = default;

Result<MetalNetwork> MetalNetwork::load(const std::filesystem::path& folder, Device device) {
  auto loaded = loadNetwork(folder, metalNetworkKind(), device);
  if (!loaded) return tl::unexpected(loaded.error());
  return MetalNetwork(std::make_unique<Parts>(Parts{std::move(*loaded)}));
}

std::vector<std::uint8_t> MetalNetwork::metalOf(const Slice& scan,
                                                const std::vector<std::uint8_t>& bright) const {
  std::vector<std::uint8_t> metal(bright.size(), 0);
  for (const Window& window : windowsAround(scan.grid, bright, parts_->shape.multiple())) {
    const auto predicted =
        parts_->predictor.predict(inputFor(window, scan, bright), {1, 1, 1.0}, Job()).value();
    const auto places = static_cast<std::size_t>(window.width) * static_cast<std::size_t>(window.height);
    forEachInside(window, scan.grid, [&](std::size_t n, std::size_t p) {
      if (bright[p] != 0) metal[p] = predicted.mean[places + n] > 0.5F ? 1 : 0;
    });
  }
  return believable(metal, bright) ? metal : bright;
}

Result<MetalFindings> MetalNetwork::withoutStreaks(const Volume& scan, MetalFindings found,
                                                   const Job& job) const {
  constexpr double kHighest12BitHu = 3071.0;
  if (found.brightestHu > kHighest12BitHu) return found;
  const Grid& grid = scan.grid;
  Slice slice({grid.size.x(), grid.size.y(), grid.spacing.x(), grid.spacing.y(), 0.0, 0.0});
  for (const int k : found.slices) {
    if (job.cancelled()) return cancelled();
    std::copy_n(scan.slice(k), slice.pixels.size(), slice.pixels.begin());
    std::uint8_t* implants = found.implants.slice(k);
    const auto metal = metalOf(slice, {implants, implants + slice.pixels.size()});
    std::copy(metal.begin(), metal.end(), implants);
  }
  return found;
}

}  // namespace coxa
