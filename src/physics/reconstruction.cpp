#include "coxa/physics/reconstruction.hpp"

#include "fft.hpp"
#include "mirror_views.hpp"
#include "ramp_filter.hpp"

#include "coxa/geometry/types.hpp"

#include <tbb/blocked_range.h>
#include <tbb/blocked_range2d.h>
#include <tbb/parallel_for.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <stdexcept>

namespace coxa {

namespace {

int paddedLength(int detectors) {
  return static_cast<int>(std::bit_ceil(static_cast<unsigned>(2 * detectors)));
}

// Filtered views at twice the detectors' density, mirror views side by side, with an empty sample at both
// ends.
template <int kLanes>
struct FilteredViews {
  int stride = 0;
  std::vector<Lanes<kLanes>> values;

  FilteredViews(std::size_t groups, int samples)
      : stride(samples + 2), values(groups * static_cast<std::size_t>(samples + 2), Lanes<kLanes>::Zero()) {}
  Lanes<kLanes>* group(int g) { return values.data() + static_cast<std::ptrdiff_t>(g) * stride; }
  const Lanes<kLanes>* group(int g) const { return values.data() + static_cast<std::ptrdiff_t>(g) * stride; }
};

// Where the pixels of a row are seen: sample, weight of the next sample, and of the whole.
struct RowPlaces {
  std::vector<int> sample;
  std::vector<float> weight;
  std::vector<float> scale;

  explicit RowPlaces(int width)
      : sample(static_cast<std::size_t>(width)),
        weight(static_cast<std::size_t>(width)),
        scale(static_cast<std::size_t>(width), 1.0F) {}
};

// Along a row of pixels the sideways offset (in samples at depth 1) and the depth below the source are
// affine; for parallel rays the depth is 1 everywhere.
struct RowView {
  float sideways, sidewaysStep;
  float depth, depthStep;
};

// The two loops below are where the time goes; the first is written for the compiler's vectoriser.
void findPlaces(const RowView& view, float center, float last, int width, int* __restrict sample,
                float* __restrict weight, float* __restrict scale) {
  for (int i = 0; i < width; ++i) {
    const auto n = static_cast<float>(i);
    const float nearness = 1.0F / (view.depth + view.depthStep * n);
    const float wanted = (view.sideways + view.sidewaysStep * n) * nearness + center;
    const float position = std::min(std::max(wanted, 0.0F), last);
    sample[i] = static_cast<int>(position);
    weight[i] = position - static_cast<float>(sample[i]);
    scale[i] = nearness * nearness;
  }
}

template <int kLanes, bool kWeighted>
void addRow(const RowPlaces& places, const Lanes<kLanes>* view, Lanes<kLanes>* row, int width) {
  const int* sample = places.sample.data();
  const float* weight = places.weight.data();
  const float* scale = places.scale.data();
  for (int i = 0; i < width; ++i) {
    const Lanes<kLanes>* at = view + sample[i];
    const Lanes<kLanes> value = at[0] + weight[i] * (at[1] - at[0]);
    if constexpr (kWeighted)
      row[i] += scale[i] * value;
    else
      row[i] += value;
  }
}

struct Turn {
  double cosine, sine;
};

Turn turnOf(const Beam& beam, int view) {
  const auto* parallel = std::get_if<ParallelBeam>(&beam);
  const double angle = (parallel ? radFromDeg(parallel->arcDeg) : 2.0 * kPi) * view / viewCount(beam);
  return {std::cos(angle), std::sin(angle)};
}

RowView rowView(const ParallelBeam&, double samplesPerMm, const Turn& turn, const SliceGrid& grid, int i,
                int j) {
  return {static_cast<float>((grid.xMm(i) * turn.cosine + grid.yMm(j) * turn.sine) * samplesPerMm),
          static_cast<float>(grid.spacingXMm * turn.cosine * samplesPerMm), 1.0F, 0.0F};
}

RowView rowView(const FanBeam& beam, double samplesPerTangent, const Turn& turn, const SliceGrid& grid, int i,
                int j) {
  const double x = grid.xMm(i), y = grid.yMm(j);
  return {static_cast<float>((x * turn.cosine + y * turn.sine) * samplesPerTangent),
          static_cast<float>(grid.spacingXMm * turn.cosine * samplesPerTangent),
          static_cast<float>(beam.sourceToCenterMm + x * turn.sine - y * turn.cosine),
          static_cast<float>(grid.spacingXMm * turn.sine)};
}

// Tiles of the slice so small that they and the samples they see stay in the first cache.
constexpr int kTileRows = 8;
constexpr int kTileColumns = 64;

}  // namespace

struct Reconstructor::Plan {
  Beam beam;
  SliceGrid grid;
  MirrorPlan mirrors;
  std::vector<Turn> turns;  ///< of the first view of every mirror group
  RealFft fft;              ///< of padded views
  RealFft denseFft;         ///< twice as long
  std::vector<float> response;
  std::vector<float> rayWeights;  ///< of every detector, before the filter

