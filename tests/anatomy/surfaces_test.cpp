#include "coxa/anatomy/surfaces.hpp"

#include "shapes.hpp"

#include <gtest/gtest.h>

namespace coxa {
namespace {

constexpr std::uint8_t kLabel = 7;

struct Distances {
  double mean = 0.0;
  double greatest = 0.0;
};
// Of the mesh's vertices from an implicit surface.
template <class Distance>
Distances distances(const TriangleMesh& mesh, const Distance& distance) {
  Distances d;
  for (const auto& vertex : mesh.vertices) {
    const double mm = std::abs(distance(vertex.cast<double>()));
    d.mean += mm / static_cast<double>(mesh.vertices.size());
    d.greatest = std::max(d.greatest, mm);
  }
  return d;
}

class SurfaceOnGrid : public testing::TestWithParam<bool> {
 protected:
  LabelMap labels{obliqueGrid({80, 80, 32}, GetParam())};

  TriangleMesh expectGoodSurface() {
    const auto mesh = surfaceOf(labels, kLabel).value();
    EXPECT_TRUE(isClosed(mesh));
    // A positive volume means that the normals point out.
    EXPECT_NEAR(volumeMm3(mesh) / volumeOf(labels, kLabel), 1.0, 0.01);
    return mesh;
  }
};

TEST_P(SurfaceOnGrid, Sphere) {
  const Vec3 center(2.3, -1.1, 0.7);
  paint(labels, kLabel, [&](const Vec3& p) { return (p - center).norm() < 25; });
  const auto mesh = expectGoodSurface();
  EXPECT_LT((centroid(mesh) - center).norm(), 0.15);
  const auto d = distances(mesh, [&](const Vec3& p) { return (p - center).norm() - 25; });
  EXPECT_LT(d.mean, 0.3);
  EXPECT_LT(d.greatest, 1.5);  // half a slice
}

TEST_P(SurfaceOnGrid, Ellipsoid) {
  const Vec3 axes(32, 18, 24);
  const auto radius = [&](const Vec3& p) { return p.cwiseQuotient(axes).norm(); };
  paint(labels, kLabel, [&](const Vec3& p) { return radius(p) < 1; });
  const auto mesh = expectGoodSurface();
  // First-order distance: f / |grad f|.
  const auto d = distances(mesh, [&](const Vec3& p) {
    const double r = radius(p);
    return (r - 1) * r / p.cwiseQuotient(axes.cwiseAbs2()).norm();
  });
  EXPECT_LT(d.mean, 0.3);
  EXPECT_LT(d.greatest, 1.5);
}

TEST_P(SurfaceOnGrid, ThinCylinderKeepsItsVolume) {
  paint(labels, kLabel, [](const Vec3& p) { return p.head<2>().norm() < 5 && std::abs(p.z()) < 30; });
  const auto mesh = expectGoodSurface();
  for (const auto& vertex : mesh.vertices) {
    if (std::abs(vertex.z()) > 24) continue;
    EXPECT_NEAR(vertex.head<2>().norm(), 5, 1.3);
  }
}

TEST_P(SurfaceOnGrid, TheBorderOfTheScanClosesTheSurface) {
  const Vec3 corner = labels.grid.worldFromIndex(Vec3::Zero());
  paint(labels, kLabel, [&](const Vec3& p) { return (p - corner).norm() < 25; });
  expectGoodSurface();
}

TEST_P(SurfaceOnGrid, SmoothingRemovesTheSteps) {
  paint(labels, kLabel, [](const Vec3& p) { return p.norm() < 25; });
  const auto distance = [](const Vec3& p) { return p.norm() - 25; };
  const auto raw = surfaceOf(labels, kLabel, {0.0, 0}).value();
  EXPECT_TRUE(isClosed(raw));
  EXPECT_LT(distances(surfaceOf(labels, kLabel).value(), distance).mean, 0.6 * distances(raw, distance).mean);
}

INSTANTIATE_TEST_SUITE_P(Handedness, SurfaceOnGrid, testing::Values(false, true),
                         [](const auto& test) { return test.param ? "Left" : "Right"; });

TEST(Surfaces, DisplayCopiesAreSmallAndClose) {
  LabelMap labels(obliqueGrid({120, 120, 48}, false));
  paint(labels, kLabel, [](const Vec3& p) { return p.norm() < 45; });
  const auto mesh = surfaceOf(labels, kLabel, {1.0, 12'000}).value();
  EXPECT_LE(mesh.triangles.size(), 12'000U);
  EXPECT_GT(mesh.triangles.size(), 10'000U);
  EXPECT_NEAR(volumeMm3(mesh) / volumeOf(labels, kLabel), 1.0, 0.01);
  EXPECT_LT(distances(mesh, [](const Vec3& p) { return p.norm() - 45; }).mean, 0.3);
}

TEST(Surfaces, AnAbsentLabelHasAnEmptySurface) {
  const LabelMap labels(obliqueGrid({5, 5, 5}, false));
  EXPECT_TRUE(surfaceOf(labels, kLabel).value().empty());
  EXPECT_TRUE(surfacesOf(labels, {}, Job()).value().empty());
}

TEST(Surfaces, AllLabelsAtOnceAreThoseOneByOne) {
  LabelMap labels(obliqueGrid({40, 40, 16}, false));
  paint(labels, 3, [](const Vec3& p) { return p.norm() < 12; });
  paint(labels, 200, [](const Vec3& p) { return (p - Vec3(4, 4, 4)).norm() < 8; });
  const auto all = surfacesOf(labels, {}, Job()).value();
  ASSERT_EQ(all.size(), 2U);
  for (const auto& [value, mesh] : all)
    EXPECT_EQ(mesh.vertices, surfaceOf(labels, value).value().vertices) << int{value};
}

TEST(Surfaces, CancelStopsThem) {
  LabelMap labels(obliqueGrid({10, 10, 10}, false));
  labels.voxels.assign(labels.voxels.size(), kLabel);
  const Job job;
  job.cancel();
  const auto surfaces = surfacesOf(labels, {}, job);
  ASSERT_FALSE(surfaces);
  EXPECT_EQ(surfaces.error().code, ErrorCode::Cancelled);
}

}  // namespace
}  // namespace coxa
