#include "bone_mask.hpp"

#include "coxa/image/sampling.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

namespace coxa {

namespace {

// Columns stand off the voxel centres by these shares of a voxel, so that none runs exactly along an edge of
// a mesh that was built on a regular grid.
constexpr double kOffX = 0.00137, kOffY = 0.00291;

Grid gridOver(const Eigen::AlignedBox3d& box, double spacingMm) {
  Grid grid;
  grid.origin = box.min();
  grid.spacing = Vec3::Constant(spacingMm);
  grid.size = (box.sizes() / spacingMm).array().ceil().cast<int>() + 1;
  return grid;
}

/// Heights (in voxels) at which a mesh crosses each column of a grid.
class Crossings {
 public:
  explicit Crossings(const Grid& grid)
      : grid_(grid),
        heights_(static_cast<std::size_t>(grid.size.x()) * static_cast<std::size_t>(grid.size.y())) {}

  void add(const Vec3& a, const Vec3& b, const Vec3& c) {
    const double doubleArea = cross(b - a, c - a);
    if (doubleArea == 0.0) return;
    const Vec3 low = a.cwiseMin(b).cwiseMin(c), high = a.cwiseMax(b).cwiseMax(c);
    for (int j = first(low.y(), kOffY); j <= last(high.y(), kOffY, grid_.size.y()); ++j)
      for (int i = first(low.x(), kOffX); i <= last(high.x(), kOffX, grid_.size.x()); ++i) {
        const Vec3 p(i + kOffX, j + kOffY, 0.0);
        const double u = cross(c - b, p - b) / doubleArea, v = cross(a - c, p - c) / doubleArea;
        if (u < 0.0 || v < 0.0 || u + v > 1.0) continue;
        column(i, j).push_back(u * a.z() + v * b.z() + (1.0 - u - v) * c.z());
      }
  }

  std::vector<double>& column(int i, int j) {
    return heights_[static_cast<std::size_t>(j) * static_cast<std::size_t>(grid_.size.x()) +
                    static_cast<std::size_t>(i)];
  }

 private:
  static double cross(const Vec3& a, const Vec3& b) { return a.x() * b.y() - a.y() * b.x(); }
  static int first(double low, double off) { return std::max(0, static_cast<int>(std::ceil(low - off))); }
  static int last(double high, double off, int size) {
    return std::min(size - 1, static_cast<int>(std::floor(high - off)));
  }

  const Grid& grid_;
  std::vector<std::vector<double>> heights_;
};

void fill(Image<std::uint8_t>& inside, int i, int j, std::vector<double>& heights) {
  std::sort(heights.begin(), heights.end());
  for (std::size_t pair = 0; pair + 1 < heights.size(); pair += 2) {
    const int from = std::max(0, static_cast<int>(std::ceil(heights[pair])));
    const int to = std::min(inside.grid.size.z() - 1, static_cast<int>(std::floor(heights[pair + 1])));
    for (int k = from; k <= to; ++k) inside.at(i, j, k) = 1;
  }
}

}  // namespace

BoneMask::BoneMask(const TriangleMesh& bone, const Eigen::AlignedBox3d& box, double spacingMm)
    : inside_(gridOver(box, spacingMm)) {
  const Grid& grid = inside_.grid;
  Crossings crossings(grid);
  const auto corner = [&](std::uint32_t v) { return grid.indexFromWorld(bone.vertices[v].cast<double>()); };
  for (const auto& t : bone.triangles) crossings.add(corner(t[0]), corner(t[1]), corner(t[2]));
  for (int j = 0; j < grid.size.y(); ++j)
    for (int i = 0; i < grid.size.x(); ++i) fill(inside_, i, j, crossings.column(i, j));
}

bool BoneMask::contains(const Vec3& p) const {
  const Vec3 index = (p - inside_.grid.origin) / inside_.grid.spacing.x();
  return betweenCentres(inside_.grid, index) && sampleClamped<double>(inside_, index) > 0.5;
}

std::optional<double> BoneMask::entry(const Vec3& from, const Vec3& direction, double least,
                                      double most) const {
  return crossing(from, direction, least, most, true);
}

std::optional<double> BoneMask::exit(const Vec3& from, const Vec3& direction, double least,
                                     double most) const {
  return crossing(from, direction, least, most, false);
}

std::optional<double> BoneMask::crossing(const Vec3& from, const Vec3& direction, double least, double most,
                                         bool intoBone) const {
  const double step = 0.5 * inside_.grid.spacing.x();
  bool before = contains(from + least * direction);
  for (double to = least + step; to <= most; to += step) {
    const bool now = contains(from + to * direction);
    if (now == before) continue;
    if (now != intoBone) {
      before = now;
      continue;
    }
    double low = to - step, high = to;
    for (int i = 0; i < 5; ++i) {
      const double middle = 0.5 * (low + high);
      (contains(from + middle * direction) == now ? high : low) = middle;
    }
    return 0.5 * (low + high);
  }
  return std::nullopt;
}

}  // namespace coxa
