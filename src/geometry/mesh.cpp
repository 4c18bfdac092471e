#include "coxa/geometry/mesh.hpp"

#include <unordered_map>

namespace coxa {

namespace {

std::array<Vec3, 3> corners(const TriangleMesh& mesh, const TriangleMesh::Triangle& t) {
  return {mesh.vertices[t[0]].cast<double>(), mesh.vertices[t[1]].cast<double>(),
          mesh.vertices[t[2]].cast<double>()};
}

std::uint64_t edgeKey(std::uint32_t from, std::uint32_t to) {
  return (std::uint64_t{from} << 32) | to;
}

}  // namespace

double volumeMm3(const TriangleMesh& mesh) {
  double sixfold = 0.0;
  for (const auto& triangle : mesh.triangles) {
    const auto [a, b, c] = corners(mesh, triangle);
    sixfold += a.dot(b.cross(c));
  }
  return sixfold / 6.0;
}

double areaMm2(const TriangleMesh& mesh) {
  double twofold = 0.0;
  for (const auto& triangle : mesh.triangles) {
    const auto [a, b, c] = corners(mesh, triangle);
    twofold += (b - a).cross(c - a).norm();
  }
  return twofold / 2.0;
}

bool isClosed(const TriangleMesh& mesh) {
  std::unordered_map<std::uint64_t, int> directed;
  directed.reserve(mesh.triangles.size() * 3);
  for (const auto& t : mesh.triangles)
    for (int i = 0; i < 3; ++i) ++directed[edgeKey(t[i], t[(i + 1) % 3])];
  for (const auto& [key, count] : directed) {
    if (count != 1) return false;
    const auto reverse = directed.find((key << 32) | (key >> 32));
    if (reverse == directed.end() || reverse->second != 1) return false;
  }
  return !mesh.empty();
}

Vec3 centroid(const TriangleMesh& mesh) {
  Vec3 moment = Vec3::Zero();
  double sixfold = 0.0;
  for (const auto& triangle : mesh.triangles) {
    const auto [a, b, c] = corners(mesh, triangle);
    const double weight = a.dot(b.cross(c));
    moment += weight * (a + b + c) / 4.0;
    sixfold += weight;
  }
  return sixfold != 0.0 ? Vec3(moment / sixfold) : bounds(mesh).center();
}

Eigen::AlignedBox3d bounds(const TriangleMesh& mesh) {
  Eigen::AlignedBox3d box;
  for (const auto& vertex : mesh.vertices) box.extend(vertex.cast<double>());
  return box;
}

TriangleMesh transformed(const TriangleMesh& mesh, const RigidTransform& target_from_source) {
  TriangleMesh moved = mesh;
  for (auto& vertex : moved.vertices) vertex = (target_from_source * vertex.cast<double>()).cast<float>();
  return moved;
}

TriangleMesh mirrored(const TriangleMesh& mesh, const Vec3& point, const Vec3& normal) {
  TriangleMesh image = mesh;
  for (auto& vertex : image.vertices) {
    const Vec3 p = vertex.cast<double>();
    vertex = (p - 2.0 * normal.dot(p - point) * normal).cast<float>();
  }
  for (auto& triangle : image.triangles) std::swap(triangle[1], triangle[2]);
  return image;
}

TriangleMesh joined(const TriangleMesh& a, const TriangleMesh& b) {
  TriangleMesh both = a;
  const auto offset = static_cast<std::uint32_t>(a.vertices.size());
  both.vertices.insert(both.vertices.end(), b.vertices.begin(), b.vertices.end());
  for (const auto& t : b.triangles) both.triangles.push_back({t[0] + offset, t[1] + offset, t[2] + offset});
  return both;
}

std::vector<Eigen::Vector3f> vertexNormals(const TriangleMesh& mesh) {
  std::vector<Eigen::Vector3f> normals(mesh.vertices.size(), Eigen::Vector3f::Zero());
  for (const auto& t : mesh.triangles) {
    const Eigen::Vector3f& a = mesh.vertices[t[0]];
    const Eigen::Vector3f n = (mesh.vertices[t[1]] - a).cross(mesh.vertices[t[2]] - a);
    for (const auto corner : t) normals[corner] += n;
  }
  for (auto& normal : normals) normal.normalize();
  return normals;
}

}  // namespace coxa
