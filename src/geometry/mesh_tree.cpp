#include "coxa/geometry/mesh_tree.hpp"

#include <algorithm>
#include <numeric>

namespace coxa {

namespace {

constexpr std::uint32_t kLeafTriangles = 4;
constexpr int kBins = 16;

using Box = Eigen::AlignedBox3f;
using Node = MeshTree::Node;
using Corners = MeshTree::Corners;

float halfArea(const Box& box) {
  const Eigen::Vector3f e = box.sizes();
  return e.x() * e.y() + e.y() * e.z() + e.z() * e.x();
}

Box boxOf(const Corners& corners) {
  Box box(corners[0]);
  box.extend(corners[1]);
  box.extend(corners[2]);
  return box;
}

/// Splits runs of triangles by the surface area heuristic, with centroids sorted into bins.
class Builder {
 public:
  explicit Builder(const std::vector<Corners>& corners) : order(corners.size()) {
    std::iota(order.begin(), order.end(), 0U);
    boxes_.reserve(corners.size());
    for (const Corners& c : corners) boxes_.push_back(boxOf(c));
    nodes.reserve(corners.size());
    nodes.emplace_back();
    build(0, 0, static_cast<std::uint32_t>(corners.size()));
  }

  std::vector<Node> nodes;
  std::vector<std::uint32_t> order;

 private:
  struct Bin {
    Box box;
    std::uint32_t count = 0;
    void add(const Bin& other) {
      box.extend(other.box);
      count += other.count;
    }
    float cost() const { return count == 0 ? 0.0F : halfArea(box) * static_cast<float>(count); }
  };
  struct Split {
    int axis = -1;
    int bin = 0;
    float cost = std::numeric_limits<float>::infinity();
  };

  void build(std::uint32_t node, std::uint32_t begin, std::uint32_t end) {
    Box box;
    Box centers;
    for (std::uint32_t i = begin; i < end; ++i) {
      box.extend(boxes_[order[i]]);
      centers.extend(boxes_[order[i]].center());
    }
    setBox(nodes[node], box);
    if (end - begin <= kLeafTriangles) {
      nodes[node].first = begin;
      nodes[node].count = end - begin;
      return;
    }
    const std::uint32_t middle = partition(begin, end, centers);
    const auto children = static_cast<std::uint32_t>(nodes.size());
    nodes[node].first = children;
    nodes.resize(nodes.size() + 2);
    build(children, begin, middle);
    build(children + 1, middle, end);
  }

  /// The float box, grown so that rounding never leaves a corner outside.
  static void setBox(Node& node, const Box& box) {
    node.center = box.center();
    const Eigen::Vector3f reach = (box.max() - node.center).cwiseMax(node.center - box.min());
    node.half = reach * 1.000001F + Eigen::Vector3f::Constant(1e-30F);
  }

  static int binOf(float center, float low, float scale) {
    return std::min(kBins - 1, static_cast<int>((center - low) * scale));
  }

  Split bestSplit(std::uint32_t begin, std::uint32_t end, const Box& centers) const {
    Split best;
    for (int axis = 0; axis < 3; ++axis) {
      const float low = centers.min()[axis];
      const float width = centers.max()[axis] - low;
      if (!(width > 0.0F)) continue;
      std::array<Bin, kBins> bins;
      for (std::uint32_t i = begin; i < end; ++i) {
        const Box& box = boxes_[order[i]];
        bins[static_cast<std::size_t>(binOf(box.center()[axis], low, kBins / width))].add({box, 1});
      }
      std::array<float, kBins> costBelow{};
      Bin below;
      for (std::size_t b = 0; b + 1 < kBins; ++b) {
        below.add(bins[b]);
        costBelow[b] = below.cost();
      }
      Bin above;
      for (std::size_t b = kBins - 1; b > 0; --b) {
        above.add(bins[b]);
        const float cost = costBelow[b - 1] + above.cost();
        if (cost < best.cost) best = {axis, static_cast<int>(b), cost};
      }
    }
    return best;
  }

