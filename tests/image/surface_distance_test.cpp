#include "coxa/image/surface_distance.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <numbers>

namespace coxa {
namespace {

using Inside = std::function<bool(int i, int j, int k)>;

LabelMap filled(const Eigen::Vector3i& size, const Vec3& spacing, const Inside& inside) {
  Grid grid;
  grid.size = size;
  grid.spacing = spacing;
  LabelMap map(grid);
  for (int k = 0; k < size.z(); ++k)
    for (int j = 0; j < size.y(); ++j)
      for (int i = 0; i < size.x(); ++i)
        if (inside(i, j, k)) map.at(i, j, k) = 3;
  return map;
}

std::optional<SurfaceDistance> distance(const LabelMap& a, const LabelMap& b) {
  return surfaceDistance(a, b, 3, united(boundsOfValues(a)[3], boundsOfValues(b)[3]));
}

bool inBox(int i, int j, int k, const Eigen::Vector3i& from, const Eigen::Vector3i& to) {
  const Eigen::Array3i index(i, j, k);
  return (index >= from.array()).all() && (index <= to.array()).all();
}

double squared(double x) {
  return x * x;
}

TEST(SurfaceDistance, OfAMapToItselfIsZero) {
  const LabelMap map = filled({12, 12, 12}, {1, 2, 3}, [](int i, int j, int k) {
    return inBox(i, j, k, {2, 3, 4}, {8, 8, 8});
  });
  ASSERT_TRUE(distance(map, map));
  EXPECT_EQ(distance(map, map)->averageMm, 0.0);
  EXPECT_EQ(distance(map, map)->percentile95Mm, 0.0);
}

// One voxel thick, all of them surface: every distance is the gap.
TEST(SurfaceDistance, OfTwoParallelSlabsIsTheirGap) {
  const auto slabAt = [](int at) {
    return filled({9, 7, 30}, {0.7, 1.3, 2.5}, [at](int, int, int k) { return k == at; });
  };
  const auto found = distance(slabAt(4), slabAt(11));
  ASSERT_TRUE(found);
  EXPECT_NEAR(found->averageMm, 7 * 2.5, 1e-5);
  EXPECT_NEAR(found->percentile95Mm, 7 * 2.5, 1e-5);
}

// A box of n³ voxels shifted by one voxel along x. The n² voxels of the first box's trailing face lie one
// voxel from the second's; of its leading face the rim lies on the second's sides, and the (n - 2)² voxels
// within are one voxel from the second's face. All others lie on both surfaces. The other direction is the
// mirror.
TEST(SurfaceDistance, OfABoxShiftedByOneVoxelFollowsFromCounting) {
  constexpr int n = 6;
  const double step = 1.5;
  const auto boxAt = [step](int from) {
    return filled({20, 12, 12}, {step, 4, 4}, [from](int i, int j, int k) {
      return inBox(i, j, k, {from, 3, 3}, {from + n - 1, 3 + n - 1, 3 + n - 1});
    });
  };
  const auto found = distance(boxAt(5), boxAt(6));
  ASSERT_TRUE(found);
  const double surface = n * n * n - (n - 2) * (n - 2) * (n - 2);
  const double apart = n * n + (n - 2) * (n - 2);
  EXPECT_NEAR(found->averageMm, step * apart / surface, 1e-6);
}

// Radii 12 and 9 mm around one centre: 3 mm, up to the voxels' steps (spacing 1 mm, discretization below half
// a voxel).
TEST(SurfaceDistance, OfConcentricSpheresIsTheDifferenceOfRadii) {
  const auto sphere = [](double radius) {
    return filled({61, 61, 61}, {0.5, 0.5, 0.5}, [radius](int i, int j, int k) {
      return squared(i - 30) + squared(j - 30) + squared(k - 30) <= squared(radius / 0.5);
    });
  };
  const auto found = distance(sphere(12), sphere(9));
  ASSERT_TRUE(found);
  EXPECT_NEAR(found->averageMm, 3.0, 0.15);
  EXPECT_NEAR(found->percentile95Mm, 3.0, 0.35);
}

// From scipy 1.10 and numpy:
//   def surface(m): return m & ~ndimage.binary_erosion(m, ndimage.generate_binary_structure(3, 1))
//   k, j, i = numpy.mgrid[:24, :40, :48]
//   a = ((i-20)/14)**2 + ((j-18)/12)**2 + ((k-11)/8)**2 <= 1
//   b = ((i-23)/13)**2 + ((j-20)/15)**2 + ((k-12)/7)**2 <= 1
//   edt, sp = ndimage.distance_transform_edt, (2.5, 0.9, 0.7)
//   d = numpy.r_[edt(~surface(b), sp)[surface(a)], edt(~surface(a), sp)[surface(b)]]
//   d.mean(), numpy.percentile(d, 95)
TEST(SurfaceDistance, OfTwoEllipsoidsIsWhatScipyFinds) {
  const Eigen::Vector3i size(48, 40, 24);
  const Vec3 spacing(0.7, 0.9, 2.5);
  const LabelMap a = filled(size, spacing, [](int i, int j, int k) {
    return squared((i - 20) / 14.0) + squared((j - 18) / 12.0) + squared((k - 11) / 8.0) <= 1.0;
  });
  const LabelMap b = filled(size, spacing, [](int i, int j, int k) {
    return squared((i - 23) / 13.0) + squared((j - 20) / 15.0) + squared((k - 12) / 7.0) <= 1.0;
  });
  const auto found = distance(a, b);
  ASSERT_TRUE(found);
  EXPECT_NEAR(found->averageMm, 1.8850301638216753, 1e-6);
  EXPECT_NEAR(found->percentile95Mm, 4.5, 1e-6);
}

TEST(SurfaceDistance, TheBorderOfTheScanCutsAndIsSurface) {
  // The whole grid in one map, all but the last slice in the other: the cut faces are a voxel apart.
  const auto upTo = [](int last) {
    return filled({3, 3, 5}, {1, 1, 2}, [last](int, int, int k) { return k <= last; });
  };
  const auto found = distance(upTo(4), upTo(3));
  ASSERT_TRUE(found);
  // Surfaces of 3x3xn: all but the centres of the inner slices. Apart: the nine voxels of the last slice (one
  // slice, 2 mm; eight of them beside the other's rim, its centre above the other's face), and the centre of
  // the shorter one's last slice, 1 mm from the longer one's side.
  EXPECT_NEAR(found->averageMm, (9 * 2.0 + 1.0) / ((45 - 3) + (36 - 2)), 1e-6);
}

TEST(SurfaceDistance, NeedsTheStructureInBothMaps) {
  const LabelMap one = filled({4, 4, 4}, {1, 1, 1}, [](int i, int, int) { return i == 1; });
  EXPECT_FALSE(surfaceDistance(one, LabelMap(one.grid), 3, boundsOfValues(one)[3]));
}

TEST(BoundsOfValues, AreThoseOfEachValueByItself) {
  LabelMap map = filled({9, 8, 7}, {1, 1, 1}, [](int i, int j, int k) { return (i * j + k) % 5 == 0; });
  map.at(8, 7, 6) = 9;
  map.at(0, 7, 2) = 9;
  const auto boxes = boundsOfValues(map);
  for (const int value : {0, 3, 9}) {
    const IndexBox alone = boundsOf(map, static_cast<std::uint8_t>(value));
    EXPECT_EQ(boxes[static_cast<std::size_t>(value)].min, alone.min) << value;
    EXPECT_EQ(boxes[static_cast<std::size_t>(value)].max, alone.max) << value;
  }
  EXPECT_TRUE(boxes[4].empty());
}

}  // namespace
}  // namespace coxa
