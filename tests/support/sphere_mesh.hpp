#pragma once

#include "coxa/geometry/mesh.hpp"

#include <cmath>
#include <memory>

namespace coxa {

/// A closed sphere of triangles; `parts` from pole to pole.
inline std::shared_ptr<const TriangleMesh> sphereMesh(const Vec3& center, double radius,
                                                      unsigned parts = 24) {
  auto mesh = std::make_shared<TriangleMesh>();
  const unsigned around = 2 * parts;
  for (unsigned i = 0; i <= parts; ++i)
    for (unsigned j = 0; j < around; ++j) {
      const double polar = kPi * i / parts, azimuth = 2.0 * kPi * j / around;
      const Vec3 p = center + radius * Vec3(std::sin(polar) * std::cos(azimuth),
                                            std::sin(polar) * std::sin(azimuth), std::cos(polar));
      mesh->vertices.push_back(p.cast<float>());
    }
  for (unsigned i = 0; i < parts; ++i)
    for (unsigned j = 0; j < around; ++j) {
      const unsigned a = i * around + j, b = i * around + (j + 1) % around;
      mesh->triangles.push_back({a, a + around, b});
      mesh->triangles.push_back({b, a + around, b + around});
    }
  return mesh;
}

}  // namespace coxa
