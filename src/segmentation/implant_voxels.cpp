#include "implant_voxels.hpp"

#include "coxa/anatomy/implant_metal.hpp"
#include "coxa/image/resample.hpp"
#include "coxa/segmentation/hip_scan.hpp"

#include <tbb/parallel_for.h>

namespace coxa {

namespace {

constexpr std::int16_t kRimHu = 1500;

bool touchesMetal(const Volume& ct, int i, int j, int k) {
  for (int axis = 0; axis < 3; ++axis)
    for (const int step : {-1, 1}) {
      Eigen::Vector3i n(i, j, k);
      n[axis] += step;
      if (ct.grid.contains(n) && ct.at(n.x(), n.y(), n.z()) > kMetalHu) return true;
    }
  return false;
}

}  // namespace

LabelMap implantVoxels(const Volume& ct) {
  LabelMap implant(ct.grid);
  if (!showsImplant(ct)) return implant;
  tbb::parallel_for(0, ct.grid.size.z(), [&](int k) {
    for (int j = 0; j < ct.grid.size.y(); ++j)
      for (int i = 0; i < ct.grid.size.x(); ++i) {
        const std::int16_t hu = ct.at(i, j, k);
        if (hu > kMetalHu || (hu > kRimHu && touchesMetal(ct, i, j, k))) implant.at(i, j, k) = 1;
      }
  });
  return implant;
}

void clearImplant(LabelMap& labels, const LabelMap& implant) {
  const LabelMap there =
      sameGrid(labels.grid, implant.grid) ? implant : resampleNearest(implant, labels.grid);
  for (std::size_t v = 0; v < labels.voxels.size(); ++v)
    if (there.voxels[v] != 0) labels.voxels[v] = 0;
}

}  // namespace coxa
