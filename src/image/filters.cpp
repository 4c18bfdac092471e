#include "coxa/image/filters.hpp"

#include <tbb/parallel_for.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace coxa {

namespace {

std::vector<float> gaussianKernel(double sigmaVoxels) {
  const int radius = static_cast<int>(std::ceil(3.0 * sigmaVoxels));
  std::vector<float> kernel(static_cast<std::size_t>(2 * radius + 1));
  float sum = 0.0F;
  for (int n = -radius; n <= radius; ++n)
    sum += kernel[static_cast<std::size_t>(n + radius)] =
        static_cast<float>(std::exp(-0.5 * n * n / (sigmaVoxels * sigmaVoxels)));
  for (float& weight : kernel) weight /= sum;
  return kernel;
}

template <class T>
void convolveLine(const std::vector<T>& line, const std::vector<float>& kernel, T* out, std::size_t stride) {
  const int length = static_cast<int>(line.size());
  const int radius = static_cast<int>(kernel.size() / 2);
  for (int n = 0; n < length; ++n) {
    T sum = line[static_cast<std::size_t>(std::max(n - radius, 0))] * kernel[0];
    for (int m = 1 - radius; m <= radius; ++m)
      sum += line[static_cast<std::size_t>(std::clamp(n + m, 0, length - 1))] *
             kernel[static_cast<std::size_t>(m + radius)];
    out[static_cast<std::size_t>(n) * stride] = sum;
  }
}

// Calls visit(first voxel of a line along `axis`) for every such line, in parallel over the slower other
// axis.
template <class Visit>
void forEachLine(const Grid& grid, int axis, const Visit& visit) {
  const int fast = axis == 0 ? 1 : 0;
  const int slow = axis == 2 ? 1 : 2;
  tbb::parallel_for(0, grid.size[slow], [&](int b) {
    Eigen::Vector3i index = Eigen::Vector3i::Zero();
    index[slow] = b;
    for (int a = 0; a < grid.size[fast]; ++a) {
      index[fast] = a;
      visit(grid.offset(index.x(), index.y(), index.z()));
    }
  });
}

std::size_t strideOf(const Grid& grid, int axis) {
  return grid.offset(axis == 0, axis == 1, axis == 2);
}

template <class T>
void copyLine(const T* first, std::size_t stride, std::vector<T>& line) {
  for (std::size_t n = 0; n < line.size(); ++n) line[n] = first[n * stride];
}

template <class T>
Image<T> smoothedAlongAxes(Image<T> image, const Vec3& sigmaMm) {
  for (int axis = 0; axis < 3; ++axis) {
    const double sigmaVoxels = sigmaMm[axis] / image.grid.spacing[axis];
    if (sigmaVoxels < 0.05) continue;
    const std::vector<float> kernel = gaussianKernel(sigmaVoxels);
    const std::size_t stride = strideOf(image.grid, axis);
    forEachLine(image.grid, axis, [&](std::size_t first) {
      std::vector<T> line(static_cast<std::size_t>(image.grid.size[axis]));
      copyLine(image.voxels.data() + first, stride, line);
      convolveLine(line, kernel, image.voxels.data() + first, stride);
    });
  }
  return image;
}

constexpr float kFar = 1e12F;

// Squared distances along one line: the lower envelope of the parabolas standing on its values.
void transformLine(std::vector<float>& values, float spacing) {
  const int length = static_cast<int>(values.size());
  const std::vector<float> heights = values;
  std::vector<int> feet(values.size());
  std::vector<float> borders(values.size() + 1);
  const auto height = [&](int n) { return heights[static_cast<std::size_t>(n)]; };
  const auto position = [&](int n) { return static_cast<float>(n) * spacing; };
  int last = -1;
  for (int n = 0; n < length; ++n) {
    if (height(n) >= kFar) continue;
    float from = -std::numeric_limits<float>::max();
    while (last >= 0) {
      const int foot = feet[static_cast<std::size_t>(last)];
      from = (height(n) - height(foot) + position(n) * position(n) - position(foot) * position(foot)) /
             (2.0F * (position(n) - position(foot)));
      if (from > borders[static_cast<std::size_t>(last)]) break;
      --last;
      from = -std::numeric_limits<float>::max();
    }
    ++last;
    feet[static_cast<std::size_t>(last)] = n;
    borders[static_cast<std::size_t>(last)] = from;
  }
  if (last < 0) return;
  int parabola = 0;
  for (int n = 0; n < length; ++n) {
    while (parabola < last && borders[static_cast<std::size_t>(parabola + 1)] < position(n)) ++parabola;
    const int foot = feet[static_cast<std::size_t>(parabola)];
    const float along = position(n) - position(foot);
    values[static_cast<std::size_t>(n)] = along * along + height(foot);
  }
}

// Squared distance to the nearest voxel whose value is 0.
void squaredDistances(ScalarImage& image) {
  for (int axis = 0; axis < 3; ++axis) {
    const std::size_t stride = strideOf(image.grid, axis);
    const auto spacing = static_cast<float>(image.grid.spacing[axis]);
    forEachLine(image.grid, axis, [&](std::size_t first) {
      std::vector<float> line(static_cast<std::size_t>(image.grid.size[axis]));
      copyLine(image.voxels.data() + first, stride, line);
      transformLine(line, spacing);
      for (std::size_t n = 0; n < line.size(); ++n) image.voxels[first + n * stride] = line[n];
    });
  }
}

}  // namespace

ScalarImage smoothed(const ScalarImage& image, const Vec3& sigmaMm) {
  return smoothedAlongAxes(image, sigmaMm);
}
VectorImage smoothed(const VectorImage& image, const Vec3& sigmaMm) {
  return smoothedAlongAxes(image, sigmaMm);
}

ScalarImage signedDistanceMm(const LabelMap& labels, std::uint8_t value, const IndexBox& box,
                             double limitMm) {
  const LabelMap part = cropped(labels, box);
  ScalarImage toInside(part.grid), toOutside(part.grid);
  for (std::size_t n = 0; n < part.voxels.size(); ++n) {
    const bool inside = part.voxels[n] == value;
    toInside.voxels[n] = inside ? 0.0F : kFar;
    toOutside.voxels[n] = inside ? kFar : 0.0F;
  }
  squaredDistances(toInside);
  squaredDistances(toOutside);
  const auto limit = static_cast<float>(limitMm);
  const auto halfVoxel = static_cast<float>(0.5 * part.grid.spacing.minCoeff());
  for (std::size_t n = 0; n < part.voxels.size(); ++n) {
    const bool inside = part.voxels[n] == value;
    const float distance = std::sqrt(inside ? toOutside.voxels[n] : toInside.voxels[n]) - halfVoxel;
    toInside.voxels[n] = (inside ? -1.0F : 1.0F) * std::min(distance, limit);
  }
  return toInside;
}

}  // namespace coxa
