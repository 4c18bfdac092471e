#include "coxa/physics/drr.hpp"

#include <tbb/parallel_for.h>

#include <algorithm>
#include <cmath>

namespace coxa {

namespace {

/// Attenuation with an empty voxel around it: sampling needs no tests at the border.
struct PaddedVolume {
  Eigen::Vector3i size;
  std::vector<float> values;

  PaddedVolume(const Volume& ct, double waterPerMm) : size(ct.grid.size + Eigen::Vector3i::Constant(2)) {
    values.assign(static_cast<std::size_t>(size.x()) * static_cast<std::size_t>(size.y()) *
                      static_cast<std::size_t>(size.z()),
                  0.0F);
    const auto scale = static_cast<float>(waterPerMm / 1000.0);
    tbb::parallel_for(0, ct.grid.size.z(), [&](int k) {
      for (int j = 0; j < ct.grid.size.y(); ++j)
        for (int i = 0; i < ct.grid.size.x(); ++i)
          values[offset(i + 1, j + 1, k + 1)] =
              scale * std::max(static_cast<float>(ct.at(i, j, k)) + 1000.0F, 0.0F);
    });
  }
  std::size_t stride(int axis) const {
    const auto nx = static_cast<std::size_t>(size.x());
    return axis == 0 ? 1 : axis == 1 ? nx : nx * static_cast<std::size_t>(size.y());
  }
  std::size_t offset(int i, int j, int k) const {
    return static_cast<std::size_t>(i) + static_cast<std::size_t>(j) * stride(1) +
           static_cast<std::size_t>(k) * stride(2);
  }
};

/// Sum of the samples where a ray from `from` along `direction` (padded voxel units) crosses the layers of
/// its steepest axis.
class RaySum {
 public:
  explicit RaySum(const PaddedVolume& volume) : volume_(volume) {}

  double operator()(const Vec3& from, const Vec3& direction, double& layerLength) const {
    int axis = 0;
    direction.cwiseAbs().maxCoeff(&axis);
    layerLength = 1.0 / std::abs(direction[axis]);  // in lengths of `direction`
    const int u = (axis + 1) % 3, v = (axis + 2) % 3;
    const double du = direction[u] / direction[axis], dv = direction[v] / direction[axis];
    double first = 1.0, last = volume_.size[axis] - 2.0;
    // Only what lies ahead of the source.
    (direction[axis] > 0.0 ? first : last) = direction[axis] > 0.0 ? std::max(first, std::ceil(from[axis]))
                                                                   : std::min(last, std::floor(from[axis]));
    limit(from[u] - from[axis] * du, du, volume_.size[u] - 1.0, first, last);
    limit(from[v] - from[axis] * dv, dv, volume_.size[v] - 1.0, first, last);
    double sum = 0.0;
    for (int n = static_cast<int>(std::ceil(first)); n <= static_cast<int>(std::floor(last)); ++n)
      sum += sample(axis, n, u, from[u] + (n - from[axis]) * du, v, from[v] + (n - from[axis]) * dv);
    return sum;
  }

 private:
  // Narrows the layers to those where 0 <= start + n·slope < end.
  static void limit(double start, double slope, double end, double& first, double& last) {
    constexpr double kMargin = 1e-6;
    if (std::abs(slope) < 1e-12) {
      if (start < kMargin || start > end - kMargin) last = first - 1.0;
      return;
    }
    const double a = (kMargin - start) / slope, b = (end - kMargin - start) / slope;
    first = std::max(first, std::min(a, b));
    last = std::min(last, std::max(a, b));
  }

  float sample(int axis, int n, int u, double pu, int v, double pv) const {
    const auto iu = static_cast<std::size_t>(pu), iv = static_cast<std::size_t>(pv);
    const auto wu = static_cast<float>(pu - static_cast<double>(iu));
    const auto wv = static_cast<float>(pv - static_cast<double>(iv));
    const std::size_t su = volume_.stride(u), sv = volume_.stride(v);
    const float* p =
        volume_.values.data() + static_cast<std::size_t>(n) * volume_.stride(axis) + iu * su + iv * sv;
    const float a = p[0] + wu * (p[su] - p[0]);
    const float b = p[sv] + wu * (p[sv + su] - p[sv]);
    return a + wv * (b - a);
  }

  const PaddedVolume& volume_;
};

}  // namespace

XrayView XrayView::facing(const Vec3& source, const Vec3& target, const Vec3& right,
                          double sourceToDetectorMm, double pixelMm, int width, int height) {
  XrayView view;
  const Vec3 ahead = (target - source).normalized();
  view.source = source;
  view.rowDirection = (right - right.dot(ahead) * ahead).normalized();
  view.columnDirection = ahead.cross(view.rowDirection);
  view.pixelMm = pixelMm;
  view.width = width;
  view.height = height;
  view.firstPixel = source + sourceToDetectorMm * ahead -
                    0.5 * pixelMm * ((width - 1) * view.rowDirection + (height - 1) * view.columnDirection);
  return view;
}

Eigen::Vector2d XrayView::pixelOf(const Vec3& world) const {
  const Vec3 normal = rowDirection.cross(columnDirection);
  const Vec3 ray = world - source;
  const Vec3 hit = source + ray * (normal.dot(firstPixel - source) / normal.dot(ray));
  return Eigen::Vector2d(rowDirection.dot(hit - firstPixel), columnDirection.dot(hit - firstPixel)) / pixelMm;
}

ScalarImage digitalRadiograph(const Volume& ct, const XrayView& view, double waterPerMm) {
  Grid grid;
  grid.size = {view.width, view.height, 1};
  grid.origin = view.firstPixel;
  grid.spacing = Vec3(view.pixelMm, view.pixelMm, 1.0);
  grid.direction << view.rowDirection, view.columnDirection, view.rowDirection.cross(view.columnDirection);
  ScalarImage picture(grid);
  const PaddedVolume volume(ct, waterPerMm);
  const RaySum raySum(volume);
  const Vec3 from = ct.grid.indexFromWorld(view.source) + Vec3::Ones();
  tbb::parallel_for(0, view.height, [&](int row) {
    for (int column = 0; column < view.width; ++column) {
      const Vec3 pixel = grid.worldFromIndex(Vec3(column, row, 0));
      const Vec3 direction = ct.grid.indexFromWorld(pixel) + Vec3::Ones() - from;
      double layerLength = 0.0;
      const double sum = raySum(from, direction, layerLength);
      picture.at(column, row, 0) = static_cast<float>(sum * layerLength * (pixel - view.source).norm());
    }
  });
  return picture;
}

}  // namespace coxa
