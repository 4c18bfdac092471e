#include "working_ct.hpp"

#include "coxa/image/components.hpp"

#include <tbb/parallel_for.h>

namespace coxa {

namespace {

constexpr std::int16_t kAirHu = -1024;

// Target voxels per source voxel along each target axis: how many samples its mean needs.
Eigen::Vector3i samplesPerVoxel(const Grid& source, const Grid& target) {
  const Mat3 sourceFromTarget = source.direction.transpose() * target.direction;
  Eigen::Vector3i samples;
  for (int axis = 0; axis < 3; ++axis) {
    const Vec3 step = sourceFromTarget.col(axis) * target.spacing[axis];
    samples[axis] =
        std::clamp(static_cast<int>(std::lround(step.cwiseQuotient(source.spacing).norm())), 1, 8);
  }
  return samples;
}

// Grows (or with `value` 0: shrinks) a mask within its slices by `radius` voxels, diamond-shaped.
LabelMap spread(const LabelMap& mask, std::uint8_t value, int radius) {
  LabelMap from = mask;
  LabelMap to = mask;
  const Eigen::Vector3i n = mask.grid.size;
  for (int step = 0; step < radius; ++step) {
    tbb::parallel_for(0, n.z(), [&](int k) {
      for (int j = 1; j + 1 < n.y(); ++j)
        for (int i = 1; i + 1 < n.x(); ++i)
          if (from.at(i - 1, j, k) == value || from.at(i + 1, j, k) == value ||
              from.at(i, j - 1, k) == value || from.at(i, j + 1, k) == value)
            to.at(i, j, k) = value;
    });
    from = to;
  }
  return to;
}

}  // namespace

Volume resampleMean(const Volume& source, const Grid& target, std::int16_t outside) {
  const Eigen::Vector3i n = samplesPerVoxel(source.grid, target);
  if (n.prod() == 1) return resampleLinear(source, target, outside);

  Volume mean(target);
  std::vector<int> sum(target.voxelCount(), 0);
  for (int c = 0; c < n.z(); ++c)
    for (int b = 0; b < n.y(); ++b)
      for (int a = 0; a < n.x(); ++a) {
        const Vec3 offset =
            (Vec3(a, b, c) + Vec3::Constant(0.5)).cwiseQuotient(n.cast<double>()) - Vec3::Constant(0.5);
        Grid shifted = target;
        shifted.origin = target.worldFromIndex(offset);
        const Volume part = resampleLinear(source, shifted, outside);
        for (std::size_t v = 0; v < sum.size(); ++v) sum[v] += part.voxels[v];
      }
  const int count = n.prod();
  for (std::size_t v = 0; v < sum.size(); ++v) mean.voxels[v] = static_cast<std::int16_t>(sum[v] / count);
  return mean;
}

LabelMap bodyMask(const Volume& ct) {
  LabelMap mask(ct.grid);
  for (std::size_t v = 0; v < mask.voxels.size(); ++v) mask.voxels[v] = ct.voxels[v] > -300 ? 1 : 0;
  constexpr int kBridgeVoxels = 2;
  const Components parts = connectedComponents(spread(mask, 0, kBridgeVoxels));
  LabelMap largest(ct.grid);
  for (std::size_t v = 0; v < largest.voxels.size(); ++v)
    largest.voxels[v] = parts.ids.voxels[v] == 1 ? 1 : 0;
  return spread(largest, 1, kBridgeVoxels + 1);
}

WorkingCt workingCt(const Volume& ct, const ModelConfig& config) {
  WorkingCt working;
  working.whole = resampleMean(ct, axisAligned(ct.grid, config.spacingMm), kAirHu);
  const LabelMap body = bodyMask(working.whole);
  working.ct = working.whole;
  for (std::size_t v = 0; v < body.voxels.size(); ++v)
    if (body.voxels[v] == 0) working.ct.voxels[v] = kAirHu;
  working.body = boundsOf(body, 1);
  return working;
}

}  // namespace coxa
