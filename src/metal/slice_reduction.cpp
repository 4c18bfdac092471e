#include "coxa/metal/slice_reduction.hpp"

#include "metal_trace.hpp"
#include "padding.hpp"

#include "coxa/image/filters.hpp"
#include "coxa/physics/acquisition.hpp"
#include "coxa/physics/projector.hpp"
#include "coxa/physics/reconstruction.hpp"

#include <tbb/parallel_for.h>

#include <algorithm>
#include <array>
#include <cmath>

namespace coxa {

namespace {

constexpr double kWaterPerMm = 0.02;  // only the ratio to the slice's values counts
constexpr int kViews = 720;
constexpr float kAirHu = -500.0F;
constexpr float kBoneHu = 300.0F;
constexpr float kSoftHu = 20.0F;
constexpr double kPlainSmoothingMm = 1.5;
constexpr double kPriorSmoothingMm = 0.6;  // finer: measured rays make up for noise in it

// A square around the slice, centred on the isocentre: mirror views then share their work.
SliceGrid squareOf(const SliceGrid& grid) {
  const int size = std::max(grid.width, grid.height);
  return {size, size, grid.spacingXMm, grid.spacingYMm, 0.0, 0.0};
}

struct Square {
  SliceGrid slice;
  SliceGrid square;

  template <class Set>
  void forEach(const Set& set) const {
    const int left = (square.width - slice.width) / 2, top = (square.height - slice.height) / 2;
    for (int j = 0; j < slice.height; ++j)
      for (int i = 0; i < slice.width; ++i)
        set(static_cast<std::size_t>(j) * static_cast<std::size_t>(slice.width) + static_cast<std::size_t>(i),
            static_cast<std::size_t>(j + top) * static_cast<std::size_t>(square.width) +
                static_cast<std::size_t>(i + left));
  }
};

Slice smoothedSlice(const Slice& slice, double sigmaMm) {
  Grid grid;
  grid.size = {slice.grid.width, slice.grid.height, 1};
  grid.spacing = {slice.grid.spacingXMm, slice.grid.spacingYMm, 1.0};
  ScalarImage image(grid);
  image.voxels = slice.pixels;
  Slice result(slice.grid);
  result.pixels = smoothed(image, Vec3(sigmaMm, sigmaMm, 0.0)).voxels;
  return result;
}

void add(std::vector<float>& to, const std::vector<float>& what, float factor = 1.0F) {
  for (std::size_t n = 0; n < to.size(); ++n) to[n] += factor * what[n];
}

// Air, soft tissue, and bone with its own values (Meyer 2010); metal counts as soft tissue.
Slice priorOf(const Slice& estimate, const Slice& metal, MetalMethod method) {
  Slice prior =
      smoothedSlice(estimate, method == MetalMethod::PlainNmar ? kPlainSmoothingMm : kPriorSmoothingMm);
  for (std::size_t n = 0; n < prior.pixels.size(); ++n) {
    const float hu = huFromAttenuation(prior.pixels[n], kWaterPerMm);
    const float wanted = metal.pixels[n] > 0.5F ? kSoftHu
                         : hu < kAirHu          ? -1000.0F
                         : hu < kBoneHu         ? kSoftHu
                                                : hu;
    prior.pixels[n] = attenuationFromHu(wanted, kWaterPerMm);
  }
  return prior;
}

// By about a pixel: the metal's blurred edge belongs to it.
Slice widened(const Slice& mask) {
  Slice wide = smoothedSlice(mask, mask.grid.spacingXMm);
  for (float& value : wide.pixels) value = value > 0.1F ? 1.0F : 0.0F;
  return wide;
}

// The metal without the blurred rim that its neighbours show: what is at least half as bright as the
// brightest metal within 4 mm. Where the scale is clipped, all of it.
std::vector<std::uint8_t> withoutRim(const Slice& hu, const std::vector<std::uint8_t>& metal) {
  constexpr double kReachMm = 4.0;
  const SliceGrid& grid = hu.grid;
  const int reachX = static_cast<int>(kReachMm / grid.spacingXMm),
            reachY = static_cast<int>(kReachMm / grid.spacingYMm);
  const auto index = [&](int i, int j) {
    return static_cast<std::size_t>(j) * static_cast<std::size_t>(grid.width) + static_cast<std::size_t>(i);
  };
  std::vector<std::uint8_t> core(metal.size());
  for (int j = 0; j < grid.height; ++j)
    for (int i = 0; i < grid.width; ++i) {
      if (metal[index(i, j)] == 0) continue;
      float brightest = 0.0F;
      for (int y = std::max(j - reachY, 0); y <= std::min(j + reachY, grid.height - 1); ++y)
        for (int x = std::max(i - reachX, 0); x <= std::min(i + reachX, grid.width - 1); ++x)
          if (metal[index(x, y)] != 0) brightest = std::max(brightest, hu.at(x, y));
      core[index(i, j)] = hu.at(i, j) >= 0.5F * brightest ? 1 : 0;
    }
  return core;
}

// By pixel, 0 to 1: where the correction changed more than 10 to 20 HU on average. There the original's
// detail is streaks.
std::vector<float> streakShare(const Slice& result, const Slice& detail, const Slice& image) {
  constexpr double kChangeSmoothingMm = 4.0;
  const float someChange = 10.0F * static_cast<float>(kWaterPerMm) / 1000.0F;
  Slice change = image;
  for (std::size_t n = 0; n < change.pixels.size(); ++n)
    change.pixels[n] = std::abs(image.pixels[n] - detail.pixels[n] - result.pixels[n]);
  change = smoothedSlice(change, kChangeSmoothingMm);
  for (float& value : change.pixels) value = std::clamp(value / someChange - 1.0F, 0.0F, 1.0F);
  return std::move(change.pixels);
}

// Gives the result the original's detail back, except on streaks and on the metal's own edge.
void addDetail(Slice& result, const Slice& detail, const std::vector<float>& streaks, const Slice& mask) {
  const Slice near = smoothedSlice(mask, 2.0 * mask.grid.spacingXMm);
  for (std::size_t n = 0; n < detail.pixels.size(); ++n)
    result.pixels[n] +=
        detail.pixels[n] * std::clamp(1.0F - 20.0F * near.pixels[n], 0.0F, 1.0F) * (1.0F - streaks[n]);
}

// Bilateral filter (Tomasi and Manduchi 1998) over 7 x 7 pixels where streaks were: what is left of them
// goes, edges above 80 HU stay. Tukey's weights, which need no exponential, on the difference in value.
Slice quietened(const Slice& slice, const std::vector<float>& streaks) {
  constexpr int kReach = 3;
  constexpr float kSigmaPixels = 2.5F;
  constexpr float kPerEdge = static_cast<float>(1000.0 / (80.0 * kWaterPerMm));
  std::array<float, (2 * kReach + 1) * (2 * kReach + 1)> weights{};
  for (int n = 0; n < static_cast<int>(weights.size()); ++n) {
    const int x = n % (2 * kReach + 1) - kReach, y = n / (2 * kReach + 1) - kReach;
    weights[static_cast<std::size_t>(n)] =
        std::exp(-static_cast<float>(x * x + y * y) / (2.0F * kSigmaPixels * kSigmaPixels));
  }
  Slice quiet = slice;
  tbb::parallel_for(kReach, slice.grid.height - kReach, [&](int j) {
    for (int i = kReach; i < slice.grid.width - kReach; ++i) {
      const float share = streaks[static_cast<std::size_t>(j) * static_cast<std::size_t>(slice.grid.width) +
                                  static_cast<std::size_t>(i)];
      if (share <= 0.0F) continue;
      const float own = slice.at(i, j);
      float sum = 0.0F, total = 0.0F;
      const float* weight = weights.data();
      for (int y = j - kReach; y <= j + kReach; ++y)
        for (int x = i - kReach; x <= i + kReach; ++x) {
          const float difference = (slice.at(x, y) - own) * kPerEdge;
          const float alike = std::max(1.0F - difference * difference, 0.0F);
          const float now = *weight++ * alike * alike;
          sum += now * slice.at(x, y);
          total += now;
        }
      quiet.at(i, j) += share * (sum / total - own);
    }
  });
  return quiet;
}

}  // namespace

struct SliceReducer::Tools {
  Square square;
  Projector projector;
  Reconstructor reconstructor;

