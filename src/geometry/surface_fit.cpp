#include "coxa/geometry/surface_fit.hpp"

#include <Eigen/Dense>
#include <algorithm>
#include <cmath>
#include <map>

namespace coxa {

namespace {

using Vec8 = Eigen::Matrix<double, 8, 1>;  // shift, turn, threshold shift in slice and across
using Mat8 = Eigen::Matrix<double, 8, 8>;

constexpr double kWorstMm = 1.0;         // a point counts at most this much when candidates are compared
constexpr double kLeastAgreement = 0.5;  // cosine between a point's normal and the surface's
constexpr double kDamping = 1e-4;        // share of the points' information: holds what they do not tell
constexpr double kConvergedMm = 1e-4;
constexpr std::size_t kFewest = 10;

Mat3 cross(const Vec3& v) {
  Mat3 m;
  m << 0, -v.z(), v.y(), v.z(), 0, -v.x(), -v.y(), v.x(), 0;
  return m;
}

struct Pair {
  double residualMm = 0.0;  ///< signed distance less the threshold's shift
  Vec8 slope = Vec8::Zero();
  bool pulls = false;
};

class Fitter {
 public:
  Fitter(const SurfacePoints& seen, const MeshTree& surface, const SurfaceFitOptions& options)
      : seen_(seen), surface_(surface), options_(options) {
    for (const Vec3& p : seen.points) pivot_ += p;
    pivot_ /= static_cast<double>(seen.points.size());
    double squares = 0.0;
    std::map<std::array<long, 3>, int> numbers;
    for (const Vec3& p : seen.points) {
      squares += (p - pivot_).squaredNorm();
      const Vec3 q = p / options.sameErrorMm;
      const std::array<long, 3> cell = {std::lround(q.x()), std::lround(q.y()), std::lround(q.z())};
      cellOf_.push_back(numbers.try_emplace(cell, static_cast<int>(numbers.size())).first->second);
    }
    cells_ = numbers.size();
    radius_ = std::max(1.0, std::sqrt(squares / static_cast<double>(seen.points.size())));
    if (options.shift) shift_ = Eigen::Vector2d::Constant(options.shift->expectedMm);
  }

  std::optional<SurfaceFit> run(const RigidTransform& start) {
    pose_ = start;
    for (int i = 0; i < options_.iterations; ++i) {
      if (!pair()) return std::nullopt;
      const Vec8 step = normalEquations().ldlt().solve(-gradient_);
      if (!step.allFinite()) return std::nullopt;
      move(step);
      if (step.head<3>().norm() + radius_ * step.segment<3>(3).norm() + step.tail<2>().norm() < kConvergedMm)
        break;
    }
    if (!pair()) return std::nullopt;
    return result();
  }

 private:
  double weight(const Pair& pair) const {
    const double u = pair.residualMm / (4.685 * scale_);
    return pair.pulls && std::abs(u) < 1.0 ? std::pow(1.0 - u * u, 2) : 0.0;
  }

  Pair pairOf(std::size_t i, const RigidTransform& surface_from_points) const {
    const Vec3& p = seen_.points[i];
    const Vec3 q = surface_from_points * p;
    const auto closest = surface_.closest(q, options_.reachMm);
    Pair pair;
    if (!std::isfinite(closest.distanceMm)) return pair;
    const Vec3& facet = closest.normal;
    const Vec3 away = q - closest.point;
    const double sign = away.dot(facet) < 0.0 ? -1.0 : 1.0;
    const Vec3 normal =
        pose_.linear() * (closest.distanceMm > 1e-3 ? Vec3(sign * away / closest.distanceMm) : facet);
    pair.pulls = seen_.normals.empty() || seen_.normals[i].dot(normal) > kLeastAgreement;
    pair.residualMm = sign * closest.distanceMm;
    pair.slope << -normal, -(p - pivot_).cross(normal), 0.0, 0.0;
    if (options_.shift) {
      const double across = std::pow(normal.dot(options_.shift->sliceNormal), 2);
      pair.slope.tail<2>() << across - 1.0, -across;
      pair.residualMm += pair.slope.tail<2>().dot(shift_);
    }
    return pair;
  }

  bool pair() {
    const RigidTransform surface_from_points = pose_.inverse();
    pairs_.clear();
    std::vector<double> sizes;
    for (std::size_t i = 0; i < seen_.points.size(); ++i) {
      pairs_.push_back(pairOf(i, surface_from_points));
      if (pairs_.back().pulls) sizes.push_back(std::abs(pairs_.back().residualMm));
    }
    if (sizes.size() < kFewest) return false;
    const auto middle = sizes.begin() + static_cast<std::ptrdiff_t>(sizes.size() / 2);
    std::nth_element(sizes.begin(), middle, sizes.end());
    scale_ = std::max(options_.noiseMm, 1.4826 * *middle);
    return true;
  }

  // Information of one that errs on its own, in the units of points of which many err together.
  double priorWeight(double sdMm) const {
    return std::pow(scale_ / sdMm, 2) * static_cast<double>(seen_.points.size()) /
           static_cast<double>(cells_);
  }

  void add(Mat8& normal, const Vec8& slope, double residual, double weight) {
    normal += weight * slope * slope.transpose();
    gradient_ += weight * residual * slope;
  }
  /// A residual that is known to err with `sdMm`.
  void addPrior(Mat8& normal, const Vec8& slope, double residual, double sdMm) {
    const double weight = priorWeight(sdMm);
    add(normal, slope, residual, weight);
    scatter_ += std::pow(weight * sdMm, 2) * slope * slope.transpose();
  }

