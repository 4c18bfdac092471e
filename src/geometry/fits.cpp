#include "coxa/geometry/fits.hpp"

#include <Eigen/Dense>
#include <algorithm>
#include <cmath>
#include <vector>

namespace coxa {

namespace {

constexpr double kFlat = 1e-9;  // relative spread below which points count as coplanar or collinear

struct Spread {
  Vec3 mean;
  Eigen::SelfAdjointEigenSolver<Mat3> axes;  // eigenvalues ascending
  double variance(int i) const { return std::max(0.0, axes.eigenvalues()[i]); }
};

Spread spreadOf(std::span<const Vec3> points) {
  Vec3 mean = Vec3::Zero();
  for (const auto& p : points) mean += p;
  mean /= static_cast<double>(points.size());
  Mat3 covariance = Mat3::Zero();
  for (const auto& p : points) covariance += (p - mean) * (p - mean).transpose();
  covariance /= static_cast<double>(points.size());
  return {mean, Eigen::SelfAdjointEigenSolver<Mat3>(covariance)};
}

double sphereRms(std::span<const Vec3> points, const Sphere& sphere) {
  double sum = 0.0;
  for (const auto& p : points) sum += std::pow((p - sphere.center).norm() - sphere.radiusMm, 2);
  return std::sqrt(sum / static_cast<double>(points.size()));
}

// |p|² = 2 p·c + (r² - |c|²), linear in c and the bracket; points relative to their mean for conditioning.
Sphere algebraicSphere(std::span<const Vec3> points, const Vec3& mean) {
  Eigen::Matrix4d normal = Eigen::Matrix4d::Zero();
  Eigen::Vector4d right = Eigen::Vector4d::Zero();
  for (const auto& p : points) {
    const Vec3 q = p - mean;
    const Eigen::Vector4d row(2 * q.x(), 2 * q.y(), 2 * q.z(), 1.0);
    normal += row * row.transpose();
    right += row * q.squaredNorm();
  }
  const Eigen::Vector4d x = normal.ldlt().solve(right);
  const Vec3 center = x.head<3>();
  return {mean + center, std::sqrt(std::max(0.0, x[3] + center.squaredNorm())), 0.0};
}

void gaussNewtonStep(std::span<const Vec3> points, std::span<const double> weights, Sphere& sphere) {
  Eigen::Matrix4d normal = Eigen::Matrix4d::Zero();
  Eigen::Vector4d right = Eigen::Vector4d::Zero();
  for (std::size_t i = 0; i < points.size(); ++i) {
    const Vec3 d = points[i] - sphere.center;
    const double distance = d.norm();
    if (distance < 1e-12) continue;
    Eigen::Vector4d gradient;
    gradient << -d / distance, -1.0;
    const double residual = distance - sphere.radiusMm;
    normal += weights[i] * gradient * gradient.transpose();
    right -= weights[i] * gradient * residual;
  }
  const Eigen::Vector4d step = normal.ldlt().solve(right);
  if (!step.allFinite()) return;
  sphere.center += step.head<3>();
  sphere.radiusMm += step[3];
}

double tukey(double residual, double scaleMm) {
  const double u = residual / (4.685 * scaleMm);
  return std::abs(u) < 1.0 ? std::pow(1.0 - u * u, 2) : 0.0;
}

}  // namespace

std::optional<Sphere> fitSphere(std::span<const Vec3> points) {
  if (points.size() < 4) return std::nullopt;
  const Spread spread = spreadOf(points);
  if (spread.variance(0) <= kFlat * spread.variance(2)) return std::nullopt;
  Sphere sphere = algebraicSphere(points, spread.mean);
  const std::vector<double> weights(points.size(), 1.0);
  for (int i = 0; i < 10; ++i) gaussNewtonStep(points, weights, sphere);
  sphere.rmsMm = sphereRms(points, sphere);
  return sphere;
}

std::optional<Sphere> fitSphereRobust(std::span<const Vec3> points, double scaleMm) {
  auto sphere = fitSphere(points);
  if (!sphere) return sphere;
  std::vector<double> weights(points.size());
  std::vector<double> residuals(points.size());
  for (int i = 0; i < 30; ++i) {
    for (std::size_t j = 0; j < points.size(); ++j)
      residuals[j] = std::abs((points[j] - sphere->center).norm() - sphere->radiusMm);
    // The scale starts at the residuals' own median, so that a bad start is not frozen in.
    std::vector<double> sorted = residuals;
    std::nth_element(sorted.begin(), sorted.begin() + static_cast<long>(sorted.size() / 2), sorted.end());
    const double scale = std::max(scaleMm, 1.4826 * sorted[sorted.size() / 2]);
    for (std::size_t j = 0; j < points.size(); ++j) weights[j] = tukey(residuals[j], scale);
    gaussNewtonStep(points, weights, *sphere);
  }
  double sum = 0.0, total = 0.0;
  for (std::size_t j = 0; j < points.size(); ++j) {
    sum += weights[j] * std::pow((points[j] - sphere->center).norm() - sphere->radiusMm, 2);
    total += weights[j];
  }
  sphere->rmsMm = total > 0.0 ? std::sqrt(sum / total) : sphereRms(points, *sphere);
  return sphere;
}

std::optional<Plane> fitPlane(std::span<const Vec3> points) {
  if (points.size() < 3) return std::nullopt;
  const Spread spread = spreadOf(points);
  if (spread.variance(1) <= kFlat * spread.variance(2)) return std::nullopt;
  return Plane{spread.mean, spread.axes.eigenvectors().col(0), std::sqrt(spread.variance(0))};
}

std::optional<Line> fitLine(std::span<const Vec3> points) {
  if (points.size() < 2) return std::nullopt;
  const Spread spread = spreadOf(points);
  if (spread.variance(2) <= 0.0) return std::nullopt;
  return Line{spread.mean, spread.axes.eigenvectors().col(2),
              std::sqrt(spread.variance(0) + spread.variance(1))};
}

}  // namespace coxa
