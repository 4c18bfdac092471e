#include "coxa/image/filters.hpp"

#include "lines.hpp"
#include "squared_distances.hpp"

#include <algorithm>
#include <cmath>

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
    forEachLine<std::vector<T>>(image.grid, axis, [&](std::size_t first, std::vector<T>& line) {
      line.resize(static_cast<std::size_t>(image.grid.size[axis]));
      copyLine(image.voxels.data() + first, stride, line);
      convolveLine(line, kernel, image.voxels.data() + first, stride);
    });
  }
  return image;
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
