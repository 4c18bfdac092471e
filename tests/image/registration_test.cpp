#include "coxa/image/registration.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

namespace coxa {
namespace {

using Vec3f = Eigen::Vector3f;

Grid cube(int size, double spacingMm) {
  Grid grid;
  grid.size = Eigen::Vector3i::Constant(size);
  grid.spacing = Vec3::Constant(spacingMm);
  grid.origin = Vec3::Constant(-0.5 * spacingMm * (size - 1));
  return grid;
}

template <class Value>
VectorImage fieldOn(const Grid& grid, const Value& value) {
  VectorImage field(grid, Vec3f::Zero());
  for (int k = 0; k < grid.size.z(); ++k)
    for (int j = 0; j < grid.size.y(); ++j)
      for (int i = 0; i < grid.size.x(); ++i)
        field.at(i, j, k) = value(grid.worldFromIndex(Vec3(i, j, k))).template cast<float>();
  return field;
}

// A swirl of up to 12 mm that dies away towards the border.
Vec3 swirl(const Vec3& p) {
  return Vec3(-p.y(), p.x(), 0.3 * p.x()) * 0.45 * std::exp(-p.squaredNorm() / (2 * 30.0 * 30.0));
}

double smallestJacobian(const DisplacementField& field) {
  const ScalarImage jacobian = jacobianDeterminant(field);
  return *std::min_element(jacobian.voxels.begin(), jacobian.voxels.end());
}

// Eight ellipsoids of different sizes, each with its own value.
std::uint8_t shapesAt(const Vec3& p) {
  for (int n = 0; n < 8; ++n) {
    const Vec3 center(n & 1 ? 30.0 : -28.0, n & 2 ? 27.0 : -30.0, n & 4 ? 26.0 : -29.0);
    const Vec3 radii(16.0 + n, 22.0 - n, 18.0);
    if ((p - center).cwiseQuotient(radii).norm() < 1.0) return static_cast<std::uint8_t>(n + 1);
  }
  return 0;
}

template <class Place>
LabelMap shapesOn(const Grid& grid, const Place& place) {
  LabelMap labels(grid);
  for (int k = 0; k < grid.size.z(); ++k)
    for (int j = 0; j < grid.size.y(); ++j)
      for (int i = 0; i < grid.size.x(); ++i)
        labels.at(i, j, k) = shapesAt(place(grid.worldFromIndex(Vec3(i, j, k))));
  return labels;
}

TEST(Filters, SignedDistanceOfABallIsItsRadiusLess) {
  Grid grid = cube(61, 1.0);
  grid.spacing.z() = 2.0;
  grid.size.z() = 31;
  grid.origin.z() = -30.0;
  LabelMap labels(grid);
  for (int k = 0; k < 31; ++k)
    for (int j = 0; j < 61; ++j)
      for (int i = 0; i < 61; ++i)
        labels.at(i, j, k) = grid.worldFromIndex(Vec3(i, j, k)).norm() < 18.0 ? 7 : 0;
  const IndexBox whole{Eigen::Vector3i::Zero(), grid.size - Eigen::Vector3i::Ones()};
  const ScalarImage distance = signedDistanceMm(labels, 7, whole, 10.0);
  double worst = 0.0;
  for (int k = 0; k < 31; ++k)
    for (int j = 0; j < 61; ++j)
      for (int i = 0; i < 61; ++i) {
        const double expected = std::clamp(grid.worldFromIndex(Vec3(i, j, k)).norm() - 18.0, -10.0, 10.0);
        worst = std::max(worst, std::abs(distance.at(i, j, k) - expected));
      }
  EXPECT_LT(worst, 1.6);  // half a slice and half a voxel: the surface is that of the voxels
}

TEST(Filters, SmoothingKeepsConstantsAndWidensAPointBySigma) {
  const Grid grid = cube(41, 1.0);
  ScalarImage point(grid, 0.0F);
  point.at(20, 20, 20) = 1.0F;
  const ScalarImage blurred = smoothed(point, Vec3(2.0, 3.0, 0.0));
  double sum = 0.0, squaresX = 0.0, squaresY = 0.0;
  for (int j = 0; j < 41; ++j)
    for (int i = 0; i < 41; ++i) {
      const double weight = blurred.at(i, j, 20);
      sum += weight;
      squaresX += weight * (i - 20) * (i - 20);
      squaresY += weight * (j - 20) * (j - 20);
    }
  EXPECT_NEAR(sum, 1.0, 1e-4);
  EXPECT_NEAR(std::sqrt(squaresX), 2.0, 0.05);
  EXPECT_NEAR(std::sqrt(squaresY), 3.0, 0.05);
  EXPECT_EQ(blurred.at(20, 20, 19), 0.0F);
  const ScalarImage constant = smoothed(ScalarImage(grid, 5.0F), Vec3(4, 4, 4));
  EXPECT_NEAR(constant.at(0, 0, 40), 5.0F, 1e-4);
}

TEST(Displacement, ExponentialOfOppositeVelocitiesAreInverse) {
  const VectorImage velocity = fieldOn(cube(41, 3.0), swirl);
  const DisplacementField there = exponential(velocity), back = exponential(scaled(velocity, -1.0F));
  EXPECT_GT(smallestJacobian(there), 0.2);
  for (const Vec3& p : {Vec3(0, 0, 0), Vec3(20, 5, -10), Vec3(-13, 31, 4), Vec3(25, -25, 25)})
    EXPECT_LT((back(there(p)) - p).norm(), 0.3) << p.transpose();
}

// The flow of a uniform rotation rate is the rotation: a known truth for scaling and squaring.
TEST(Displacement, ExponentialOfARotationRateRotates) {
  const double angle = 0.4;
  const VectorImage velocity =
      fieldOn(cube(41, 3.0), [&](const Vec3& p) { return Vec3(-angle * p.y(), angle * p.x(), 0.0); });
  const DisplacementField rotation = exponential(velocity);
  const Vec3 p(20, -8, 5);
  EXPECT_LT((rotation(p) - Eigen::AngleAxisd(angle, Vec3::UnitZ()) * p).norm(), 0.1);
}

TEST(Displacement, FixedPointInverseUndoesTheField) {
  const DisplacementField field{fieldOn(cube(41, 3.0), swirl)};
  const DisplacementField back = inverse(field, field.offsetsMm.grid);
  for (const Vec3& p : {Vec3(0, 0, 0), Vec3(20, 5, -10), Vec3(-13, 31, 4), Vec3(25, -25, 25)})
    EXPECT_LT((field(back(p)) - p).norm(), 0.3) << p.transpose();
}

TEST(Displacement, CompositionAppliesTheSecondMapFirst) {
  const Grid grid = cube(21, 4.0);
  const DisplacementField turn{
      fieldOn(grid, [](const Vec3& p) { return Vec3(-p.y() - p.x(), p.x() - p.y(), 0); })};
  const DisplacementField shift{fieldOn(grid, [](const Vec3&) { return Vec3(8, 0, 0); })};
  EXPECT_LT((composed(turn, shift)(Vec3(4, 4, 0)) - Vec3(-4, 12, 0)).norm(), 1e-4);
}

TEST(Registration, RecoversAKnownDeformation) {
  const Grid grid = cube(65, 2.0);
  const DisplacementField truth = exponential(fieldOn(grid, swirl));
  const Vec3 shift(9, -6, 4);
  // moving_from_fixed is known: swirl, then shift.
  const LabelMap moving = shapesOn(grid, [&](const Vec3& p) { return Vec3(p - shift); });
  const LabelMap fixed = shapesOn(grid, [&](const Vec3& p) { return truth(p); });
  LabelRegistrationOptions options;
  options.levels = {{6.0, 40, 24.0, 7.0, 4.0}, {3.0, 30, 9.0, 3.5, 2.5}};
  const auto result = registerLabels(fixed, moving, options, Job());
  ASSERT_TRUE(result) << result.error().message;
  for (const auto& [value, dice] : result->dice) EXPECT_GT(dice, 0.95) << int(value);
  EXPECT_GT(smallestJacobian(exponential(result->velocity)), 0.0);

  double squares = 0.0, roundTrip = 0.0;
  int count = 0;
  for (int k = 0; k < 65; k += 2)
    for (int j = 0; j < 65; j += 2)
      for (int i = 0; i < 65; i += 2) {
        if (fixed.at(i, j, k) == 0) continue;
        const Vec3 p = grid.worldFromIndex(Vec3(i, j, k));
        squares += (result->moving_from_fixed(p) - truth(p) - shift).squaredNorm();
        roundTrip = std::max(roundTrip, (result->fixed_from_moving(result->moving_from_fixed(p)) - p).norm());
        ++count;
      }
  // Inside uniform shapes labels say nothing about the map, so the error is larger than at surfaces.
  EXPECT_LT(std::sqrt(squares / count), 2.5);
  EXPECT_LT(roundTrip, 1.0);
}

TEST(Registration, RefusesMapsWithTooLittleInCommon) {
  const auto result = registerLabels(LabelMap(cube(9, 2.0)), LabelMap(cube(9, 2.0)), {}, Job());
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, ErrorCode::BadInput);
}

TEST(Registration, StopsWhenCancelled) {
  const LabelMap labels = shapesOn(cube(33, 4.0), [](const Vec3& p) { return p; });
  Job job;
  job.cancel();
  const auto result = registerLabels(labels, labels, {}, job);
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, ErrorCode::Cancelled);
}

}  // namespace
}  // namespace coxa
