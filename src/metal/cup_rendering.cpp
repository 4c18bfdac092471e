#include "cup_rendering.hpp"

#include <Eigen/Dense>
#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

namespace coxa {

namespace {

// What is fitted: shift (mm), tilt (rad), then the light.
constexpr int kPose = 5, kLogHu = 5, kMostHarmonics = 8, kMostUnknowns = kLogHu + 2 * (1 + kMostHarmonics);

using Vec5 = Eigen::Matrix<double, kPose, 1>;
using Harmonics = Eigen::Matrix<double, Eigen::Dynamic, 1, 0, kMostHarmonics, 1>;
using Unknowns = Eigen::Matrix<double, Eigen::Dynamic, 1, 0, kMostUnknowns, 1>;
using Information = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, 0, kMostUnknowns, kMostUnknowns>;

constexpr int kSectors = 16, kIterations = 15;
constexpr double kStartHu = 10000.0;
constexpr double kLeastScaleHu = 150.0, kLargestScaleHu = 900.0;
constexpr double kBeyondOpeningMm = 4.0;
constexpr double kDamping = 1e-3;
constexpr std::size_t kFewest = 500;
// How much the harmonics may differ from none: standard deviations, and how many voxels err together.
constexpr double kShadeSd = 0.3, kBesideSdHu = 300.0, kVoxelsTogether = 10.0;

/// From a shell's surface, negative inside, and which way it grows.
struct Distance {
  double mm = 0.0;
  Vec3 slope = Vec3::UnitZ();
};

/// Of a place in the shell's frame.
Distance distanceTo(const Shell& shell, const Vec3& p) {
  const double middle = 0.5 * (shell.insideMm + shell.outsideMm);
  const double half = 0.5 * (shell.outsideMm - shell.insideMm);
  const double above = p.z() - shell.openingMm;
  if (above <= 0.0) {
    const double r = p.norm(), beside = std::abs(r - middle) - half;
    if (beside < above || r == 0.0) return {above};
    return {beside, p * ((r > middle ? 1.0 : -1.0) / r)};
  }
  const double r = std::hypot(p.head<2>().norm(), shell.openingMm), beside = std::abs(r - middle) - half;
  if (beside <= 0.0 || r == 0.0) return {above};
  const double mm = std::hypot(beside, above);
  const double sign = r > middle ? beside / r : -beside / r;
  return {mm, Vec3(sign * p.x(), sign * p.y(), above) / mm};
}

RigidTransform moved(const RigidTransform& pose, const Vec5& step) {
  RigidTransform result = pose;
  result.translation() += step.head<3>();
  const Vec3 turn = pose.linear() * Vec3(step[3], step[4], 0.0);
  if (turn.norm() > 0.0)
    result.linear() = Eigen::AngleAxisd(turn.norm(), turn.normalized()).toRotationMatrix() * pose.linear();
  return result;
}

/// Real spherical harmonics of a unit vector, without the constant, to that degree (0, 1 or 2).
Harmonics harmonicsOf(const Vec3& n, int degree) {
  Harmonics all(kMostHarmonics);
  all << n, n.x() * n.y(), n.x() * n.z(), n.y() * n.z(), n.x() * n.x() - n.y() * n.y(),
      3.0 * n.z() * n.z() - 1.0;
  return all.head(degree * (degree + 2));
}

class CupRenderer {
 public:
  CupRenderer(const Volume& ct, const Shell& shell, const RigidTransform& start,
              const CupRenderingOptions& options)
      : shell_(shell),
        clipHu_(options.clipHu),
        metalHu_(options.metalHu),
        harmonicCount_(options.shadeDegree * (options.shadeDegree + 2)),
        pose_(start),
        spread_(voxelSpread(ct.grid)) {
    collect(ct, start, options);
    const int beside = harmonicCount_ > 0 ? 1 + harmonicCount_ : 0;
    light_ = Unknowns::Zero(1 + harmonicCount_ + beside);
    light_[0] = std::log(kStartHu);
  }