  std::uint32_t partition(std::uint32_t begin, std::uint32_t end, const Box& centers) {
    const Split split = bestSplit(begin, end, centers);
    const auto first = order.begin() + begin;
    const auto last = order.begin() + end;
    if (split.axis >= 0) {
      const float low = centers.min()[split.axis];
      const float scale = kBins / (centers.max()[split.axis] - low);
      const auto middle = std::partition(first, last, [&](std::uint32_t t) {
        return binOf(boxes_[t].center()[split.axis], low, scale) < split.bin;
      });
      if (middle != first && middle != last) return static_cast<std::uint32_t>(middle - order.begin());
    }
    return begin + (end - begin) / 2;  // all centres in one place
  }

  std::vector<Box> boxes_;
};

/// Closest point of a triangle (Ericson 2005, Real-Time Collision Detection, 5.1.5).
Vec3 closestOnTriangle(const Vec3& p, const Vec3& a, const Vec3& b, const Vec3& c) {
  const Vec3 ab = b - a;
  const Vec3 ac = c - a;
  const Vec3 ap = p - a;
  const double d1 = ab.dot(ap);
  const double d2 = ac.dot(ap);
  if (d1 <= 0.0 && d2 <= 0.0) return a;
  const Vec3 bp = p - b;
  const double d3 = ab.dot(bp);
  const double d4 = ac.dot(bp);
  if (d3 >= 0.0 && d4 <= d3) return b;
  const double vc = d1 * d4 - d3 * d2;
  if (vc <= 0.0 && d1 >= 0.0 && d3 <= 0.0) return a + ab * (d1 / (d1 - d3));
  const Vec3 cp = p - c;
  const double d5 = ab.dot(cp);
  const double d6 = ac.dot(cp);
  if (d6 >= 0.0 && d5 <= d6) return c;
  const double vb = d5 * d2 - d1 * d6;
  if (vb <= 0.0 && d2 >= 0.0 && d6 <= 0.0) return a + ac * (d2 / (d2 - d6));
  const double va = d3 * d6 - d5 * d4;
  if (va <= 0.0 && d4 - d3 >= 0.0 && d5 - d6 >= 0.0)
    return b + (c - b) * ((d4 - d3) / ((d4 - d3) + (d5 - d6)));
  const double sum = va + vb + vc;
  return sum > 0.0 ? Vec3(a + ab * (vb / sum) + ac * (vc / sum)) : a;
}

double squaredDistance(const Node& node, const Vec3& p) {
  const Vec3 outside = ((p - node.center.cast<double>()).cwiseAbs() - node.half.cast<double>()).cwiseMax(0.0);
  return outside.squaredNorm();
}

/// Distance along the ray to the triangle (Möller and Trumbore 1997).
std::optional<double> hit(const Vec3& from, const Vec3& direction, const Corners& corners) {
  const Vec3 a = corners[0].cast<double>();
  const Vec3 ab = corners[1].cast<double>() - a;
  const Vec3 ac = corners[2].cast<double>() - a;
  const Vec3 p = direction.cross(ac);
  const double determinant = ab.dot(p);
  if (determinant == 0.0) return std::nullopt;
  const Vec3 s = from - a;
  const double u = s.dot(p) / determinant;
  if (u < 0.0 || u > 1.0) return std::nullopt;
  const Vec3 q = s.cross(ab);
  const double v = direction.dot(q) / determinant;
  if (v < 0.0 || u + v > 1.0) return std::nullopt;
  const double distance = ac.dot(q) / determinant;
  return distance >= 0.0 ? std::optional(distance) : std::nullopt;
}

/// Where the ray enters the box; infinite when it does not.
double entry(const Node& node, const Vec3& from, const Vec3& inverse) {
  const Vec3 c = node.center.cast<double>() - from;
  const Vec3 h = node.half.cast<double>();
  double in = 0.0;
  double out = std::numeric_limits<double>::infinity();
  for (int i = 0; i < 3; ++i) {
    const double t1 = (c[i] - h[i]) * inverse[i];
    const double t2 = (c[i] + h[i]) * inverse[i];
    in = std::max(in, std::min(t1, t2));
    out = std::min(out, std::max(t1, t2));
  }
  return in <= out ? in : std::numeric_limits<double>::infinity();
}

/// Calls `leaf(node)` for every leaf whose box the ray enters nearer than `limit()`.
template <class Limit, class Leaf>
void alongRay(const std::vector<Node>& nodes, const Vec3& from, const Vec3& direction, Limit limit,
              Leaf leaf) {
  const Vec3 inverse = direction.cwiseInverse();
  std::vector<std::uint32_t> stack = {0};
  while (!stack.empty()) {
    const Node& node = nodes[stack.back()];
    stack.pop_back();
    if (!(entry(node, from, inverse) < limit())) continue;
    if (node.count > 0) {
      leaf(node);
    } else {
      stack.push_back(node.first);
      stack.push_back(node.first + 1);
    }
  }
}

}  // namespace

MeshTree::MeshTree(const TriangleMesh& mesh) {
  if (mesh.empty()) return;
  std::vector<Corners> corners;
  corners.reserve(mesh.triangles.size());
  for (const auto& t : mesh.triangles)
    corners.push_back({mesh.vertices[t[0]], mesh.vertices[t[1]], mesh.vertices[t[2]]});
  Builder builder(corners);
  nodes_ = std::move(builder.nodes);
  triangleOf_ = std::move(builder.order);
  corners_.reserve(corners.size());
  for (const std::uint32_t t : triangleOf_) corners_.push_back(corners[t]);
}

MeshTree::Closest MeshTree::closest(const Vec3& p, double withinMm) const {
  Closest best;
  if (empty()) return best;
  const Corners* nearest = nullptr;
  double bestSquared = withinMm * withinMm;
  struct Visit {
    std::uint32_t node;
    double squared;
  };
  std::vector<Visit> stack = {{0, squaredDistance(nodes_[0], p)}};
  while (!stack.empty()) {
    const Visit visit = stack.back();
    stack.pop_back();
    if (visit.squared > bestSquared) continue;
    const Node& node = nodes_[visit.node];
    for (std::uint32_t i = node.first; i < node.first + node.count; ++i) {
      const Vec3 q = closestOnTriangle(p, corners_[i][0].cast<double>(), corners_[i][1].cast<double>(),
                                       corners_[i][2].cast<double>());
      const double squared = (q - p).squaredNorm();
      if (squared > bestSquared) continue;
      bestSquared = squared;
      best = {q, std::sqrt(squared), triangleOf_[i], Vec3::Zero()};
      nearest = &corners_[i];
    }
    if (node.count > 0) continue;
    Visit near{node.first, squaredDistance(nodes_[node.first], p)};
    Visit far{node.first + 1, squaredDistance(nodes_[node.first + 1], p)};
    if (far.squared < near.squared) std::swap(near, far);
    stack.push_back(far);
    stack.push_back(near);
  }
  if (nearest != nullptr) {
    const Eigen::Vector3f& a = nearest->front();
    best.normal = ((*nearest)[1] - a).cross((*nearest)[2] - a).cast<double>().normalized();
  }
  return best;
}

bool MeshTree::contains(const Vec3& p) const {
  if (empty() || squaredDistance(nodes_[0], p) > 0.0) return false;
  // Directions without symmetry; the majority decides should one ray run through an edge.
  const std::array<Vec3, 3> directions = {Vec3(0.5377, 0.8339, -0.1247).normalized(),
                                          Vec3(-0.7193, 0.2811, 0.6353).normalized(),
                                          Vec3(0.1731, -0.6127, -0.7711).normalized()};
  int inside = 0;
  for (const Vec3& direction : directions) {
    int crossings = 0;
    alongRay(
        nodes_, p, direction, [] { return std::numeric_limits<double>::infinity(); },
        [&](const Node& node) {
          for (std::uint32_t i = node.first; i < node.first + node.count; ++i)
            if (hit(p, direction, corners_[i])) ++crossings;
        });
    inside += crossings % 2;
  }
  return inside >= 2;
}

double MeshTree::signedDistance(const Vec3& p) const {
  const double distance = closest(p).distanceMm;
  return contains(p) ? -distance : distance;
}

std::optional<double> MeshTree::firstHit(const Vec3& from, const Vec3& direction) const {
  if (empty()) return std::nullopt;
  double nearest = std::numeric_limits<double>::infinity();
  alongRay(
      nodes_, from, direction, [&] { return nearest; },
      [&](const Node& node) {
        for (std::uint32_t i = node.first; i < node.first + node.count; ++i)
          if (const auto distance = hit(from, direction, corners_[i])) nearest = std::min(nearest, *distance);
      });
  return std::isfinite(nearest) ? std::optional(nearest) : std::nullopt;
}

}  // namespace coxa
