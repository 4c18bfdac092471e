#include "coxa/geometry/mesh_tree.hpp"

namespace coxa {

namespace {

/// Deep overlaps have long crossing lines; a part of one shows as well where it is.
constexpr std::size_t kSegmentsForMiddle = 200;

using Node = MeshTree::Node;
using Triangle = std::array<Vec3, 3>;

Triangle triangleOf(const MeshTree::Corners& c) {
  return {c[0].cast<double>(), c[1].cast<double>(), c[2].cast<double>()};
}

/// Separating axis test of boxes (Gottschalk, Lin and Manocha 1996); `rotation` and `offset` take b's box
/// to a's axes.
class BoxesOverlap {
 public:
  explicit BoxesOverlap(const RigidTransform& a_from_b)
      : a_from_b_(a_from_b), r_(a_from_b.linear()), abs_(r_.cwiseAbs().array() + 1e-12) {}

  bool operator()(const Node& a, const Node& b) const {
    const Vec3 ha = a.half.cast<double>();
    const Vec3 hb = b.half.cast<double>();
    const Vec3 t = a_from_b_ * b.center.cast<double>() - a.center.cast<double>();
    if ((t.cwiseAbs().array() > (ha + abs_ * hb).array()).any()) return false;
    if (((r_.transpose() * t).cwiseAbs().array() > (abs_.transpose() * ha + hb).array()).any()) return false;
    for (int i = 0; i < 3; ++i) {
      const int i1 = (i + 1) % 3;
      const int i2 = (i + 2) % 3;
      for (int j = 0; j < 3; ++j) {
        const int j1 = (j + 1) % 3;
        const int j2 = (j + 2) % 3;
        const double reach =
            ha[i1] * abs_(i2, j) + ha[i2] * abs_(i1, j) + hb[j1] * abs_(i, j2) + hb[j2] * abs_(i, j1);
        if (std::abs(t[i2] * r_(i1, j) - t[i1] * r_(i2, j)) > reach) return false;
      }
    }
    return true;
  }

 private:
  RigidTransform a_from_b_;
  Mat3 r_;
  Mat3 abs_;
};

Vec3 heights(const Triangle& points, const Triangle& plane) {
  const Vec3 normal = (plane[1] - plane[0]).cross(plane[2] - plane[0]);
  return {normal.dot(points[0] - plane[0]), normal.dot(points[1] - plane[0]),
          normal.dot(points[2] - plane[0])};
}

bool oneSided(const Vec3& heights) {
  return (heights.array() > 0.0).all() || (heights.array() < 0.0).all();
}

bool within(const Vec3& p, const Triangle& t) {
  const Vec3 normal = (t[1] - t[0]).cross(t[2] - t[0]);
  for (int i = 0; i < 3; ++i) {
    const Vec3& from = t[static_cast<std::size_t>(i)];
    const Vec3& to = t[static_cast<std::size_t>((i + 1) % 3)];
    if (normal.dot((to - from).cross(p - from)) < 0.0) return false;
  }
  return true;
}

/// The crossing line's segments: their moment and length.
struct Crossings {
  Vec3 moment = Vec3::Zero();
  double length = 0.0;
  std::size_t segments = 0;
};

/// The ends found of the segment that two triangles have in common.
struct SegmentEnds {
  std::array<Vec3, 4> points;
  std::size_t count = 0;
};

/// Adds where edges of `edges` (with their heights over the plane of `face`) run through `face`.
void addEdgeHits(const Triangle& edges, const Vec3& height, const Triangle& face, SegmentEnds& ends) {
  for (int i = 0; i < 3; ++i) {
    const int j = (i + 1) % 3;
    if ((height[i] > 0.0) == (height[j] > 0.0)) continue;
    const Vec3& from = edges[static_cast<std::size_t>(i)];
    const Vec3& to = edges[static_cast<std::size_t>(j)];
    const Vec3 p = from + (to - from) * (height[i] / (height[i] - height[j]));
    if (within(p, face)) ends.points[ends.count++] = p;
  }
}

void addCrossings(const Triangle& a, const Triangle& b, Crossings& crossings) {
  const Vec3 heightsOfB = heights(b, a);
  if (oneSided(heightsOfB)) return;
  const Vec3 heightsOfA = heights(a, b);
  if (oneSided(heightsOfA)) return;
  SegmentEnds ends;
  addEdgeHits(b, heightsOfB, a, ends);
  addEdgeHits(a, heightsOfA, b, ends);
  if (ends.count == 0) return;
  const Vec3& from = ends.points[0];
  const Vec3& to = ends.points[ends.count - 1];
  const double length = (to - from).norm() + std::numeric_limits<double>::min();
  crossings.moment += length * 0.5 * (from + to);
  crossings.length += length;
  ++crossings.segments;
}

}  // namespace

bool surfacesCross(const MeshTree& a, const MeshTree& b, const RigidTransform& a_from_b, Vec3* middle) {
  if (a.empty() || b.empty()) return false;
  const BoxesOverlap overlap(a_from_b);
  const std::size_t wanted = middle != nullptr ? kSegmentsForMiddle : 1;
  Crossings crossings;
  std::vector<std::pair<std::uint32_t, std::uint32_t>> stack = {{0, 0}};
  while (!stack.empty() && crossings.segments < wanted) {
    const auto [ia, ib] = stack.back();
    stack.pop_back();
    const Node& na = a.nodes()[ia];
    const Node& nb = b.nodes()[ib];
    if (!overlap(na, nb)) continue;
    if (na.count > 0 && nb.count > 0) {
      for (std::uint32_t j = nb.first; j < nb.first + nb.count; ++j) {
        Triangle tb = triangleOf(b.corners()[j]);
        for (Vec3& corner : tb) corner = a_from_b * corner;
        for (std::uint32_t i = na.first; i < na.first + na.count; ++i)
          addCrossings(triangleOf(a.corners()[i]), tb, crossings);
      }
    } else if (nb.count > 0 || (na.count == 0 && na.half.squaredNorm() > nb.half.squaredNorm())) {
      stack.emplace_back(na.first, ib);
      stack.emplace_back(na.first + 1, ib);
    } else {
      stack.emplace_back(ia, nb.first);
      stack.emplace_back(ia, nb.first + 1);
    }
  }
  if (crossings.segments > 0 && middle != nullptr) *middle = crossings.moment / crossings.length;
  return crossings.segments > 0;
}

}  // namespace coxa
