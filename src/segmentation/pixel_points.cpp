#include "pixel_points.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace coxa {

namespace {

constexpr float kAirHu = -1024.0F;
constexpr std::size_t kPixelsAtOnce = 256;
// In place of a voxel's offset.
constexpr int kAtSide = -1, kBeyondEnd = -2;

// The voxels of a few pixels, and where in their cells the pixels lie.
struct Cells {
  std::array<int, kPixelsAtOnce> offset;
  std::array<float, kPixelsAtOnce> u, v, w;
};

}  // namespace

Eigen::Matrix3f indexFromWorldMatrix(const Grid& grid) {
  return (grid.spacing.cwiseInverse().asDiagonal() * grid.direction.transpose()).cast<float>();
}

PixelPoints::PixelPoints(const Grid& grid, const std::vector<Eigen::Vector3f>& points)
    : i(points.size()), j(points.size()), k(points.size()) {
  const Eigen::Matrix3f m = indexFromWorldMatrix(grid);
  const Eigen::Vector3f start = grid.indexFromWorld(Vec3::Zero()).cast<float>();
  for (std::size_t p = 0; p < points.size(); ++p) {
    const Eigen::Vector3f index = m * points[p] + start;
    i[p] = index.x();
    j[p] = index.y();
    k[p] = index.z();
  }
}

void sampleHu(const Volume& ct, const PixelPoints& points, const Eigen::Vector3f& shift,
              std::span<float> hu) {
  const Eigen::Vector3i n = ct.grid.size;
  const int width = n.x(), plane = n.x() * n.y();
  const float lastX = static_cast<float>(n.x() - 1), lastY = static_cast<float>(n.y() - 1);
  const float topZ = std::max(0.0F, static_cast<float>(n.z()) - 1.001F);
  const int up = n.z() > 1 ? plane : 0;
  Cells cells;
  for (std::size_t first = 0; first < hu.size(); first += kPixelsAtOnce) {
    const std::size_t count = std::min(kPixelsAtOnce, hu.size() - first);
    for (std::size_t p = 0; p < count; ++p) {
      const float x = points.i[first + p] + shift.x(), y = points.j[first + p] + shift.y();
      const float z = std::min(std::max(points.k[first + p] + shift.z(), 0.0F), topZ);
      const bool inside = (x >= 0.0F) & (y >= 0.0F) & (x < lastX) & (y < lastY);
      const int a = static_cast<int>(x), b = static_cast<int>(y), c = static_cast<int>(z);
      cells.u[p] = x - static_cast<float>(a);
      cells.v[p] = y - static_cast<float>(b);
      cells.w[p] = z - static_cast<float>(c);
      cells.offset[p] = inside ? c * plane + b * width + a : kAtSide;
    }
    for (std::size_t p = 0; p < count; ++p) {
      if (cells.offset[p] < 0) {
        hu[first + p] = kAirHu;
        continue;
      }
      const std::int16_t* low = ct.voxels.data() + cells.offset[p];
      const auto along = [u = cells.u[p]](const std::int16_t* at) {
        const auto one = static_cast<float>(at[0]);
        return one + u * (static_cast<float>(at[1]) - one);
      };
      const float v = cells.v[p];
      const float front = along(low), back = along(low + up);
      const float below = front + v * (along(low + width) - front);
      const float above = back + v * (along(low + up + width) - back);
      hu[first + p] = below + cells.w[p] * (above - below);
    }
  }
}

void sampleLabels(const LabelMap& labels, const PixelPoints& points, const Eigen::Vector3f& shift,
                  std::uint8_t beyond, std::span<std::uint8_t> found) {
  const Eigen::Vector3i n = labels.grid.size;
  const int width = n.x(), plane = n.x() * n.y();
  const auto end = n.cast<float>();
  std::array<int, kPixelsAtOnce> offsets;
  for (std::size_t first = 0; first < found.size(); first += kPixelsAtOnce) {
    const std::size_t count = std::min(kPixelsAtOnce, found.size() - first);
    for (std::size_t p = 0; p < count; ++p) {
      const float x = points.i[first + p] + shift.x() + 0.5F, y = points.j[first + p] + shift.y() + 0.5F;
      const float z = points.k[first + p] + shift.z() + 0.5F;
      const bool slice = (z >= 0.0F) & (z < end.z());
      const bool inside = (x >= 0.0F) & (y >= 0.0F) & (x < end.x()) & (y < end.y());
      const int offset = static_cast<int>(z) * plane + static_cast<int>(y) * width + static_cast<int>(x);
      offsets[p] = !slice ? kBeyondEnd : inside ? offset : kAtSide;
    }
    for (std::size_t p = 0; p < count; ++p)
      found[first + p] = offsets[p] >= 0            ? labels.voxels[static_cast<std::size_t>(offsets[p])]
                         : offsets[p] == kBeyondEnd ? beyond
                                                    : std::uint8_t{0};
  }
}

}  // namespace coxa