  std::optional<RenderedCup> run() {
    if (places_.size() < kFewest) return std::nullopt;
    for (int n = 0; n < kIterations; ++n) {
      linearise();
      Unknowns step = solve(sum(information_), sum(gradient_));
      if (!step.allFinite()) return std::nullopt;
      step[kLogHu] = std::clamp(step[kLogHu], -0.3, 0.3);
      pose_ = moved(pose_, step.head<kPose>());
      light_ += step.tail(light_.size());
      light_[0] = std::clamp(light_[0], std::log(metalHu_.least), std::log(metalHu_.most));
      if (step.head<3>().norm() < 1e-3 && step.segment<2>(3).norm() < 1e-4) break;
    }
    linearise();
    return result();
  }

 private:
  void collect(const Volume& ct, const RigidTransform& start, const CupRenderingOptions& options) {
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
              p.z() > shell_.openingMm + kBeyondOpeningMm)
            continue;
          places_.push_back(world);
          seenHu_.push_back(std::min<double>(clipHu_, ct.at(i, j, k)));
          harmonics_.push_back(harmonicsOf((world - center).normalized(), options.shadeDegree));
        }
  }

  /// The shell's share of a voxel, and how it changes with shift and tilt.
  struct Share {
    double value = 0.0;
    Vec5 slope = Vec5::Zero();
  };
  Share shareOf(const Vec3& world, const RigidTransform& cup_from_world,
                const std::vector<Vec3>& spread) const {
    Share share;
    const Vec3 center = cup_from_world * world;
    Vec3 shift = Vec3::Zero();
    for (const Vec3& each : spread) {
      const Vec3 p = center + each;
      const Distance distance = distanceTo(shell_, p);
      const double part = shareAt(distance.mm);
      share.value += part;
      if (part <= 0.0 || part >= 1.0) continue;
      // The shell moves, so that the place moves against it: by -shift and -turn × p.
      shift += distance.slope;
      share.slope[3] += p.z() * distance.slope.y() - p.y() * distance.slope.z();
      share.slope[4] += p.x() * distance.slope.z() - p.z() * distance.slope.x();
    }
    share.slope.head<3>() = -(cup_from_world.linear().transpose() * shift);
    const double count = static_cast<double>(spread.size());
    share.value /= count;
    share.slope *= -1.0 / (kSoftEdgeMm * count);
    return share;
  }

  std::vector<Share> shares() const {
    const RigidTransform cup_from_world = pose_.inverse();
    std::vector<Vec3> spread;
    spread.reserve(spread_.size());
    for (const Vec3& each : spread_) spread.push_back(cup_from_world.linear() * each);
    std::vector<Share> all;
    all.reserve(places_.size());
    for (const Vec3& world : places_) all.push_back(shareOf(world, cup_from_world, spread));
    return all;
  }

