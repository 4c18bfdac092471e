#include "cup_rendering.hpp"

#include "coxa/image/resample.hpp"

#include <Eigen/Dense>
#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

namespace coxa {

namespace {

using Vec5 = Eigen::Matrix<double, 5, 1>;
using Vec6 = Eigen::Matrix<double, 6, 1>;  // shift (mm), tilt (rad), logarithm of the metal's HU
using Mat6 = Eigen::Matrix<double, 6, 6>;

constexpr int kSectors = 16, kIterations = 15;
constexpr double kStartHu = 10000.0;
constexpr double kLeastScaleHu = 150.0, kLargestScaleHu = 900.0;
constexpr double kBeyondOpeningMm = 4.0;
constexpr double kDamping = 1e-3;
constexpr std::size_t kFewest = 500;

/// Distance from the shell in its frame, negative inside.
double distanceTo(const Shell& shell, const Vec3& p) {
  const double middle = 0.5 * (shell.insideMm + shell.outsideMm);
  const double half = 0.5 * (shell.outsideMm - shell.insideMm);
  const double above = p.z() - shell.openingMm;
  if (above <= 0.0) return std::max(std::abs(p.norm() - middle) - half, above);
  const double beside =
      std::max(std::abs(std::hypot(p.head<2>().norm(), shell.openingMm) - middle) - half, 0.0);
  return std::hypot(beside, above);
}

RigidTransform moved(const RigidTransform& pose, const Vec5& step) {
  RigidTransform result = pose;
  result.translation() += step.head<3>();
  const Vec3 turn = pose.linear() * Vec3(step[3], step[4], 0.0);
  if (turn.norm() > 0.0)
    result.linear() = Eigen::AngleAxisd(turn.norm(), turn.normalized()).toRotationMatrix() * pose.linear();
  return result;
}

class CupRenderer {
 public:
  CupRenderer(const Volume& ct, const Shell& shell, const RigidTransform& start,
              const CupRenderingOptions& options)
      : shell_(shell),
        clipHu_(options.clipHu),
        metalHu_(options.metalHu),
        pose_(start),
        spread_(voxelSpread(ct.grid)) {
    const Vec3 reach = Vec3::Constant(options.farthestMm), center = start.translation();
    const Vec3 index = ct.grid.indexFromWorld(center), wide = reach.cwiseQuotient(ct.grid.spacing);
    const Eigen::Vector3i last = ct.grid.size - Eigen::Vector3i::Ones();
    const Eigen::Vector3i from = (index - wide).array().floor().cast<int>().max(0);
    const Eigen::Vector3i to = (index + wide).array().ceil().cast<int>().min(last.array());
    const RigidTransform cup_from_world = start.inverse();
    for (int k = from.z(); k <= to.z(); ++k)
      for (int j = from.y(); j <= to.y(); ++j)
        for (int i = from.x(); i <= to.x(); ++i) {
          const Vec3 world = ct.grid.worldFromIndex(Vec3(i, j, k)), p = cup_from_world * world;
          if (p.norm() < options.nearestMm || p.norm() > options.farthestMm ||
              p.z() > shell.openingMm + kBeyondOpeningMm)
            continue;
          places_.push_back(world);
          seenHu_.push_back(std::min<double>(clipHu_, ct.at(i, j, k)));
        }
  }

  std::optional<RenderedCup> run() {
    if (places_.size() < kFewest) return std::nullopt;
    for (int n = 0; n < kIterations; ++n) {
      linearise();
      Vec6 step = solve(sum(information_), sum(gradient_));
      if (!step.allFinite()) return std::nullopt;
      step[5] = std::clamp(step[5], -0.3, 0.3);
      pose_ = moved(pose_, step.head<5>());
      logHu_ = std::clamp(logHu_ + step[5], std::log(metalHu_.least), std::log(metalHu_.most));
      if (step.head<3>().norm() < 1e-3 && step.segment<2>(3).norm() < 1e-4) break;
    }
    linearise();
    return result();
  }

 private:
  std::vector<double> rendered(const RigidTransform& pose, double logHu) const {
    const RigidTransform cup_from_world = pose.inverse();
    std::vector<Vec3> spread;
    for (const Vec3& each : spread_) spread.push_back(cup_from_world.linear() * each);
    const double metalHu = std::exp(logHu);
    std::vector<double> values;
    values.reserve(places_.size());
    for (const Vec3& world : places_) {
      const Vec3 p = cup_from_world * world;
      double share = 0.0;
      for (const Vec3& each : spread)
        share += shareAt(distanceTo(shell_, p + each)) / static_cast<double>(spread.size());
      values.push_back(renderedHu(share, metalHu, clipHu_));
    }
    return values;
  }

