#include "mesh_section.hpp"

namespace coxa {
namespace {

struct Corner {
  Eigen::Vector3f position;
  float distance;  ///< from the plane, never exactly 0, so that a vertex on it belongs to one side
};

Eigen::Vector3f crossing(const Corner& a, const Corner& b) {
  return a.position + (a.distance / (a.distance - b.distance)) * (b.position - a.position);
}

}  // namespace

std::vector<Segment> sectionOf(const TriangleMesh& mesh, const RigidTransform& world_from_mesh,
                               const Vec3& point, const Vec3& normal) {
  // The plane goes to the mesh, not the mesh to the plane: only the few cut triangles are transformed.
  const Eigen::Vector3f n = (world_from_mesh.linear().transpose() * normal).cast<float>();
  const Eigen::Vector3f p = (world_from_mesh.inverse() * point).cast<float>();
  std::vector<float> distances;
  distances.reserve(mesh.vertices.size());
  for (const Eigen::Vector3f& vertex : mesh.vertices) {
    const float distance = n.dot(vertex - p);
    distances.push_back(distance == 0.0F ? 1e-6F : distance);
  }
  std::vector<Segment> segments;
  for (const TriangleMesh::Triangle& triangle : mesh.triangles) {
    std::array<Corner, 3> corners;
    for (std::size_t i = 0; i < 3; ++i) corners[i] = {mesh.vertices[triangle[i]], distances[triangle[i]]};
    Segment segment;
    std::size_t ends = 0;
    for (std::size_t i = 0; i < 3; ++i) {
      const Corner& a = corners[i];
      const Corner& b = corners[(i + 1) % 3];
      if ((a.distance < 0.0F) != (b.distance < 0.0F))
        segment[ends++] = world_from_mesh * crossing(a, b).cast<double>();
    }
    if (ends == 2) segments.push_back(segment);
  }
  return segments;
}

}  // namespace coxa
