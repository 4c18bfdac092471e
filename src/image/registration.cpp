#include "coxa/image/registration.hpp"

#include "coxa/image/sampling.hpp"

#include <tbb/parallel_for.h>

#include <Eigen/Cholesky>
#include <Eigen/QR>
#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

namespace coxa {

namespace {

using Vec3f = Eigen::Vector3f;

// What one value occupies in a label map.
struct Extent {
  IndexBox box;
  Vec3 centroid = Vec3::Zero();
  double count = 0.0;
  bool leavesImage = false;
};

std::array<Extent, 256> extentsOf(const LabelMap& labels) {
  std::array<Extent, 256> extents;
  const Grid& grid = labels.grid;
  for (auto& extent : extents) extent.box.min = grid.size;
  for (int k = 0; k < grid.size.z(); ++k)
    for (int j = 0; j < grid.size.y(); ++j)
      for (int i = 0; i < grid.size.x(); ++i) {
        const auto value = labels.at(i, j, k);
        if (value == 0) continue;
        Extent& extent = extents[value];
        const Eigen::Vector3i index(i, j, k);
        extent.box.min = extent.box.min.cwiseMin(index);
        extent.box.max = extent.box.max.cwiseMax(index);
        extent.centroid += index.cast<double>();
        ++extent.count;
      }
  const Eigen::Vector3i last = grid.size - Eigen::Vector3i::Ones();
  for (auto& extent : extents) {
    if (extent.count == 0) continue;
    extent.centroid = grid.worldFromIndex(extent.centroid / extent.count);
    extent.leavesImage =
        (extent.box.min.array() == 0).any() || (extent.box.max.array() == last.array()).any();
  }
  return extents;
}

// Least squares over the centres, reweighted so that a structure cut differently in both scans pulls little.
Eigen::Affine3d affineBetween(const std::vector<Vec3>& fixed, const std::vector<Vec3>& moving) {
  constexpr double kScaleMm = 15.0;
  const auto count = static_cast<Eigen::Index>(fixed.size());
  Eigen::VectorXd weights = Eigen::VectorXd::Ones(count);
  Eigen::Affine3d affine = Eigen::Affine3d::Identity();
  for (int pass = 0; pass < 10; ++pass) {
    Eigen::MatrixX4d from(count, 4);
    Eigen::MatrixX3d to(count, 3);
    for (Eigen::Index n = 0; n < count; ++n) {
      from.row(n) << weights[n] * fixed[static_cast<std::size_t>(n)].transpose(), weights[n];
      to.row(n) = weights[n] * moving[static_cast<std::size_t>(n)].transpose();
    }
    affine.affine() = from.colPivHouseholderQr().solve(to).transpose();
    for (Eigen::Index n = 0; n < count; ++n) {
      const auto at = static_cast<std::size_t>(n);
      const double distance = (affine * fixed[at] - moving[at]).norm();
      weights[n] = 1.0 / std::sqrt(1.0 + distance * distance / (kScaleMm * kScaleMm));
    }
  }
  return affine;
}

// Cuts a grid to the voxels that hold labels, in the plane of the slices only: where the scan ends along k
// the structures go on.
Grid labelledGrid(const LabelMap& labels, const std::array<Extent, 256>& extents, double marginMm) {
  IndexBox box{labels.grid.size, -Eigen::Vector3i::Ones()};
  for (const auto& extent : extents) {
    if (extent.count == 0) continue;
    box.min = box.min.cwiseMin(extent.box.min);
    box.max = box.max.cwiseMax(extent.box.max);
  }
  return cropped(labels.grid, grown(box, labels.grid, marginMm));
}

// One structure's signed distance on a box of voxels of its image's working grid.
struct Channel {
  std::uint8_t value = 0;
  Eigen::Vector3i corner = Eigen::Vector3i::Zero();  // of the box, in the working grid
  ScalarImage distance;
};

std::vector<Channel> channelsOf(const LabelMap& labels, const std::vector<std::uint8_t>& values,
                                double reachMm, double limitMm) {
  std::vector<Channel> channels(values.size());
  const auto extents = extentsOf(labels);
  tbb::parallel_for(std::size_t{0}, values.size(), [&](std::size_t n) {
    const Extent& extent = extents[values[n]];
    if (extent.count == 0) return;
    const IndexBox box = grown(extent.box, labels.grid, reachMm);
    const Vec3 antialiasMm = 0.6 * labels.grid.spacing;
    channels[n] = {values[n], box.min,
                   smoothed(signedDistanceMm(labels, values[n], box, limitMm), antialiasMm)};
  });
  return channels;
}

// The demons force: per voxel a Gauss-Newton system over all channels.
struct Force {
  Eigen::Matrix3f normal = Eigen::Matrix3f::Zero();
  Vec3f pull = Vec3f::Zero();
  float misfit = 0.0F;
};

class Level {
 public:
  Level(const LabelMap& fixed, const LabelMap& moving, const std::vector<std::uint8_t>& values,
        const Eigen::Affine3d& affine, const LabelRegistrationOptions::Level& options)
      : options_(options), affine_(affine), grid_(fixed.grid), movingGrid_(moving.grid) {
    // The fixed boxes reach further: there the moving structure may still lie.
    fixed_ = channelsOf(fixed, values, 2.0 * options.rangeMm, options.rangeMm);
    moving_ = channelsOf(moving, values, options.rangeMm, options.rangeMm);
  }