  explicit Tools(const SliceGrid& grid)
      : square{grid, squareOf(grid)},
        projector(coveringParallelBeam(square.square, kViews), square.square),
        reconstructor(coveringParallelBeam(square.square, kViews), square.square, FilterWindow::Ramp) {}

  // The projections as they would be without metal.
  Sinogram guessed(const MetalViews& views, const Slice& prior, const Slice& metal,
                   MetalMethod method) const {
    Sinogram sinogram = bridgedNormalised(views, projector.project(prior));
    if (method == MetalMethod::Nmar)
      add(sinogram.values, measuredBesideMetal(views, sinogram, metal, projector, reconstructor).values);
    return sinogram;
  }
};

SliceReducer::SliceReducer(const SliceGrid& grid) : tools_(std::make_unique<Tools>(grid)) {}
SliceReducer::~SliceReducer() = default;

Slice SliceReducer::reduced(const Slice& hu, const std::vector<std::uint8_t>& metal,
                            MetalMethod method) const {
  if (std::none_of(metal.begin(), metal.end(), [](auto m) { return m != 0; })) return hu;
  const auto padding = paddingOf(hu.pixels.data(), hu.grid.width, hu.grid.height);
  Slice image(tools_->square.square), mask(tools_->square.square);
  tools_->square.forEach([&](std::size_t from, std::size_t to) {
    image.pixels[to] = attenuationFromHu(padding[from] != 0 ? -1000.0F : hu.pixels[from], kWaterPerMm);
    mask.pixels[to] = metal[from] != 0 ? 1.0F : 0.0F;
  });

  const Slice wide = widened(mask);
  const MetalViews views{tools_->projector.project(image), tools_->projector.project(wide)};
  // What the way through the projections loses of the slice.
  Slice detail = image;
  add(detail.pixels, tools_->reconstructor.reconstruct(views.projections).pixels, -1.0F);

  Slice result = tools_->reconstructor.reconstruct(bridged(views));
  if (method != MetalMethod::LinearInterpolation)
    result = tools_->reconstructor.reconstruct(
        tools_->guessed(views, priorOf(result, mask, method), wide, method));
  if (method == MetalMethod::Nmar) {
    const std::vector<float> streaks = streakShare(result, detail, image);
    addDetail(result, detail, streaks, mask);
    result = quietened(result, streaks);
  }

  const std::vector<std::uint8_t> kept = withoutRim(hu, metal);
  Slice out = hu;
  tools_->square.forEach([&](std::size_t to, std::size_t from) {
    if (kept[to] == 0 && padding[to] == 0)
      out.pixels[to] = huFromAttenuation(result.pixels[from], kWaterPerMm);
  });
  return out;
}

}  // namespace coxa
