#include "shown_surface.hpp"

#include <algorithm>
#include <cmath>

namespace coxa {

namespace {

constexpr double kAreaMm2 = 3.0;
constexpr double kWorstMm = 1.0;
constexpr double kLeastBesideMm = 1.6, kBesideShare = 0.53;
constexpr double kLeastAgreement = 0.5;

}  // namespace

SurfacePoints samplesOf(const TriangleMesh& mesh) {
  SurfacePoints samples;
  double area = 0.0;
  for (const auto& t : mesh.triangles) {
    const Vec3 a = mesh.vertices[t[0]].cast<double>(), b = mesh.vertices[t[1]].cast<double>(),
               c = mesh.vertices[t[2]].cast<double>();
    const Vec3 across = (b - a).cross(c - a);
    area += 0.5 * across.norm();
    if (area < kAreaMm2) continue;
    area = 0.0;
    samples.points.push_back((a + b + c) / 3.0);
    samples.normals.push_back(across.normalized());
  }
  return samples;
}

ShownSurface::ShownSurface(const SurfacePoints& metal, double apartMm)
    : metal_(metal), besideMm_(std::max(kLeastBesideMm, kBesideShare * apartMm)) {
  for (std::size_t n = 0; n < metal.points.size(); ++n) cells_[cellOf(metal.points[n])].push_back(n);
}

std::array<int, 3> ShownSurface::cellOf(const Vec3& p) const {
  const double edge = std::hypot(besideMm_, kWorstMm);
  const Eigen::Vector3i cell = (p / edge).array().floor().cast<int>();
  return {cell.x(), cell.y(), cell.z()};
}

double ShownSurface::distanceAt(const Vec3& place, const Vec3& normal) const {
  const std::array<int, 3> cell = cellOf(place);
  double nearest = kWorstMm, distance = kWorstMm;
  for (int x = -1; x <= 1; ++x)
    for (int y = -1; y <= 1; ++y)
      for (int z = -1; z <= 1; ++z) {
        const auto found = cells_.find({cell[0] + x, cell[1] + y, cell[2] + z});
        if (found == cells_.end()) continue;
        for (const std::size_t n : found->second) {
          if (metal_.normals[n].dot(normal) < kLeastAgreement) continue;
          const Vec3 d = metal_.points[n] - place;
          const double along = d.dot(normal), beside = (d - along * normal).norm();
          const double apart = std::hypot(0.5 * beside, along);
          if (beside > besideMm_ || apart >= nearest) continue;
          nearest = apart;
          distance = std::abs(along);
        }
      }
  return distance;
}

double ShownSurface::residualMm(const SurfacePoints& samples) const {
  if (samples.points.empty()) return kWorstMm;
  double squares = 0.0;
  for (std::size_t n = 0; n < samples.points.size(); ++n)
    squares += std::pow(distanceAt(samples.points[n], samples.normals[n]), 2);
  return std::sqrt(squares / static_cast<double>(samples.points.size()));
}

}  // namespace coxa