  Mat8 normalEquations() {
    Mat8 normal = Mat8::Zero();
    gradient_.setZero();
    scatter_.setZero();
    std::vector<Vec8> ofCell(cells_, Vec8::Zero());
    for (std::size_t i = 0; i < pairs_.size(); ++i) {
      const double w = weight(pairs_[i]);
      if (w <= 0.0) continue;
      add(normal, pairs_[i].slope, pairs_[i].residualMm, w);
      ofCell[static_cast<std::size_t>(cellOf_[i])] += w * pairs_[i].residualMm * pairs_[i].slope;
    }
    for (const Vec8& each : ofCell) scatter_ += each * each.transpose();
    if (options_.shift)
      for (int n = 0; n < 2; ++n)
        addPrior(normal, Vec8::Unit(6 + n), shift_[n] - options_.shift->expectedMm, options_.shift->sdMm);
    if (options_.pin) addPin(normal, *options_.pin);
    const double points = kDamping * static_cast<double>(pairs_.size());
    Vec8 damping;
    damping << Vec3::Constant(points), Vec3::Constant(points * radius_ * radius_), 1e-9, 1e-9;
    normal += damping.asDiagonal();
    if (!options_.shift) normal.bottomRightCorner<2, 2>().setIdentity();
    return normal;
  }

  void addPin(Mat8& normal, const LinePin& pin) {
    const Vec3 along = pose_.linear() * pin.line.direction;
    const Vec3 gap = pin.point - pose_ * pin.line.point;
    const Mat3 perpendicular = Mat3::Identity() - along * along.transpose();
    const Vec3 residual = perpendicular * gap;
    Eigen::Matrix<double, 3, 8> slopes = Eigen::Matrix<double, 3, 8>::Zero();
    slopes.leftCols<3>() = -perpendicular;
    slopes.middleCols<3>(3) = perpendicular * cross(pin.point - pivot_);
    for (int row = 0; row < 3; ++row) addPrior(normal, slopes.row(row).transpose(), residual[row], pin.sdMm);
  }

  void move(const Vec8& step) {
    const double angle = step.segment<3>(3).norm();
    RigidTransform turn = RigidTransform::Identity();
    if (angle > 0.0) turn.linear() = Eigen::AngleAxisd(angle, step.segment<3>(3) / angle).toRotationMatrix();
    turn.translation() = pivot_ - turn.linear() * pivot_ + step.head<3>();
    pose_ = turn * pose_;
    pose_.linear() = Eigen::Quaterniond(pose_.linear()).normalized().toRotationMatrix();
    shift_ += step.tail<2>();
  }

  // The sandwich wants the influence function's slope, which is less than the weight: their ratio.
  double slopeOfInfluence() const {
    double slopes = 0.0, weights = 0.0;
    for (const Pair& each : pairs_) {
      const double u = std::pow(each.residualMm / (4.685 * scale_), 2);
      if (!each.pulls || u >= 1.0) continue;
      slopes += (1.0 - u) * (1.0 - 5.0 * u);
      weights += (1.0 - u) * (1.0 - u);
    }
    return weights > 0.0 ? std::max(0.3, slopes / weights) : 1.0;
  }

  SurfaceFit result() {
    const Mat8 inverse = normalEquations().inverse();
    const Mat8 covariance = std::pow(slopeOfInfluence(), -2) * inverse * scatter_ * inverse;
    SurfaceFit fit;
    fit.points_from_surface = pose_;
    fit.shiftInSliceMm = shift_[0];
    fit.shiftAcrossMm = shift_[1];
    fit.shiftSdMm = options_.shift ? std::sqrt(std::max(0.0, covariance(6, 6))) : 0.0;
    fit.scaleMm = scale_;
    fit.covariance = covariance.topLeftCorner<6, 6>();
    fit.pivot = pivot_;
    double squares = 0.0;
    for (const Pair& each : pairs_)
      squares +=
          each.pulls ? std::min(std::pow(each.residualMm, 2), kWorstMm * kWorstMm) : kWorstMm * kWorstMm;
    fit.residualMm = std::sqrt(squares / static_cast<double>(pairs_.size()));
    return fit;
  }

  const SurfacePoints& seen_;
  const MeshTree& surface_;
  const SurfaceFitOptions& options_;
  std::vector<int> cellOf_;
  std::size_t cells_ = 0;
  Vec3 pivot_ = Vec3::Zero();
  double radius_ = 1.0;
  RigidTransform pose_ = RigidTransform::Identity();
  Eigen::Vector2d shift_ = Eigen::Vector2d::Zero();
  std::vector<Pair> pairs_;
  double scale_ = 1.0;
  Vec8 gradient_ = Vec8::Zero();
  Mat8 scatter_ = Mat8::Zero();
};

}  // namespace

Mat3 SurfaceFit::covarianceAt(const Vec3& point) const {
  Eigen::Matrix<double, 3, 6> slopes;
  slopes << Mat3::Identity(), -cross(point - pivot);
  return slopes * covariance * slopes.transpose();
}

std::optional<SurfaceFit> fitSurface(const SurfacePoints& seen, const MeshTree& surface,
                                     const RigidTransform& start, const SurfaceFitOptions& options) {
  if (seen.points.size() < kFewest || surface.empty()) return std::nullopt;
  return Fitter(seen, surface, options).run(start);
}

SurfacePoints thinned(const SurfacePoints& all, std::size_t count) {
  if (all.points.size() <= count) return all;
  SurfacePoints some;
  for (std::size_t n = 0; n < count; ++n) {
    const std::size_t i = n * all.points.size() / count;
    some.points.push_back(all.points[i]);
    if (!all.normals.empty()) some.normals.push_back(all.normals[i]);
  }
  return some;
}

}  // namespace coxa