  // Filtered views have samples even in mm for parallel beams, and in the fan angle's tangent for fans, so
  // that no pixel needs an arc tangent.
  double samplesPerUnit = 0.0;
  std::vector<float> tangentPositions;  ///< fans only: in half detectors
  std::vector<float> tangentWeights;

  Plan(const Beam& b, const SliceGrid& g)
      : beam(b),
        grid(g),
        mirrors(mirrorPlan(b, g)),
        fft(paddedLength(detectorCount(b))),
        denseFft(2 * paddedLength(detectorCount(b))) {
    for (const MirrorViews& group : mirrors.groups) turns.push_back(turnOf(b, group.views[0]));
  }

  void prepare(const ParallelBeam& parallel, FilterWindow window);
  void prepare(const FanBeam& fan, FilterWindow window);
  int samples() const { return 2 * detectorCount(beam) - 1; }
  void filter(const float* view, RealFft::Workspace& plain, RealFft::Workspace& dense) const;
  void toTangents(RealFft::Workspace& dense, std::vector<float>& copy) const;
  template <int kLanes>
  FilteredViews<kLanes> filtered(const Sinogram& sinogram) const;
  template <int kLanes>
  Slice backprojected(const FilteredViews<kLanes>& views) const;
};

void Reconstructor::Plan::prepare(const ParallelBeam& parallel, FilterWindow window) {
  if (parallel.arcDeg <= 0.0 || std::abs(std::remainder(parallel.arcDeg, 180.0)) > 1e-9)
    throw std::invalid_argument("a parallel beam is reconstructed from a multiple of 180 degrees");
  response = parallelRampResponse(fft.length(), parallel.detectorSpacingMm, window);
  const double scale = parallel.detectorSpacingMm * kPi / parallel.views / fft.length();
  for (float& value : response) value *= static_cast<float>(scale);
  rayWeights.assign(static_cast<std::size_t>(parallel.detectors), 1.0F);
  samplesPerUnit = 2.0 / parallel.detectorSpacingMm;
}

void Reconstructor::Plan::prepare(const FanBeam& fan, FilterWindow window) {
  const double step = radFromDeg(fan.detectorStepDeg);
  const double half = 0.5 * (fan.detectors - 1) * step;
  if (fan.sourceToCenterMm <= grid.reachMm() || half >= 0.45 * kPi)
    throw std::invalid_argument(
        "the slice must lie within the source's circle and the fan be narrower than 160 degrees");
  response = equiangularRampResponse(fft.length(), step, window);
  const double scale = step * 2.0 * kPi / fan.views / fft.length();
  for (float& value : response) value *= static_cast<float>(scale);
  for (int d = 0; d < fan.detectors; ++d)
    rayWeights.push_back(static_cast<float>(fan.sourceToCenterMm * std::cos(d * step - half)));
  const int middle = fan.detectors - 1;
  samplesPerUnit = middle / std::tan(half);
  for (int n = 0; n < samples(); ++n) {
    const double tangent = (n - middle) / samplesPerUnit;
    const double position = 2.0 * (std::atan(tangent) + half) / step;
    tangentPositions.push_back(static_cast<float>(std::clamp(position, 0.0, 2.0 * middle)));
    tangentWeights.push_back(static_cast<float>(1.0 / (1.0 + tangent * tangent)));
  }
}

void Reconstructor::Plan::filter(const float* view, RealFft::Workspace& plain,
                                 RealFft::Workspace& dense) const {
  const int detectors = detectorCount(beam);
  std::fill_n(plain.signal() + detectors, fft.length() - detectors, 0.0F);
  for (int d = 0; d < detectors; ++d) plain.signal()[d] = view[d] * rayWeights[static_cast<std::size_t>(d)];
  fft.forward(plain);
  const int half = fft.length() / 2;
  std::fill_n(dense.spectrum() + half, half + 1, std::complex<float>());
  for (int k = 0; k < half; ++k)
    dense.spectrum()[k] = plain.spectrum()[k] * response[static_cast<std::size_t>(k)];
  // The Nyquist frequency stands for two frequencies of the longer spectrum.
  dense.spectrum()[half] = 0.5F * plain.spectrum()[half] * response[static_cast<std::size_t>(half)];
  denseFft.inverse(dense);
}

void Reconstructor::Plan::toTangents(RealFft::Workspace& dense, std::vector<float>& copy) const {
  copy.assign(dense.signal(), dense.signal() + samples() + 1);
  for (std::size_t n = 0; n < tangentPositions.size(); ++n) {
    const auto sample = static_cast<std::size_t>(tangentPositions[n]);
    const float weight = tangentPositions[n] - static_cast<float>(sample);
    dense.signal()[n] = tangentWeights[n] * (copy[sample] + weight * (copy[sample + 1] - copy[sample]));
  }
}

template <int kLanes>
FilteredViews<kLanes> Reconstructor::Plan::filtered(const Sinogram& sinogram) const {
  FilteredViews<kLanes> views(mirrors.groups.size(), samples());
  const int last = samples() - 1;
  tbb::parallel_for(tbb::blocked_range<int>(0, static_cast<int>(mirrors.groups.size()), 4),
                    [&](const auto& range) {
                      RealFft::Workspace plain(fft), dense(denseFft);
                      std::vector<float> copy;
                      for (int g = range.begin(); g < range.end(); ++g)
                        for (int lane = 0; lane < mirrors.ownLanes(); ++lane) {
                          const MirrorViews& group = mirrors.groups[static_cast<std::size_t>(g)];
                          const auto l = static_cast<std::size_t>(lane);
                          if (group.views[l] < 0) continue;
                          filter(sinogram.view(group.views[l]), plain, dense);
                          if (!tangentPositions.empty()) toTangents(dense, copy);
                          for (int n = 0; n <= last; ++n) {
                            const float value = dense.signal()[group.reversed[l] ? last - n : n];
                            views.group(g)[n + 1][lane] = value;
                            if (mirrors.halfTurn) views.group(g)[last - n + 1][lane + kLanes / 2] = value;
                          }
                        }
                    });
  return views;
}

template <int kLanes>
Slice Reconstructor::Plan::backprojected(const FilteredViews<kLanes>& views) const {
  const auto width = static_cast<std::size_t>(grid.width);
  const int ownRows = mirrors.halfTurn ? grid.height / 2 : grid.height;
  std::vector<Lanes<kLanes>> sums(static_cast<std::size_t>(ownRows) * width, Lanes<kLanes>::Zero());
  const auto center = static_cast<float>(detectorCount(beam));
  const float last = static_cast<float>(samples() + 1) * (1.0F - 1e-6F);
  const auto addTile = [&](int left, int top) {
    const int columns = std::min(kTileColumns, grid.width - left), rows = std::min(kTileRows, ownRows - top);
    RowPlaces places(columns);
    std::vector<Lanes<kLanes>> tile(static_cast<std::size_t>(rows * columns), Lanes<kLanes>::Zero());
    for (int g = 0; g < static_cast<int>(mirrors.groups.size()); ++g)
      for (int j = 0; j < rows; ++j) {
        const RowView view = std::visit(
            [&](const auto& b) {
              return rowView(b, samplesPerUnit, turns[static_cast<std::size_t>(g)], grid, left, top + j);
            },
            beam);
        findPlaces(view, center, last, columns, places.sample.data(), places.weight.data(),
                   places.scale.data());
        Lanes<kLanes>* row = tile.data() + static_cast<std::ptrdiff_t>(j) * columns;
        if (tangentPositions.empty())
          addRow<kLanes, false>(places, views.group(g), row, columns);
        else
          addRow<kLanes, true>(places, views.group(g), row, columns);
      }
    for (int j = 0; j < rows; ++j)
      std::copy_n(tile.begin() + static_cast<std::ptrdiff_t>(j) * columns, columns,
                  sums.begin() + static_cast<std::ptrdiff_t>(top + j) * grid.width + left);
  };
  tbb::parallel_for(tbb::blocked_range2d<int>(0, (ownRows + kTileRows - 1) / kTileRows, 0,
                                              (grid.width + kTileColumns - 1) / kTileColumns),
                    [&](const auto& tiles) {
                      for (int y = tiles.rows().begin(); y < tiles.rows().end(); ++y)
                        for (int x = tiles.cols().begin(); x < tiles.cols().end(); ++x)
                          addTile(x * kTileColumns, y * kTileRows);
                    });
  Slice slice(grid);
  tbb::parallel_for(0, grid.height, [&](int j) {
    for (int i = 0; i < grid.width; ++i)
      for (int lane = 0; lane < kLanes; ++lane) {
        const PixelIndex at = movedBack(mirrors.lanes[static_cast<std::size_t>(lane)], i, j, grid);
        if (at.j < ownRows)
          slice.at(i, j) +=
              sums[static_cast<std::size_t>(at.j) * width + static_cast<std::size_t>(at.i)][lane];
      }
  });
  return slice;
}

Reconstructor::Reconstructor(const Beam& beam, const SliceGrid& grid, FilterWindow window) {
  if (viewCount(beam) <= 0 || detectorCount(beam) < 2 || grid.width <= 0 || grid.height <= 0)
    throw std::invalid_argument("a reconstruction needs at least two rays and one pixel");
  plan_ = std::make_unique<Plan>(beam, grid);
  std::visit([&](const auto& b) { plan_->prepare(b, window); }, beam);
}

Reconstructor::~Reconstructor() = default;
Reconstructor::Reconstructor(Reconstructor&&) noexcept = default;
Reconstructor& Reconstructor::operator=(Reconstructor&&) noexcept = default;

Slice Reconstructor::reconstruct(const Sinogram& sinogram) const {
  if (sinogram.views != viewCount(plan_->beam) || sinogram.detectors != detectorCount(plan_->beam))
    throw std::invalid_argument("the sinogram does not fit the reconstruction's beam");
  return withLanes(plan_->mirrors.laneCount(), [&](auto lanes) {
    return plan_->backprojected<lanes.value>(plan_->filtered<lanes.value>(sinogram));
  });
}

}  // namespace coxa