  /// Of the voxels that the scale's end does not hide in both.
  double scaleOf(const std::vector<double>& values) const {
    std::vector<double> sizes;
    for (std::size_t n = 0; n < values.size(); ++n)
      if (std::min(values[n], seenHu_[n]) < clipHu_ - 1.0) sizes.push_back(std::abs(values[n] - seenHu_[n]));
    if (sizes.empty()) return kLargestScaleHu;
    const auto middle = sizes.begin() + static_cast<std::ptrdiff_t>(sizes.size() / 2);
    std::nth_element(sizes.begin(), middle, sizes.end());
    return std::clamp(1.4826 * *middle, kLeastScaleHu, kLargestScaleHu);
  }

  std::size_t sectorOf(const Vec3& world) const {
    const Vec3 p = pose_.inverse() * world;
    const double turn = std::atan2(p.y(), p.x()) / (2.0 * kPi) + 0.5;
    return std::min<std::size_t>(static_cast<std::size_t>(turn * kSectors), kSectors - 1);
  }

  void linearise() {
    const std::vector<double> values = rendered(pose_, logHu_);
    const double scale = scaleOf(values);
    Vec6 small;
    small << 0.05, 0.05, 0.05, 0.005, 0.005, 0.03;
    // On both sides: a step to one side alone would pull every cup that way, left and right hips apart.
    std::array<std::vector<double>, 6> before, behind;
    for (int c = 0; c < 6; ++c) {
      const Vec6 step = small[c] * Vec6::Unit(c);
      const auto n = static_cast<std::size_t>(c);
      before[n] = rendered(moved(pose_, -step.head<5>()), logHu_ - step[5]);
      behind[n] = rendered(moved(pose_, step.head<5>()), logHu_ + step[5]);
    }
    information_.fill(Mat6::Zero());
    gradient_.fill(Vec6::Zero());
    double squares = 0.0;
    for (std::size_t n = 0; n < values.size(); ++n) {
      const double residual = values[n] - seenHu_[n], u = residual / (4.685 * scale);
      squares += std::pow(std::min(std::abs(residual), kWorstMisfitHu), 2);
      if (std::abs(u) >= 1.0) continue;
      const double weight = std::pow(1.0 - u * u, 2);
      Vec6 slope;
      for (std::size_t c = 0; c < 6; ++c)
        slope[static_cast<int>(c)] = 0.5 * (behind[c][n] - before[c][n]) / small[static_cast<int>(c)];
      const std::size_t sector = sectorOf(places_[n]);
      information_[sector] += weight * slope * slope.transpose();
      gradient_[sector] += weight * residual * slope;
    }
    misfitHu_ = std::sqrt(squares / static_cast<double>(values.size()));
  }

  template <class T>
  static T sum(const std::array<T, kSectors>& parts) {
    T all = parts[0];
    for (std::size_t n = 1; n < parts.size(); ++n) all += parts[n];
    return all;
  }
  static Vec6 solve(Mat6 information, const Vec6& gradient) {
    information.diagonal() *= 1.0 + kDamping;
    information.diagonal().array() += 1e-9;  // a sphere says nothing of its tilt
    return -information.ldlt().solve(gradient);
  }

  RenderedCup result() const {
    const Mat6 information = sum(information_);
    const Vec6 gradient = sum(gradient_);
    Mat6 covariance = Mat6::Zero();
    for (std::size_t n = 0; n < kSectors; ++n) {
      const Vec6 without = solve(information - information_[n], gradient - gradient_[n]);
      covariance += (kSectors - 1.0) / kSectors * without * without.transpose();
    }
    RenderedCup cup;
    cup.world_from_cup = pose_;
    cup.centerCovariance = covariance.topLeftCorner<3, 3>();
    const Eigen::Matrix<double, 3, 2> tilts = pose_.linear().leftCols<2>();
    cup.turnCovariance = tilts * covariance.block<2, 2>(3, 3) * tilts.transpose();
    cup.metalHu = std::exp(logHu_);
    cup.misfitHu = misfitHu_;
    return cup;
  }

  Shell shell_;
  double clipHu_;
  HuRange metalHu_;
  RigidTransform pose_;
  double logHu_ = std::log(kStartHu);
  std::vector<Vec3> spread_, places_;
  std::vector<double> seenHu_;
  std::array<Mat6, kSectors> information_;
  std::array<Vec6, kSectors> gradient_;
  double misfitHu_ = 0.0;
};

}  // namespace

std::optional<RenderedCup> renderCup(const Volume& ct, const Shell& shell, const RigidTransform& start,
                                     const CupRenderingOptions& options) {
  return CupRenderer(ct, shell, start, options).run();
}

}  // namespace coxa