  // One step of demons: the velocity moves so that the warped moving structures fall on the fixed ones.
  void improve(VectorImage& velocity) const {
    const std::vector<Vec3f> inMoving = movingIndices(exponential(velocity));
    std::vector<Force> forces(grid_.voxelCount());
    for (std::size_t n = 0; n < fixed_.size(); ++n) addForces(n, inMoving, forces);
    VectorImage step(grid_, Vec3f::Zero());
    tbb::parallel_for(std::size_t{0}, step.voxels.size(),
                      [&](std::size_t n) { step.voxels[n] = stepOf(forces[n]); });
    step = smoothed(step, Vec3::Constant(options_.updateSigmaMm));
    for (std::size_t n = 0; n < step.voxels.size(); ++n) velocity.voxels[n] += step.voxels[n];
    velocity = smoothed(velocity, Vec3::Constant(options_.velocitySigmaMm));
  }

 private:
  std::vector<Vec3f> movingIndices(const DisplacementField& deformation) const {
    std::vector<Vec3f> indices(grid_.voxelCount());
    tbb::parallel_for(0, grid_.size.z(), [&](int k) {
      for (int j = 0; j < grid_.size.y(); ++j)
        for (int i = 0; i < grid_.size.x(); ++i) {
          const std::size_t n = grid_.offset(i, j, k);
          const Vec3 p = grid_.worldFromIndex(Vec3(i, j, k)) + deformation.offsetsMm.voxels[n].cast<double>();
          indices[n] = movingGrid_.indexFromWorld(affine_ * p).cast<float>();
        }
    });
    return indices;
  }

  // The channel's moving distances pulled onto the fixed channel's box; NaN where the moving scan has no
  // data.
  ScalarImage pulled(std::size_t channel, const std::vector<Vec3f>& inMoving) const {
    const Channel& fixed = fixed_[channel];
    const Channel& moving = moving_[channel];
    ScalarImage out(fixed.distance.grid);
    const auto far = static_cast<float>(options_.rangeMm);
    const Vec3f corner = moving.corner.cast<float>();
    const Eigen::Vector3i size = out.grid.size;
    tbb::parallel_for(0, size.z(), [&](int k) {
      for (int j = 0; j < size.y(); ++j)
        for (int i = 0; i < size.x(); ++i) {
          const std::size_t n =
              grid_.offset(i + fixed.corner.x(), j + fixed.corner.y(), k + fixed.corner.z());
          const Vec3 whole = inMoving[n].cast<double>();
          if (!insideImage(movingGrid_, whole)) {
            out.at(i, j, k) = std::numeric_limits<float>::quiet_NaN();
            continue;
          }
          const Vec3 index = (inMoving[n] - corner).cast<double>();
          out.at(i, j, k) =
              insideImage(moving.distance.grid, index) ? sampleClamped(moving.distance, index) : far;
        }
    });
    return out;
  }

