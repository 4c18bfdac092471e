#pragma once

#include "coxa/geometry/mesh.hpp"

#include <optional>

namespace coxa {

/// A ray in world coordinates; `direction` is a unit vector.
struct Ray {
  Vec3 origin;
  Vec3 direction;
};

/// Distance along the ray's line (also before its origin) to the first triangle it meets (Möller and Trumbore
/// 1997), from either side.
std::optional<double> firstHit(const Ray& ray, const TriangleMesh& mesh,
                               const RigidTransform& world_from_mesh);

}  // namespace coxa
