#include "coxa/geometry/mesh.hpp"

#include <gtest/gtest.h>

namespace coxa {
namespace {

TriangleMesh cube(float side) {
  TriangleMesh mesh;
  for (int i = 0; i < 8; ++i)
    mesh.vertices.emplace_back((i & 1) ? side : 0, (i & 2) ? side : 0, (i & 4) ? side : 0);
  mesh.triangles = {{0, 2, 1}, {1, 2, 3}, {4, 5, 6}, {5, 7, 6}, {0, 1, 4}, {1, 5, 4},
                    {2, 6, 3}, {3, 6, 7}, {0, 4, 2}, {2, 4, 6}, {1, 3, 5}, {3, 7, 5}};
  return mesh;
}

TEST(Mesh, CubeHasItsVolumeAreaAndCentre) {
  const auto mesh = cube(2);
  EXPECT_TRUE(isClosed(mesh));
  EXPECT_NEAR(volumeMm3(mesh), 8, 1e-9);
  EXPECT_NEAR(areaMm2(mesh), 24, 1e-9);
  EXPECT_LT((centroid(mesh) - Vec3(1, 1, 1)).norm(), 1e-9);
}

TEST(Mesh, MirroringKeepsOutsideOutside) {
  const auto mesh = mirrored(cube(2), Vec3(5, 0, 0), Vec3::UnitX());
  EXPECT_TRUE(isClosed(mesh));
  EXPECT_NEAR(volumeMm3(mesh), 8, 1e-6);
  EXPECT_LT((centroid(mesh) - Vec3(9, 1, 1)).norm(), 1e-6);
}

TEST(Mesh, AMissingTriangleOpensIt) {
  auto mesh = cube(1);
  mesh.triangles.pop_back();
  EXPECT_FALSE(isClosed(mesh));
}

}  // namespace
}  // namespace coxa
