#include "bone_surface.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <unordered_map>

namespace coxa {

namespace {

constexpr double kTopMm = 1.0;        // depth of the top that is averaged
constexpr double kTopRadiusMm = 8.0;  // and its reach

std::uint32_t rootOf(std::vector<std::uint32_t>& parent, std::uint32_t v) {
  while (parent[v] != v) v = parent[v] = parent[parent[v]];
  return v;
}

// For each vertex the representative of its connected part.
std::vector<std::uint32_t> partsOf(const TriangleMesh& mesh) {
  std::vector<std::uint32_t> parent(mesh.vertices.size());
  std::iota(parent.begin(), parent.end(), 0U);
  for (const auto& t : mesh.triangles)
    for (int i = 1; i < 3; ++i) parent[rootOf(parent, t[static_cast<std::size_t>(i)])] = rootOf(parent, t[0]);
  for (std::uint32_t v = 0; v < parent.size(); ++v) parent[v] = rootOf(parent, v);
  return parent;
}

// Keeps the triangles for which `keep` holds, and their corners only.
template <class Keep>
BoneSurface subset(const BoneSurface& bone, const Keep& keep) {
  constexpr auto kUnused = std::numeric_limits<std::uint32_t>::max();
  std::vector<std::uint32_t> newIndex(bone.points.size(), kUnused);
  BoneSurface part;
  for (const auto& t : bone.triangles) {
    if (!keep(t)) continue;
    TriangleMesh::Triangle renumbered{};
    for (std::size_t i = 0; i < 3; ++i) {
      if (newIndex[t[i]] == kUnused) {
        newIndex[t[i]] = static_cast<std::uint32_t>(part.points.size());
        part.points.push_back(bone.points[t[i]]);
        part.normals.push_back(bone.normals[t[i]]);
      }
      renumbered[i] = newIndex[t[i]];
    }
    part.triangles.push_back(renumbered);
  }
  return part;
}

// Where the plane crosses a triangle: it enters through one edge and leaves through another.
struct Crossing {
  std::uint64_t leaves = 0;
  Vec3 point = Vec3::Zero();  // on the edge it enters
};

std::uint64_t edgeKey(std::uint32_t a, std::uint32_t b) {
  return (std::uint64_t{std::min(a, b)} << 32) | std::max(a, b);
}

// Area vector and centroid of a closed polygon in space.
SectionLoop loopOf(const std::vector<Vec3>& polygon, const Vec3& normal) {
  SectionLoop loop;
  const Vec3& start = polygon.front();
  Vec3 moment = Vec3::Zero();
  for (std::size_t i = 1; i + 1 < polygon.size(); ++i) {
    const double area = 0.5 * (polygon[i] - start).cross(polygon[i + 1] - start).dot(normal);
    loop.areaMm2 += area;
    moment += area * (start + polygon[i] + polygon[i + 1]) / 3.0;
  }
  loop.centroid = loop.areaMm2 != 0.0 ? Vec3(moment / loop.areaMm2) : start;
  return loop;
}

}  // namespace

BoneSurface boneSurface(const TriangleMesh& mesh) {
  BoneSurface bone;
  if (mesh.empty()) return bone;
  const auto part = partsOf(mesh);
  std::vector<std::size_t> sizes(mesh.vertices.size());
  for (const auto& t : mesh.triangles) ++sizes[part[t[0]]];
  const auto largest =
      static_cast<std::uint32_t>(std::max_element(sizes.begin(), sizes.end()) - sizes.begin());
  for (const auto& vertex : mesh.vertices) bone.points.push_back(vertex.cast<double>());
  for (const auto& normal : vertexNormals(mesh)) bone.normals.push_back(normal.cast<double>());
  bone.triangles = mesh.triangles;
  return subset(bone, [&](const TriangleMesh::Triangle& t) { return part[t[0]] == largest; });
}

std::optional<Prominence> mostProminent(const BoneSurface& bone, const Vec3& direction,
                                        const PointFilter& filter) {
  const Vec3* farthest = nullptr;
  for (const auto& p : bone.points)
    if (filter(p) && (!farthest || direction.dot(p) > direction.dot(*farthest))) farthest = &p;
  if (!farthest) return std::nullopt;
  const double top = direction.dot(*farthest) - kTopMm;
  Vec3 sum = Vec3::Zero();
  double squares = 0.0, count = 0.0;
  for (const auto& p : bone.points) {
    const double distance = (p - *farthest).norm();
    if (distance > kTopRadiusMm || direction.dot(p) < top || !filter(p)) continue;
    sum += p;
    squares += distance * distance;
    count += 1.0;
  }
  return Prominence{sum / count, std::sqrt(squares / count)};
}

Extent extentAlong(const BoneSurface& bone, const Vec3& direction) {
  Extent extent{std::numeric_limits<double>::max(), std::numeric_limits<double>::lowest()};
  for (const auto& p : bone.points) {
    extent.least = std::min(extent.least, direction.dot(p));
    extent.greatest = std::max(extent.greatest, direction.dot(p));
  }
  return extent;
}

std::vector<SectionLoop> crossSection(const BoneSurface& bone, const Vec3& point, const Vec3& normal) {
  std::unordered_map<std::uint64_t, Crossing> crossings;
  const double offset = normal.dot(point);
  for (const auto& t : bone.triangles) {
    const std::array<double, 3> d{normal.dot(bone.points[t[0]]) - offset,
                                  normal.dot(bone.points[t[1]]) - offset,
                                  normal.dot(bone.points[t[2]]) - offset};
    std::uint64_t enters = 0, leaves = 0;
    Vec3 on = Vec3::Zero();
    for (std::size_t i = 0; i < 3; ++i) {
      const std::size_t j = (i + 1) % 3;
      if ((d[i] < 0.0) == (d[j] < 0.0)) continue;
      // Counter-clockwise triangles seen from outside: so the loop runs counter-clockwise about the normal.
      if (d[i] < 0.0) {
        leaves = edgeKey(t[i], t[j]);
      } else {
        enters = edgeKey(t[i], t[j]);
        on = bone.points[t[i]] + d[i] / (d[i] - d[j]) * (bone.points[t[j]] - bone.points[t[i]]);
      }
    }
    if (enters != leaves) crossings[enters] = {leaves, on};
  }
  std::vector<SectionLoop> loops;
  while (!crossings.empty()) {
    std::vector<Vec3> polygon;
    for (auto at = crossings.begin(); at != crossings.end();) {
      const std::uint64_t next = at->second.leaves;
      polygon.push_back(at->second.point);
      crossings.erase(at);
      at = crossings.find(next);
    }
    const SectionLoop loop = loopOf(polygon, normal);
    if (loop.areaMm2 > 0.0) loops.push_back(loop);
  }
  return loops;
}

std::optional<SectionLoop> crossSectionAround(const BoneSurface& bone, const Vec3& point,
                                              const Vec3& normal) {
  std::optional<SectionLoop> nearest;
  for (const auto& loop : crossSection(bone, point, normal))
    if (!nearest || (loop.centroid - point).norm() < (nearest->centroid - point).norm()) nearest = loop;
  return nearest;
}

BoneSurface partWithin(const BoneSurface& bone, const Vec3& center, double radiusMm) {
  return subset(bone, [&](const TriangleMesh::Triangle& t) {
    return std::any_of(t.begin(), t.end(),
                       [&](std::uint32_t v) { return (bone.points[v] - center).norm() < radiusMm; });
  });
}

}  // namespace coxa
