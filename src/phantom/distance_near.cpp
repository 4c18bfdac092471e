#include "distance_near.hpp"

#include "coxa/image/filters.hpp"
#include "coxa/image/sampling.hpp"

#include <tbb/parallel_for.h>

#include <cmath>

namespace coxa {

namespace {

constexpr double kFarMm = 20.0;

}  // namespace

DistanceNear::DistanceNear(const Vec3& center, double reachMm,
                           const std::function<bool(const Vec3&)>& inBody) {
  Grid grid;
  grid.size.setConstant(2 * static_cast<int>(std::ceil(reachMm)) + 1);
  grid.origin = center - 0.5 * (grid.size.cast<double>() - Vec3::Ones());
  LabelMap body(grid);
  tbb::parallel_for(0, grid.size.z(), [&](int k) {
    for (int j = 0; j < grid.size.y(); ++j)
      for (int i = 0; i < grid.size.x(); ++i)
        body.at(i, j, k) = inBody(grid.worldFromIndex(Vec3(i, j, k))) ? 1 : 0;
  });
  distanceMm_ =
      signedDistanceMm(body, 1, {Eigen::Vector3i::Zero(), grid.size - Eigen::Vector3i::Ones()}, kFarMm);
}

double DistanceNear::at(const Vec3& p) const {
  if (distanceMm_.empty()) return kFarMm;
  const Vec3 index = distanceMm_.grid.indexFromWorld(p);
  return betweenCentres(distanceMm_.grid, index) ? sampleClamped<double>(distanceMm_, index) : kFarMm;
}

}  // namespace coxa