  void addForces(std::size_t channel, const std::vector<Vec3f>& inMoving, std::vector<Force>& forces) const {
    const Channel& fixed = fixed_[channel];
    const ScalarImage moving = pulled(channel, inMoving);
    const Eigen::Vector3i size = moving.grid.size;
    const Eigen::Matrix3f worldFromAxes = grid_.direction.cast<float>();
    tbb::parallel_for(1, size.z() - 1, [&](int k) {
      for (int j = 1; j < size.y() - 1; ++j)
        for (int i = 1; i < size.x() - 1; ++i) {
          const float misfit = fixed.distance.at(i, j, k) - moving.at(i, j, k);
          if (!(std::abs(misfit) > 1e-3F)) continue;  // also where there is no data
          const Vec3f slope =
              worldFromAxes * (0.5F * (slopeAt(moving, i, j, k) + slopeAt(fixed.distance, i, j, k)));
          if (!slope.allFinite()) continue;
          Force& force =
              forces[grid_.offset(i + fixed.corner.x(), j + fixed.corner.y(), k + fixed.corner.z())];
          force.normal += slope * slope.transpose();
          force.pull += misfit * slope;
          force.misfit += misfit * misfit;
        }
    });
  }

  static Vec3f slopeAt(const ScalarImage& image, int i, int j, int k) {
    const Vec3f spacing = image.grid.spacing.cast<float>();
    return Vec3f(image.at(i + 1, j, k) - image.at(i - 1, j, k), image.at(i, j + 1, k) - image.at(i, j - 1, k),
                 image.at(i, j, k + 1) - image.at(i, j, k - 1))
        .cwiseQuotient(2.0F * spacing);
  }

  // The damping bounds the step to about half the grid's spacing, as in Thirion's demons.
  Vec3f stepOf(const Force& force) const {
    if (force.misfit <= 0.0F) return Vec3f::Zero();
    const auto spacing = static_cast<float>(grid_.spacing.minCoeff());
    const float damping = force.misfit / (spacing * spacing) + 0.05F;
    const Eigen::Matrix3f damped = force.normal + damping * Eigen::Matrix3f::Identity();
    return damped.llt().solve(force.pull);
  }

