#include "probabilities.hpp"

#include "clean_up.hpp"
#include "pelvis_phantom.hpp"

#include <gtest/gtest.h>

namespace coxa {

namespace {

// Certain of class `kinds` everywhere.
Probabilities certain(const LabelMap& kinds, std::size_t classes) {
  Probabilities p;
  p.grid = kinds.grid;
  p.classes = classes;
  p.kinds = kinds;
  p.mean.assign(kinds.voxels.size() * classes, 0);
  for (std::size_t v = 0; v < kinds.voxels.size(); ++v) p.mean[v * classes + kinds.voxels[v]] = 65535;
  return p;
}

}  // namespace

TEST(UpsampledKinds, PutsTheEdgeWhereTheProbabilitiesCross) {
  // Class 1 has probability x/10 in voxel x: it crosses one half at x = 5, between the voxels of the fine
  // grid.
  Grid coarse;
  coarse.size = {11, 4, 4};
  coarse.spacing = {3, 3, 3};
  Probabilities p = certain(LabelMap(coarse), 2);
  for (std::size_t v = 0; v < p.kinds.voxels.size(); ++v) {
    const std::size_t x = v % 11;
    p.mean[2 * v + 1] = static_cast<std::uint16_t>(x * 6553);
    p.mean[2 * v] = static_cast<std::uint16_t>(65535 - x * 6553);
    p.kinds.voxels[v] = x > 5 ? 1 : 0;
  }
  Grid fine = coarse;
  fine.size = {61, 4, 4};
  fine.spacing.x() = 0.5;
  const LabelMap kinds = upsampledKinds(p, fine);
  for (int i = 0; i < 61; ++i) EXPECT_EQ(kinds.at(i, 1, 1), i * 0.5 > 15.01 ? 1 : 0) << i;
}

TEST(UpsampledKinds, IsTheSameInTheWorldOnATurnedGrid) {
  const Probabilities p = certain(BoxPelvis::kinds(), 5);
  const Grid plain = BoxPelvis::grid();
  Grid turned = plain;  // axes i and k reversed: the same voxels in another order
  turned.direction.col(0) *= -1.0;
  turned.direction.col(2) *= -1.0;
  turned.origin = plain.worldFromIndex(Vec3(plain.size.x() - 1, 0, plain.size.z() - 1));
  const LabelMap a = upsampledKinds(p, plain), b = upsampledKinds(p, turned);
  for (int k = 0; k < plain.size.z(); ++k)
    for (int j = 0; j < plain.size.y(); ++j)
      for (int i = 0; i < plain.size.x(); ++i)
        ASSERT_EQ(a.at(i, j, k), b.at(plain.size.x() - 1 - i, j, plain.size.z() - 1 - k));
}

TEST(RemoveIslands, KeepsTheBoneAndDropsWhatFloats) {
  LabelMap kinds = BoxPelvis::kinds();
  const LabelMap before = kinds;
  kinds.at(2, 2, 2) = 1;
  Probabilities p = certain(kinds, 5);
  const BoxPelvis pelvis;
  removeIslands(p, pelvis.names, midsagittalPlane(kinds, pelvis.names).value());
  EXPECT_EQ(p.kinds.voxels, before.voxels);
  EXPECT_EQ(p.at(p.grid.offset(2, 2, 2))[0], 65535);
}

}  // namespace coxa
