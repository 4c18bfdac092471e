#include "joint_search.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace coxa {

namespace {

constexpr double kCellMm = 2.0;
constexpr double kLeastHeadMm = 10.0, kLargestHeadMm = 31.0;  // radii; bipolar heads reach 60 mm of diameter
constexpr double kLeastShellMm = 13.0, kLargestShellMm = 40.0;  // radii
constexpr double kHeadCoverage = 0.45, kInsideCoverage = 0.12, kOutsideCoverage = 0.2;
constexpr double kAlongRadius = 0.85;  // cosine
constexpr double kBetweenHipsMm = 80.0;
constexpr std::size_t kVoters = 12000;
constexpr int kDirections = 200;
constexpr double kWallMm = 1.5;  // least of a shell

/// Votes in cubes over the metal's box.
class Votes {
 public:
  explicit Votes(const SurfacePoints& metal) {
    Eigen::AlignedBox3d box;
    for (const Vec3& p : metal.points) box.extend(p);
    min_ = box.min();
    size_ = ((box.max() - box.min()) / kCellMm).array().ceil().cast<int>() + 1;
    counts_.assign(static_cast<std::size_t>(size_.cast<long>().prod()), 0);
  }
  void along(const Vec3& p, const Vec3& direction, double from, double to) {
    for (double r = from; r <= to; r += 0.5 * kCellMm) {
      const Eigen::Vector3i cell = ((p + r * direction - min_) / kCellMm).array().floor().cast<int>();
      if ((cell.array() >= 0).all() && (cell.array() < size_.array()).all()) ++counts_[index(cell)];
    }
  }
  /// The cells' middles, most votes first (sums over cells and their neighbours), none nearer than `apartMm`.
  std::vector<Vec3> peaks(std::size_t most, double apartMm) {
    std::vector<std::pair<int, Vec3>> sums;
    for (int z = 1; z + 1 < size_.z(); ++z)
      for (int y = 1; y + 1 < size_.y(); ++y)
        for (int x = 1; x + 1 < size_.x(); ++x)
          if (counts_[index({x, y, z})] > 0)
            sums.emplace_back(around({x, y, z}), min_ + kCellMm * Vec3(x + 0.5, y + 0.5, z + 0.5));
    std::vector<Vec3> peaks;
    while (peaks.size() < most && !sums.empty()) {
      const auto best = std::max_element(sums.begin(), sums.end(),
                                         [](const auto& a, const auto& b) { return a.first < b.first; });
      const Vec3 peak = best->second;
      peaks.push_back(peak);
      std::erase_if(sums, [&](const auto& each) { return (each.second - peak).norm() < apartMm; });
    }
    return peaks;
  }

 private:
  std::size_t index(const Eigen::Vector3i& c) const {
    return (static_cast<std::size_t>(c.z()) * static_cast<std::size_t>(size_.y()) +
            static_cast<std::size_t>(c.y())) *
               static_cast<std::size_t>(size_.x()) +
           static_cast<std::size_t>(c.x());
  }
  int around(const Eigen::Vector3i& c) const {
    int sum = 0;
    for (int z = -1; z <= 1; ++z)
      for (int y = -1; y <= 1; ++y)
        for (int x = -1; x <= 1; ++x) sum += counts_[index(c + Eigen::Vector3i(x, y, z))];
    return sum;
  }

