#include "coxa/editing/doubtful_places.hpp"

#include "phantoms.hpp"

#include <gtest/gtest.h>

namespace coxa {
namespace {

/// A ball of radius 20 mm with label 5, and balls of doubt wherever a test wants them.
struct Doubted {
  LabelMap labels{test::tiltedGrid({100, 80, 30})};
  ScalarImage uncertainty{labels.grid};
  Vec3 center = labels.grid.center();

  Doubted() {
    test::draw(labels, 5, [&](const Vec3& p) { return (p - center).norm() <= 20.0; });
  }
  void doubt(const Vec3& at, double radius, float value) {
    for (int k = 0; k < labels.grid.size.z(); ++k)
      for (int j = 0; j < labels.grid.size.y(); ++j)
        for (int i = 0; i < labels.grid.size.x(); ++i)
          if ((labels.grid.worldFromIndex(Vec3(i, j, k)) - at).norm() <= radius)
            uncertainty.at(i, j, k) = value;
  }
};

TEST(DoubtfulPlaces, AreRankedBySummedUncertainty) {
  Doubted d;
  const Vec3 x = d.labels.grid.direction.col(0);
  d.doubt(d.center - 10.0 * x, 6.0, 0.2F);
  d.doubt(d.center + 10.0 * x, 5.0, 0.45F);
  const auto places = doubtfulPlaces(d.labels, d.uncertainty, 5);
  ASSERT_EQ(places.size(), 2U);
  EXPECT_LT((places[0].point - (d.center + 10.0 * x)).norm(), 3.0) << "smaller but more doubtful";
  EXPECT_LT((places[1].point - (d.center - 10.0 * x)).norm(), 3.0);
  const double ball = 4.0 / 3.0 * kPi * 125.0;
  EXPECT_NEAR(places[0].volumeMm3, ball, 0.1 * ball);
  EXPECT_NEAR(places[0].doubtMm3, 0.45 * places[0].volumeMm3, 1e-3 * ball);
}

TEST(DoubtfulPlaces, LieInTheStructureOrBesideIt) {
  Doubted d;
  const Vec3 x = d.labels.grid.direction.col(0);
  d.doubt(d.center + 36.0 * x, 5.0, 0.4F);
  EXPECT_TRUE(doubtfulPlaces(d.labels, d.uncertainty, 5).empty()) << "far from the structure";
  d.doubt(d.center + 20.0 * x, 5.0, 0.4F);
  ASSERT_EQ(doubtfulPlaces(d.labels, d.uncertainty, 5).size(), 1U);
  EXPECT_TRUE(doubtfulPlaces(d.labels, d.uncertainty, 6).empty()) << "no such structure";
}

TEST(DoubtfulPlaces, LeaveOutWhatIsSmallOrSure) {
  Doubted d;
  d.doubt(d.center, 6.0, 0.09F);
  EXPECT_TRUE(doubtfulPlaces(d.labels, d.uncertainty, 5).empty());
  EXPECT_EQ(doubtfulPlaces(d.labels, d.uncertainty, 5, {.threshold = 0.08F}).size(), 1U);
  EXPECT_TRUE(
      doubtfulPlaces(d.labels, d.uncertainty, 5, {.threshold = 0.08F, .leastVolumeMm3 = 2000.0}).empty());
}

// A ring of doubt: its centre of mass is not in it, the place must be.
TEST(DoubtfulPlaces, PointIntoTheirRegion) {
  Doubted d;
  d.doubt(d.center, 18.0, 0.3F);
  d.doubt(d.center, 14.0, 0.0F);
  const auto places = doubtfulPlaces(d.labels, d.uncertainty, 5);
  ASSERT_EQ(places.size(), 1U);
  const double r = (places[0].point - d.center).norm();
  EXPECT_GT(r, 13.9);
  EXPECT_LT(r, 18.1);
}

}  // namespace
}  // namespace coxa
