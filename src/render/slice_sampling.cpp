#include "slice_sampling.hpp"

#include <tbb/blocked_range.h>
#include <tbb/parallel_for.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace coxa {
namespace {

/// Two neighbouring voxels along one axis, as offsets into the image, and the weight of the higher one.
struct Cell {
  std::ptrdiff_t low = 0;
  std::ptrdiff_t high = 0;
  float weight = 0.0F;
  bool inside = false;
};

Cell cellAt(double index, int size, std::ptrdiff_t stride) {
  // Closer to a voxel's centre than this, the neighbour is not looked at.
  constexpr float kNegligible = 1e-3F;
  if (!(index >= -0.5 && index <= size - 0.5)) return {};
  const double clamped = std::clamp(index, 0.0, static_cast<double>(size - 1));
  int lower = static_cast<int>(clamped);
  float weight = static_cast<float>(clamped - lower);
  if (weight > 1.0F - kNegligible) {
    ++lower;
    weight = 0.0F;
  }
  if (weight < kNegligible) weight = 0.0F;
  const int upper = std::min(lower + 1, size - 1);
  return {lower * stride, upper * stride, weight, true};
}

/// The frame in the grid's index coordinates.
struct IndexFrame {
  Vec3 origin;
  Vec3 perX;
  Vec3 perY;
  std::array<std::ptrdiff_t, 3> strides;

