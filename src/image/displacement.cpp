#include "coxa/image/displacement.hpp"

#include "coxa/image/sampling.hpp"

#include <tbb/parallel_for.h>

#include <Eigen/LU>
#include <algorithm>
#include <cmath>

namespace coxa {

namespace {

// Writes value(p) at every voxel centre p of the image.
template <class T, class Value>
void fill(Image<T>& image, const Value& value) {
  tbb::parallel_for(0, image.grid.size.z(), [&](int k) {
    for (int j = 0; j < image.grid.size.y(); ++j)
      for (int i = 0; i < image.grid.size.x(); ++i)
        image.at(i, j, k) = value(image.grid.worldFromIndex(Vec3(i, j, k)));
  });
}

float largestStepInVoxels(const VectorImage& velocity) {
  float largest = 0.0F;
  for (const auto& v : velocity.voxels) largest = std::max(largest, v.squaredNorm());
  return std::sqrt(largest) / static_cast<float>(velocity.grid.spacing.minCoeff());
}

Eigen::Vector3f differenceAlong(const VectorImage& field, Eigen::Vector3i index, int axis) {
  Eigen::Vector3i before = index, after = index;
  before[axis] = std::max(index[axis] - 1, 0);
  after[axis] = std::min(index[axis] + 1, field.grid.size[axis] - 1);
  const int steps = std::max(after[axis] - before[axis], 1);
  return (field.at(after.x(), after.y(), after.z()) - field.at(before.x(), before.y(), before.z())) /
         (static_cast<float>(steps) * static_cast<float>(field.grid.spacing[axis]));
}

}  // namespace

Vec3 DisplacementField::offsetAt(const Vec3& world) const {
  return sampleClamped(offsetsMm, offsetsMm.grid.indexFromWorld(world)).cast<double>();
}

Volume warped(const Volume& moving, const DisplacementField& moving_from_fixed, const Grid& fixed,
              std::int16_t outside) {
  Volume out(fixed);
  fill(out, [&](const Vec3& p) {
    const Vec3 index = moving.grid.indexFromWorld(moving_from_fixed(p));
    if (!insideImage(moving.grid, index)) return outside;
    return static_cast<std::int16_t>(std::lround(sampleClamped<float>(moving, index)));
  });
  return out;
}

ScalarImage warped(const ScalarImage& moving, const DisplacementField& moving_from_fixed, const Grid& fixed,
                   float outside) {
  ScalarImage out(fixed);
  fill(out, [&](const Vec3& p) {
    const Vec3 index = moving.grid.indexFromWorld(moving_from_fixed(p));
    return insideImage(moving.grid, index) ? sampleClamped(moving, index) : outside;
  });
  return out;
}

LabelMap warped(const LabelMap& moving, const DisplacementField& moving_from_fixed, const Grid& fixed) {
  LabelMap out(fixed);
  fill(out, [&](const Vec3& p) -> std::uint8_t {
    const Vec3 index = moving.grid.indexFromWorld(moving_from_fixed(p));
    if (!insideImage(moving.grid, index)) return 0;
    const Eigen::Vector3i n =
        (index.array() + 0.5).floor().cast<int>().min(moving.grid.size.array() - 1).max(0);
    return moving.at(n.x(), n.y(), n.z());
  });
  return out;
}

DisplacementField composed(const DisplacementField& a_from_b, const DisplacementField& b_from_c) {
  DisplacementField a_from_c{VectorImage(b_from_c.offsetsMm.grid, Eigen::Vector3f::Zero())};
  const VectorImage& inner = b_from_c.offsetsMm;
  tbb::parallel_for(0, inner.grid.size.z(), [&](int k) {
    for (int j = 0; j < inner.grid.size.y(); ++j)
      for (int i = 0; i < inner.grid.size.x(); ++i) {
        const Eigen::Vector3f& first = inner.at(i, j, k);
        const Vec3 b = inner.grid.worldFromIndex(Vec3(i, j, k)) + first.cast<double>();
        a_from_c.offsetsMm.at(i, j, k) = first + a_from_b.offsetAt(b).cast<float>();
      }
  });
  return a_from_c;
}

DisplacementField inverse(const DisplacementField& field, const Grid& grid) {
  constexpr int kSteps = 30;
  DisplacementField out{VectorImage(grid, Eigen::Vector3f::Zero())};
  const double closeEnoughMm = 0.01 * field.offsetsMm.grid.spacing.minCoeff();
  fill(out.offsetsMm, [&](const Vec3& p) -> Eigen::Vector3f {
    Vec3 offset = -field.offsetAt(p);
    for (int step = 0; step < kSteps; ++step) {
      const Vec3 next = -field.offsetAt(p + offset);
      const double change = (next - offset).norm();
      offset = 0.5 * (offset + next);  // damped: converges also where the field stretches strongly
      if (change < closeEnoughMm) break;
    }
    return offset.cast<float>();
  });
  return out;
}

DisplacementField exponential(const VectorImage& velocity) {
  constexpr float kSmallStepVoxels = 0.3F;
  const float largest = largestStepInVoxels(velocity);
  const int squarings =
      largest > kSmallStepVoxels ? static_cast<int>(std::ceil(std::log2(largest / kSmallStepVoxels))) : 0;
  DisplacementField field{scaled(velocity, std::ldexp(1.0F, -squarings))};
  for (int n = 0; n < squarings; ++n) field = composed(field, field);
  return field;
}

VectorImage scaled(VectorImage field, float factor) {
  for (auto& v : field.voxels) v *= factor;
  return field;
}

VectorImage resampled(const VectorImage& field, const Grid& grid) {
  VectorImage out(grid, Eigen::Vector3f::Zero());
  fill(out, [&](const Vec3& p) { return sampleClamped(field, field.grid.indexFromWorld(p)); });
  return out;
}

ScalarImage jacobianDeterminant(const DisplacementField& field) {
  const Grid& grid = field.offsetsMm.grid;
  ScalarImage out(grid);
  const Eigen::Matrix3f toAxes = grid.direction.transpose().cast<float>();
  tbb::parallel_for(0, grid.size.z(), [&](int k) {
    for (int j = 0; j < grid.size.y(); ++j)
      for (int i = 0; i < grid.size.x(); ++i) {
        Eigen::Matrix3f alongAxes;
        for (int axis = 0; axis < 3; ++axis)
          alongAxes.col(axis) = differenceAlong(field.offsetsMm, {i, j, k}, axis);
        out.at(i, j, k) = (Eigen::Matrix3f::Identity() + alongAxes * toAxes).determinant();
      }
  });
  return out;
}

}  // namespace coxa
