#pragma once

#include "coxa/geometry/types.hpp"

#include <array>
#include <cstdint>
#include <vector>

namespace coxa {

/// A triangle surface in mm. Triangles run counter-clockwise seen from outside.
struct TriangleMesh {
  using Triangle = std::array<std::uint32_t, 3>;
  std::vector<Eigen::Vector3f> vertices;
  std::vector<Triangle> triangles;

  bool empty() const { return triangles.empty(); }
};

/// Enclosed volume in mm³ (divergence theorem); the mesh must be closed. Negative when turned inside out.
double volumeMm3(const TriangleMesh& mesh);
double areaMm2(const TriangleMesh& mesh);
/// True when every edge is shared by exactly two triangles that run along it in opposite directions.
bool isClosed(const TriangleMesh& mesh);
/// Mean of the enclosed volume.
Vec3 centroid(const TriangleMesh& mesh);
Eigen::AlignedBox3d bounds(const TriangleMesh& mesh);

TriangleMesh transformed(const TriangleMesh& mesh, const RigidTransform& target_from_source);
/// Mirrored at the plane through `point` with unit normal `normal`; triangles are turned so that outside
/// stays outside.
TriangleMesh mirrored(const TriangleMesh& mesh, const Vec3& point, const Vec3& normal);
/// Both surfaces in one mesh, without merging vertices.
TriangleMesh joined(const TriangleMesh& a, const TriangleMesh& b);
/// Area-weighted unit normals at the vertices.
std::vector<Eigen::Vector3f> vertexNormals(const TriangleMesh& mesh);

}  // namespace coxa