  IndexFrame(const SliceFrame& frame, const Grid& grid)
      : origin(grid.indexFromWorld(frame.world(0.5, 0.5))),
        perX((grid.direction.transpose() * frame.perX).cwiseQuotient(grid.spacing)),
        perY((grid.direction.transpose() * frame.perY).cwiseQuotient(grid.spacing)),
        strides{1, grid.size.x(), static_cast<std::ptrdiff_t>(grid.size.x()) * grid.size.y()} {}
};

/// The only axis along which a step goes, when over `count` steps it leaves it by less than a hundredth of a
/// voxel; -1 for an oblique step.
int soleAxis(const Vec3& step, int count) {
  int axis = 0;
  step.cwiseAbs().maxCoeff(&axis);
  for (int other = 0; other < 3; ++other)
    if (other != axis && std::abs(step[other]) * count > 0.01) return -1;
  return axis;
}

template <class PixelRow>
void inParallel(int height, PixelRow&& row) {
  tbb::parallel_for(tbb::blocked_range<int>(0, height, 16), [&](const tbb::blocked_range<int>& rows) {
    for (int y = rows.begin(); y != rows.end(); ++y) row(y);
  });
}

/// Calls kernel(pixel, cell, cell, cell) for every pixel inside the grid.
template <class Kernel>
void forEachPixel(const SliceFrame& frame, const Grid& grid, const Kernel& kernel) {
  const IndexFrame index(frame, grid);
  const int a = soleAxis(index.perX, frame.width);
  const int b = soleAxis(index.perY, frame.height);
  const auto cell = [&](int axis, double at) {
    return cellAt(at, grid.size[axis], index.strides[static_cast<std::size_t>(axis)]);
  };
  const auto pixelOf = [&](int x, int y) {
    return static_cast<std::size_t>(y) * static_cast<std::size_t>(frame.width) + static_cast<std::size_t>(x);
  };
  if (a < 0 || b < 0 || a == b) {
    inParallel(frame.height, [&](int y) {
      for (int x = 0; x < frame.width; ++x) {
        const Vec3 at = index.origin + x * index.perX + y * index.perY;
        const Cell i = cell(0, at.x()), j = cell(1, at.y()), k = cell(2, at.z());
        if (i.inside && j.inside && k.inside) kernel(pixelOf(x, y), i, j, k);
      }
    });
    return;
  }
  const Cell depth = cell(3 - a - b, index.origin[3 - a - b]);
  if (!depth.inside) return;
  std::vector<Cell> columns;
  columns.reserve(static_cast<std::size_t>(frame.width));
  for (int x = 0; x < frame.width; ++x) columns.push_back(cell(a, index.origin[a] + x * index.perX[a]));
  inParallel(frame.height, [&](int y) {
    const Cell row = cell(b, index.origin[b] + y * index.perY[b]);
    if (!row.inside) return;
    for (int x = 0; x < frame.width; ++x)
      if (columns[static_cast<std::size_t>(x)].inside)
        kernel(pixelOf(x, y), columns[static_cast<std::size_t>(x)], row, depth);
  });
}

template <class T>
float bilinear(const T* v, const Cell& a, const Cell& b) {
  const auto at = [v](std::ptrdiff_t offset) { return static_cast<float>(v[offset]); };
  const float low = at(a.low + b.low) + a.weight * (at(a.high + b.low) - at(a.low + b.low));
  const float high = at(a.low + b.high) + a.weight * (at(a.high + b.high) - at(a.low + b.high));
  return low + b.weight * (high - low);
}

template <class T>
void sampleLinearAs(const Image<T>& image, const SliceFrame& frame, std::vector<float>& values) {
  values.assign(static_cast<std::size_t>(frame.width) * static_cast<std::size_t>(frame.height),
                std::numeric_limits<float>::quiet_NaN());
  const T* v = image.voxels.data();
  forEachPixel(frame, image.grid, [&](std::size_t pixel, const Cell& a, const Cell& b, const Cell& c) {
    const float low = bilinear(v + c.low, a, b);
    values[pixel] = c.weight == 0.0F ? low : low + c.weight * (bilinear(v + c.high, a, b) - low);
  });
}

/// The label whose corners weigh most together.
std::uint8_t vote(const std::array<std::uint8_t, 8>& labels, const std::array<float, 8>& weights) {
  std::uint8_t winner = labels[0];
  float best = -1.0F;
  for (std::size_t i = 0; i < labels.size(); ++i) {
    float sum = 0.0F;
    for (std::size_t j = 0; j < labels.size(); ++j)
      if (labels[j] == labels[i]) sum += weights[j];
    if (sum > best) {
      best = sum;
      winner = labels[i];
    }
  }
  return winner;
}

std::uint8_t labelIn(const std::uint8_t* v, const Cell& a, const Cell& b, const Cell& c) {
  const std::array<std::uint8_t, 8> labels = {v[a.low + b.low + c.low],   v[a.high + b.low + c.low],
                                              v[a.low + b.high + c.low],  v[a.high + b.high + c.low],
                                              v[a.low + b.low + c.high],  v[a.high + b.low + c.high],
                                              v[a.low + b.high + c.high], v[a.high + b.high + c.high]};
  if (std::all_of(labels.begin(), labels.end(), [&](std::uint8_t l) { return l == labels[0]; }))
    return labels[0];
  const float a0 = 1.0F - a.weight, b0 = 1.0F - b.weight, c0 = 1.0F - c.weight;
  return vote(labels, {a0 * b0 * c0, a.weight * b0 * c0, a0 * b.weight * c0, a.weight * b.weight * c0,
                       a0 * b0 * c.weight, a.weight * b0 * c.weight, a0 * b.weight * c.weight,
                       a.weight * b.weight * c.weight});
}

}  // namespace

void sampleLinear(const Volume& image, const SliceFrame& frame, std::vector<float>& values) {
  sampleLinearAs(image, frame, values);
}

void sampleLinear(const ScalarImage& image, const SliceFrame& frame, std::vector<float>& values) {
  sampleLinearAs(image, frame, values);
}

void sampleLabels(const LabelMap& labels, const SliceFrame& frame, std::vector<std::uint8_t>& values) {
  values.assign(static_cast<std::size_t>(frame.width) * static_cast<std::size_t>(frame.height), 0);
  const std::uint8_t* v = labels.voxels.data();
  forEachPixel(frame, labels.grid, [&](std::size_t pixel, const Cell& a, const Cell& b, const Cell& c) {
    values[pixel] = labelIn(v, a, b, c);
  });
}

}  // namespace coxa
