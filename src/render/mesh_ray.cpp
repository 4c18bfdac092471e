#include "mesh_ray.hpp"

#include <cmath>

namespace coxa {
namespace {

using Vec3f = Eigen::Vector3f;

std::optional<float> hit(const Vec3f& origin, const Vec3f& direction, const Vec3f& a, const Vec3f& b,
                         const Vec3f& c) {
  const Vec3f ab = b - a, ac = c - a;
  const Vec3f p = direction.cross(ac);
  const float determinant = ab.dot(p);
  if (std::abs(determinant) < 1e-9F) return std::nullopt;
  const Vec3f fromA = origin - a;
  const float u = fromA.dot(p) / determinant;
  if (u < 0.0F || u > 1.0F) return std::nullopt;
  const Vec3f q = fromA.cross(ab);
  const float v = direction.dot(q) / determinant;
  if (v < 0.0F || u + v > 1.0F) return std::nullopt;
  return ac.dot(q) / determinant;
}

}  // namespace

std::optional<double> firstHit(const Ray& ray, const TriangleMesh& mesh,
                               const RigidTransform& world_from_mesh) {
  const Vec3f origin = (world_from_mesh.inverse() * ray.origin).cast<float>();
  const Vec3f direction = (world_from_mesh.linear().transpose() * ray.direction).cast<float>();
  std::optional<double> nearest;
  for (const TriangleMesh::Triangle& t : mesh.triangles) {
    const auto distance =
        hit(origin, direction, mesh.vertices[t[0]], mesh.vertices[t[1]], mesh.vertices[t[2]]);
    if (distance && (!nearest || *distance < *nearest)) nearest = *distance;
  }
  return nearest;
}

}  // namespace coxa