  Vec3 min_ = Vec3::Zero();
  Eigen::Vector3i size_ = Eigen::Vector3i::Zero();
  std::vector<int> counts_;
};

std::vector<Vec3> candidates(const SurfacePoints& metal) {
  const SurfacePoints voters = thinned(metal, kVoters);
  Votes votes(voters);
  for (std::size_t n = 0; n < voters.points.size(); ++n) {
    votes.along(voters.points[n], -voters.normals[n], kLeastHeadMm, kLargestShellMm);
    votes.along(voters.points[n], voters.normals[n], kLeastShellMm, kLargestShellMm);
  }
  return votes.peaks(8, 10.0);
}

/// Evenly spread over the sphere (Fibonacci's lattice).
std::vector<Vec3> evenDirections() {
  std::vector<Vec3> directions;
  for (int n = 0; n < kDirections; ++n) {
    const double z = 1.0 - (2.0 * n + 1.0) / kDirections, phi = kPi * (3.0 - std::sqrt(5.0)) * n;
    const double r = std::sqrt(1.0 - z * z);
    directions.push_back({r * std::cos(phi), r * std::sin(phi), z});
  }
  return directions;
}

double coverageOf(const SurfacePoints& points, const Vec3& center) {
  static const std::vector<Vec3> directions = evenDirections();
  std::array<bool, kDirections> seen{};
  for (const Vec3& p : points.points) {
    const Vec3 u = (p - center).normalized();
    std::size_t best = 0;
    for (std::size_t d = 1; d < directions.size(); ++d)
      if (directions[d].dot(u) > directions[best].dot(u)) best = d;
    seen[best] = true;
  }
  return static_cast<double>(std::count(seen.begin(), seen.end(), true)) / kDirections;
}

/// The radius in [from, to] at which most points per area lie, of those whose normal follows the radius.
std::optional<double> likelyRadius(const SurfacePoints& metal, const Vec3& center, double from, double to,
                                   bool hollow) {
  if (to <= from) return std::nullopt;
  constexpr double kBinMm = 0.5;
  std::vector<double> density(static_cast<std::size_t>((to - from) / kBinMm) + 1, 0.0);
  for (std::size_t n = 0; n < metal.points.size(); ++n) {
    const Vec3 d = metal.points[n] - center;
    const double r = d.norm();
    if (r < from || r > to) continue;
    if ((hollow ? -1.0 : 1.0) * metal.normals[n].dot(d) < kAlongRadius * r) continue;
    density[static_cast<std::size_t>((r - from) / kBinMm)] += 1.0 / (r * r);
  }
  std::vector<double> wide(density.size(), 0.0);
  for (std::size_t n = 0; n < density.size(); ++n)
    for (std::size_t m = n < 3 ? 0 : n - 3; m < std::min(n + 4, density.size()); ++m) wide[n] += density[m];
  const auto best = std::max_element(wide.begin(), wide.end());
  if (*best <= 0.0) return std::nullopt;
  return from + kBinMm * (static_cast<double>(best - wide.begin()) + 0.5);
}

std::optional<SeenSphere> seenSphere(const SurfacePoints& metal, const Vec3& center, double from, double to,
                                     bool hollow, double leastCoverage) {
  const auto radius = likelyRadius(metal, center, from, to, hollow);
  if (!radius) return std::nullopt;
  SeenSphere seen;
  seen.sphere = {center, *radius, 0.0};
  for (const double withinMm : {3.0, 2.0, 1.5}) {
    const SurfacePoints near = nearSphere(metal, seen.sphere, withinMm, hollow);
    if (near.points.size() < 50) return std::nullopt;
    const auto fit = fitSphereRobust(thinned(near, 4000).points, 0.3);
    if (!fit || (fit->center - center).norm() > 8.0) return std::nullopt;
    seen.sphere = *fit;
  }
  const SurfacePoints own = nearSphere(metal, seen.sphere, 1.5, hollow);
  seen.coverage = coverageOf(own, seen.sphere.center);
  if (seen.coverage < leastCoverage) return std::nullopt;
  for (const Vec3& p : own.points)
    seen.meanDirection += (p - seen.sphere.center).normalized() / static_cast<double>(own.points.size());
  return seen;
}

std::optional<Joint> jointAt(const SurfacePoints& metal, const Vec3& center) {
  Joint joint;
  joint.center = center;
  joint.shellInside = seenSphere(metal, center, kLeastShellMm, kLargestShellMm, true, kInsideCoverage);
  const double inside = joint.shellInside ? joint.shellInside->sphere.radiusMm : kLargestHeadMm + 1.0;
  joint.head = seenSphere(metal, center, kLeastHeadMm, inside - 1.0, false, kHeadCoverage);
  if (joint.shellInside)
    joint.shellOutside = seenSphere(metal, center, inside + kWallMm, inside + 12.0, false, kOutsideCoverage);
  if (!joint.shellOutside) joint.shellInside.reset();
  if (!joint.head && !joint.shellOutside) return std::nullopt;
  joint.center = (joint.head ? *joint.head : *joint.shellInside).sphere.center;
  return joint;
}

double certainty(const Joint& joint) {
  double sum = 0.0;
  for (const auto* each : {&joint.head, &joint.shellInside, &joint.shellOutside})
    if (*each) sum += (*each)->coverage;
  return sum;
}

}  // namespace

SurfacePoints nearSphere(const SurfacePoints& metal, const Sphere& sphere, double withinMm, bool hollow) {
  SurfacePoints near;
  for (std::size_t n = 0; n < metal.points.size(); ++n) {
    const Vec3 d = metal.points[n] - sphere.center;
    const double r = d.norm();
    if (std::abs(r - sphere.radiusMm) > withinMm) continue;
    if ((hollow ? -1.0 : 1.0) * metal.normals[n].dot(d) < kAlongRadius * r) continue;
    near.points.push_back(metal.points[n]);
    near.normals.push_back(metal.normals[n]);
  }
  return near;
}

std::vector<Joint> findJoints(const SurfacePoints& metal) {
  if (metal.points.size() < 200) return {};
  std::vector<Joint> joints;
  for (const Vec3& center : candidates(metal))
    if (const auto joint = jointAt(metal, center)) joints.push_back(*joint);
  std::stable_sort(joints.begin(), joints.end(),
                   [](const Joint& a, const Joint& b) { return certainty(a) > certainty(b); });
  std::vector<Joint> chosen;
  for (const Joint& joint : joints)
    if (chosen.empty() || (chosen.size() == 1 && (joint.center - chosen[0].center).norm() > kBetweenHipsMm))
      chosen.push_back(joint);
  return chosen;
}

}  // namespace coxa