  struct Light {
    double metalHu = 0.0, besideHu = 0.0;
  };
  Light lightAt(std::size_t n) const {
    if (harmonicCount_ == 0) return {std::exp(light_[0]), kBesideMetalHu};
    const Harmonics& harmonics = harmonics_[n];
    return {
        std::exp(light_[0] + harmonics.dot(light_.segment(1, harmonicCount_))),
        kBesideMetalHu + 100.0 * (light_[1 + harmonicCount_] + harmonics.dot(light_.tail(harmonicCount_)))};
  }
  double valueOf(double share, const Light& light) const {
    return renderedHu(share, light.metalHu, light.besideHu, clipHu_);
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

  /// How a voxel's value changes with everything that is fitted; not at all where the scale ends.
  Unknowns slopeOf(std::size_t n, const Share& share, const Light& light) const {
    Unknowns slope(kPose + light_.size());
    const double metal = share.value * light.metalHu, beside = 100.0 * (1.0 - share.value);
    if (harmonicCount_ == 0)
      slope << (light.metalHu - light.besideHu) * share.slope, metal;
    else
      slope << (light.metalHu - light.besideHu) * share.slope, metal, metal * harmonics_[n], beside,
          beside * harmonics_[n];
    return slope;
  }

  void linearise() {
    const std::vector<Share> share = shares();
    std::vector<Light> light(places_.size());
    std::vector<double> values(places_.size());
    for (std::size_t n = 0; n < places_.size(); ++n) {
      light[n] = lightAt(n);
      values[n] = valueOf(share[n].value, light[n]);
    }
    scaleHu_ = scaleOf(values);
    const Eigen::Index size = kPose + light_.size();
    information_.fill(Information::Zero(size, size));
    gradient_.fill(Unknowns::Zero(size));
    double squares = 0.0;
    for (std::size_t n = 0; n < values.size(); ++n) {
      const double residual = values[n] - seenHu_[n], u = residual / (4.685 * scaleHu_);
      squares += std::pow(std::min(std::abs(residual), kWorstMisfitHu), 2);
      if (std::abs(u) >= 1.0 || values[n] >= clipHu_) continue;
      const double weight = std::pow(1.0 - u * u, 2);
      const Unknowns slope = slopeOf(n, share[n], light[n]);
      const std::size_t sector = sectorOf(places_[n]);
      information_[sector].noalias() += weight * slope * slope.transpose();
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

  /// The step to the least, the shades held near none.
  Unknowns solve(Information information, Unknowns gradient) const {
    information.diagonal() *= 1.0 + kDamping;
    information.diagonal().array() += 1e-9;  // a sphere says nothing of its tilt
    for (Eigen::Index n = 1; n < light_.size(); ++n) {
      const double sd = n <= harmonicCount_ ? kShadeSd : kBesideSdHu / 100.0;
      const double weight = kVoxelsTogether * std::pow(scaleHu_ / sd, 2);
      information(kPose + n, kPose + n) += weight;
      gradient[kPose + n] += weight * light_[n];
    }
    return -information.ldlt().solve(gradient);
  }

  RenderedCup result() const {
    const Information information = sum(information_);
    const Unknowns gradient = sum(gradient_);
    Eigen::Matrix<double, kPose, kPose> covariance = Eigen::Matrix<double, kPose, kPose>::Zero();
    for (std::size_t n = 0; n < kSectors; ++n) {
      const Vec5 without = solve(information - information_[n], gradient - gradient_[n]).head<kPose>();
      covariance += (kSectors - 1.0) / kSectors * without * without.transpose();
    }
    RenderedCup cup;
    cup.world_from_cup = pose_;
    cup.centerCovariance = covariance.topLeftCorner<3, 3>();
    const Eigen::Matrix<double, 3, 2> tilts = pose_.linear().leftCols<2>();
    cup.turnCovariance = tilts * covariance.block<2, 2>(3, 3) * tilts.transpose();
    cup.metalHu = std::exp(light_[0]);
    cup.misfitHu = misfitHu_;
    return cup;
  }

  Shell shell_;
  double clipHu_;
  HuRange metalHu_;
  Eigen::Index harmonicCount_;
  RigidTransform pose_;
  /// Logarithm of the metal's HU, its harmonics; with harmonics also what lies beside it in hundreds of HU
  /// more than usual, and its harmonics.
  Unknowns light_;
  std::vector<Vec3> spread_, places_;
  std::vector<double> seenHu_;
  std::vector<Harmonics> harmonics_;
  std::array<Information, kSectors> information_;
  std::array<Unknowns, kSectors> gradient_;
  double misfitHu_ = 0.0, scaleHu_ = kLargestScaleHu;
};

}  // namespace

std::optional<RenderedCup> renderCup(const Volume& ct, const Shell& shell, const RigidTransform& start,
                                     const CupRenderingOptions& options) {
  return CupRenderer(ct, shell, start, options).run();
}

}  // namespace coxa