  LabelRegistrationOptions::Level options_;
  Eigen::Affine3d affine_;
  Grid grid_;
  Grid movingGrid_;
  std::vector<Channel> fixed_;
  std::vector<Channel> moving_;
};

DisplacementField withAffine(const Eigen::Affine3d& affine, DisplacementField deformation) {
  const Grid& grid = deformation.offsetsMm.grid;
  tbb::parallel_for(0, grid.size.z(), [&](int k) {
    for (int j = 0; j < grid.size.y(); ++j)
      for (int i = 0; i < grid.size.x(); ++i) {
        const Vec3 p = grid.worldFromIndex(Vec3(i, j, k));
        Vec3f& offset = deformation.offsetsMm.at(i, j, k);
        offset = (affine * (p + offset.cast<double>()) - p).cast<float>();
      }
  });
  return deformation;
}

// exponential(-velocity) · affine⁻¹ on a grid over the moving image.
DisplacementField inverseOf(const LabelRegistration& registration, const Grid& grid) {
  const DisplacementField back = exponential(scaled(registration.velocity, -1.0F));
  DisplacementField unmoved{VectorImage(grid, Vec3f::Zero())};
  return composed(back, withAffine(registration.affine_from_fixed.inverse(), unmoved));
}

std::map<std::uint8_t, double> diceAfter(const LabelMap& fixed, const LabelMap& moving,
                                         const LabelRegistration& registration) {
  LabelMap coverage(moving.grid, 1);
  const LabelMap covered = warped(coverage, registration.moving_from_fixed, fixed.grid);
  const LabelMap pulled = warped(moving, registration.moving_from_fixed, fixed.grid);
  LabelMap both = fixed;
  for (std::size_t n = 0; n < both.voxels.size(); ++n)
    if (covered.voxels[n] == 0) both.voxels[n] = 0;
  return diceOf(both, pulled);
}

}  // namespace

std::map<std::uint8_t, double> diceOf(const LabelMap& a, const LabelMap& b) {
  std::array<double, 256> inA{}, inB{}, inBoth{};
  for (std::size_t n = 0; n < a.voxels.size(); ++n) {
    ++inA[a.voxels[n]];
    ++inB[b.voxels[n]];
    if (a.voxels[n] == b.voxels[n]) ++inBoth[a.voxels[n]];
  }
  std::map<std::uint8_t, double> dice;
  for (std::size_t value = 1; value < 256; ++value)
    if (inA[value] + inB[value] > 0)
      dice[static_cast<std::uint8_t>(value)] = 2.0 * inBoth[value] / (inA[value] + inB[value]);
  return dice;
}

Result<LabelRegistration> registerLabels(const LabelMap& fixed, const LabelMap& moving,
                                         const LabelRegistrationOptions& options, const Job& job) {
  constexpr double kMarginMm = 40.0;
  const auto fixedExtents = extentsOf(fixed), movingExtents = extentsOf(moving);
  std::vector<std::uint8_t> values;
  std::vector<Vec3> fixedCentres, movingCentres;
  for (std::size_t value = 1; value < 256; ++value) {
    const Extent& f = fixedExtents[value];
    const Extent& m = movingExtents[value];
    if (f.count == 0 || m.count == 0) continue;
    values.push_back(static_cast<std::uint8_t>(value));
    if (f.leavesImage || m.leavesImage) continue;
    fixedCentres.push_back(f.centroid);
    movingCentres.push_back(m.centroid);
  }
  if (fixedCentres.size() < 4)
    return badInput(
        "The label maps have fewer than four whole structures in common: they cannot be registered.");

  LabelRegistration result;
  result.affine_from_fixed = affineBetween(fixedCentres, movingCentres);
  const Grid fixedRegion = labelledGrid(fixed, fixedExtents, kMarginMm);
  const Grid movingRegion = labelledGrid(moving, movingExtents, kMarginMm);
  double done = 0.0, total = 0.0;
  for (const auto& level : options.levels) total += level.iterations / std::pow(level.spacingMm, 3);
  for (const auto& level : options.levels) {
    const Vec3 spacing = Vec3::Constant(level.spacingMm);
    const LabelMap coarseFixed = resampleNearest(fixed, axisAligned(fixedRegion, spacing));
    const LabelMap coarseMoving = resampleNearest(moving, axisAligned(movingRegion, spacing));
    result.velocity = result.velocity.empty() ? VectorImage(coarseFixed.grid, Vec3f::Zero())
                                              : resampled(result.velocity, coarseFixed.grid);
    const Level work(coarseFixed, coarseMoving, values, result.affine_from_fixed, level);
    for (int n = 0; n < level.iterations; ++n) {
      if (job.cancelled()) return cancelled();
      work.improve(result.velocity);
      done += 1.0 / std::pow(level.spacingMm, 3);
      job.report(0.95 * done / total, "registering");
    }
  }
  result.moving_from_fixed = withAffine(result.affine_from_fixed, exponential(result.velocity));
  result.fixed_from_moving =
      inverseOf(result, axisAligned(movingRegion, Vec3::Constant(options.levels.back().spacingMm)));
  result.dice = diceAfter(fixed, moving, result);
  job.report(1.0, "registered");
  return result;
}

}  // namespace coxa
