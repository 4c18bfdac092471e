#include "shell_streaks.hpp"

namespace coxa {

namespace {

constexpr double kFromMm = 2.0, kToMm = 10.0;  // behind the shell: clear of its blurred surface
constexpr std::int16_t kBrighterThanBoneHu = 1200;

}  // namespace

double shellStreaksMm(const Volume& ct, const Vec3& center, const Vec3& axis, double outsideMm) {
  const Grid& grid = ct.grid;
  const Vec3 middle = grid.indexFromWorld(center);
  const Vec3 reach = Vec3::Constant(outsideMm + kToMm).cwiseQuotient(grid.spacing);
  const Eigen::Vector3i last = grid.size - Eigen::Vector3i::Ones();
  const Eigen::Vector3i from = (middle - reach).array().floor().cast<int>().max(0);
  const Eigen::Vector3i to = (middle + reach).array().ceil().cast<int>().min(last.array());
  double voxels = 0.0, bright = 0.0;
  for (int k = from.z(); k <= to.z(); ++k)
    for (int j = from.y(); j <= to.y(); ++j)
      for (int i = from.x(); i <= to.x(); ++i) {
        const Vec3 d = grid.worldFromIndex(Vec3(i, j, k)) - center;
        const double beyond = d.norm() - outsideMm;
        if (beyond < kFromMm || beyond > kToMm || d.dot(axis) > 0.0) continue;
        ++voxels;
        if (ct.at(i, j, k) > kBrighterThanBoneHu) ++bright;
      }
  return voxels > 0.0 ? grid.spacing.z() * bright / voxels : 0.0;
}

}  // namespace coxa
