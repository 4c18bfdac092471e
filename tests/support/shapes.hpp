#pragma once

#include "coxa/geometry/mesh.hpp"

#include <cmath>

namespace coxa::shapes {

/// The solid of revolution about z of a profile (radius, height) that starts and ends on the axis; the body
/// lies to the left of the profile's direction of travel, seen with z up and the radius to the right.
inline TriangleMesh lathe(const std::vector<Eigen::Vector2d>& profile, std::uint32_t segments) {
  TriangleMesh mesh;
  std::vector<std::vector<std::uint32_t>> rings;
  for (const auto& p : profile) {
    std::vector<std::uint32_t> ring;
    const bool onAxis = p.x() == 0.0;
    for (std::uint32_t s = 0; s < segments; ++s) {
      if (s == 0 || !onAxis) {
        const double angle = 2.0 * kPi * s / segments;
        mesh.vertices.push_back(Vec3(p.x() * std::cos(angle), p.x() * std::sin(angle), p.y()).cast<float>());
      }
      ring.push_back(static_cast<std::uint32_t>(mesh.vertices.size() - 1));
    }
    rings.push_back(ring);
  }
  for (std::size_t i = 0; i + 1 < rings.size(); ++i)
    for (std::uint32_t s = 0; s < segments; ++s) {
      const std::uint32_t n = (s + 1) % segments;
      const std::uint32_t a = rings[i][s];
      const std::uint32_t b = rings[i][n];
      const std::uint32_t c = rings[i + 1][n];
      const std::uint32_t d = rings[i + 1][s];
      if (a != b) mesh.triangles.push_back({a, b, c});
      if (c != d) mesh.triangles.push_back({a, c, d});
    }
  return mesh;
}

inline TriangleMesh sphere(double radius, std::uint32_t segments = 96) {
  std::vector<Eigen::Vector2d> profile = {{0.0, -radius}};
  const std::uint32_t rings = segments / 2;
  for (std::uint32_t i = 1; i < rings; ++i) {
    const double angle = kPi * i / rings;
    profile.emplace_back(radius * std::sin(angle), -radius * std::cos(angle));
  }
  profile.emplace_back(0.0, radius);
  return lathe(profile, segments);
}

inline TriangleMesh cylinder(double radius, double fromZ, double toZ, std::uint32_t segments = 256) {
  return lathe({{0.0, fromZ}, {radius, fromZ}, {radius, toZ}, {0.0, toZ}}, segments);
}

/// A hemispherical shell that opens towards +z; the opening's plane runs through the centre.
inline TriangleMesh hemisphericalShell(double innerRadius, double outerRadius, std::uint32_t segments = 256) {
  std::vector<Eigen::Vector2d> profile = {{0.0, -outerRadius}};
  const std::uint32_t rings = segments / 4;
  for (std::uint32_t i = 1; i <= rings; ++i) {
    const double angle = kPi / 2.0 * i / rings;
    profile.emplace_back(outerRadius * std::sin(angle), i == rings ? 0.0 : -outerRadius * std::cos(angle));
  }
  for (std::uint32_t i = rings; i >= 1; --i) {
    const double angle = kPi / 2.0 * i / rings;
    profile.emplace_back(innerRadius * std::sin(angle), i == rings ? 0.0 : -innerRadius * std::cos(angle));
  }
  profile.emplace_back(0.0, -innerRadius);
  return lathe(profile, segments);
}

inline TriangleMesh box(const Vec3& low, const Vec3& high) {
  TriangleMesh mesh;
  for (int i = 0; i < 8; ++i)
    mesh.vertices.push_back(
        Vec3(i & 1 ? high.x() : low.x(), i & 2 ? high.y() : low.y(), i & 4 ? high.z() : low.z())
            .cast<float>());
  mesh.triangles = {{0, 2, 1}, {1, 2, 3}, {4, 5, 6}, {5, 7, 6}, {0, 1, 4}, {1, 5, 4},
                    {2, 6, 3}, {3, 6, 7}, {0, 4, 2}, {2, 4, 6}, {1, 3, 5}, {3, 7, 5}};
  return mesh;
}

}  // namespace coxa::shapes
