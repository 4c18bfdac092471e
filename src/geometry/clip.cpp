#include "coxa/geometry/clip.hpp"

#include "polygon.hpp"

#include <unordered_map>

namespace coxa {

namespace {

constexpr std::uint32_t kNone = 0xFFFFFFFFU;

/// Keeps the triangles above the plane, cuts those that cross it, and remembers the cut's edges.
class Cutter {
 public:
  Cutter(const TriangleMesh& mesh, const Plane& plane) : mesh_(mesh) {
    heights_.reserve(mesh.vertices.size());
    for (const auto& v : mesh.vertices) heights_.push_back(plane.signedDistance(v.cast<double>()));
    kept_.assign(mesh.vertices.size(), kNone);
    for (const auto& t : mesh.triangles) cut(t);
  }

  TriangleMesh result;
  /// Vertex that follows each vertex of the cut on the cap's rim, the cap seen from outside.
  std::unordered_map<std::uint32_t, std::uint32_t> next;

 private:
  bool above(std::uint32_t v) const { return heights_[v] >= 0.0; }

  std::uint32_t keep(std::uint32_t v) {
    if (kept_[v] == kNone) {
      kept_[v] = static_cast<std::uint32_t>(result.vertices.size());
      result.vertices.push_back(mesh_.vertices[v]);
    }
    return kept_[v];
  }

  /// The cut's vertex on an edge; the same from both of its triangles.
  std::uint32_t crossing(std::uint32_t up, std::uint32_t down) {
    const auto [place, isNew] = crossings_.try_emplace((std::uint64_t{up} << 32) | down,
                                                       static_cast<std::uint32_t>(result.vertices.size()));
    if (isNew) {
      const Vec3 p = mesh_.vertices[up].cast<double>();
      const Vec3 q = mesh_.vertices[down].cast<double>();
      const Vec3 at = p + (q - p) * (heights_[up] / (heights_[up] - heights_[down]));
      result.vertices.push_back(at.cast<float>());
    }
    return place->second;
  }

  void cut(TriangleMesh::Triangle t) {
    const int count = int(above(t[0])) + int(above(t[1])) + int(above(t[2]));
    if (count == 0) return;
    if (count == 3) {
      result.triangles.push_back({keep(t[0]), keep(t[1]), keep(t[2])});
      return;
    }
    // Turned so that the corner alone on its side is the first.
    while (above(t[0]) == above(t[1]) || above(t[0]) == above(t[2])) t = {t[1], t[2], t[0]};
    if (count == 1) {
      const std::uint32_t a = crossing(t[0], t[1]);
      const std::uint32_t b = crossing(t[0], t[2]);
      result.triangles.push_back({keep(t[0]), a, b});
      next[b] = a;
    } else {
      const std::uint32_t a = crossing(t[1], t[0]);
      const std::uint32_t b = crossing(t[2], t[0]);
      const std::uint32_t c = keep(t[1]);
      const std::uint32_t d = keep(t[2]);
      result.triangles.push_back({a, c, d});
      result.triangles.push_back({a, d, b});
      next[a] = b;
    }
  }

  const TriangleMesh& mesh_;
  std::vector<double> heights_;
  std::vector<std::uint32_t> kept_;
  std::unordered_map<std::uint64_t, std::uint32_t> crossings_;
};

/// The closed rims of the cut as runs of vertices.
std::vector<std::vector<std::uint32_t>> rims(std::unordered_map<std::uint32_t, std::uint32_t> next) {
  std::vector<std::vector<std::uint32_t>> loops;
  while (!next.empty()) {
    std::vector<std::uint32_t> loop;
    auto at = next.begin();
    while (at != next.end()) {
      loop.push_back(at->first);
      const std::uint32_t to = at->second;
      next.erase(at);
      at = next.find(to);
    }
    if (loop.size() >= 3) loops.push_back(std::move(loop));
  }
  return loops;
}

}  // namespace

TriangleMesh clipped(const TriangleMesh& mesh, const Plane& plane) {
  Cutter cutter(mesh, plane);
  const auto loops = rims(std::move(cutter.next));

  // The cap looks against the plane's normal: in these axes its outer rims run counter-clockwise.
  const Vec3 outward = -plane.normal;
  const Vec3 x = outward.unitOrthogonal();
  const Vec3 y = outward.cross(x);
  std::vector<Eigen::Vector2d> flat;
  flat.reserve(cutter.result.vertices.size());
  for (const auto& v : cutter.result.vertices) {
    const Vec3 p = v.cast<double>() - plane.point;
    flat.emplace_back(p.dot(x), p.dot(y));
  }
  for (const auto& t : triangulated(flat, loops)) cutter.result.triangles.push_back(t);
  return std::move(cutter.result);
}

}  // namespace coxa
