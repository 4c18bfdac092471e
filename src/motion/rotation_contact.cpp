#include "rotation_contact.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace coxa {

namespace {

using Node = MeshTree::Node;

constexpr double kPadding = 1e-7;   // mm, for rounding
constexpr double kAllAround = 4.0;  // radians: more than half a turn to each side
constexpr double kNever = 10.0;     // radians: more than a turn

/// Bounds of a body part in cylindrical coordinates about z.
struct Ring {
  double lowRadius = 0.0;
  double highRadius = 0.0;
  double lowHeight = 0.0;
  double highHeight = 0.0;
  double lowDistance = 0.0;  ///< from the frame's origin: the joint's centre, which no rotation changes
  double highDistance = 0.0;
  double azimuth = 0.0;    ///< of its middle, radians
  double halfWidth = 0.0;  ///< in azimuth; π and more: all around
};

/// An upper bound of atan(x) for x ≥ 0 that costs no transcendental function.
double atanBound(double x) {
  return x < 1.0 ? x : kPi / 2.0 - x / (1.0 + x * x);
}

class NodeRings {
 public:
  NodeRings(const MeshTree& tree, const RigidTransform& axis_from_body)
      : tree_(tree), m_(axis_from_body), origin_(axis_from_body.inverse().translation()) {}

  Ring operator()(std::uint32_t index) const {
    const Node& node = tree_.nodes()[index];
    const Vec3 c = m_ * node.center.cast<double>();
    const Vec3 h = node.half.cast<double>();
    const double radius = std::sqrt(c.x() * c.x() + c.y() * c.y());
    const Vec3 x = m_.linear().row(0);
    const Vec3 y = m_.linear().row(1);
    const double ux = radius > 0.0 ? c.x() / radius : 1.0;
    const double uy = radius > 0.0 ? c.y() / radius : 0.0;
    const double outward = (x * ux + y * uy).cwiseAbs().dot(h);
    const double around = (y * ux - x * uy).cwiseAbs().dot(h);
    const double upward = Vec3(m_.linear().row(2)).cwiseAbs().dot(h);
    Ring ring;
    ring.lowHeight = c.z() - upward - kPadding;
    ring.highHeight = c.z() + upward + kPadding;
    ring.highRadius = std::sqrt((radius + outward) * (radius + outward) + around * around) + kPadding;
    ring.lowRadius = std::max(0.0, radius - outward - kPadding);
    const Vec3 offset = (node.center.cast<double>() - origin_).cwiseAbs();
    ring.lowDistance = (offset - h).cwiseMax(0.0).norm() - kPadding;
    ring.highDistance = (offset + h).norm() + kPadding;
    ring.azimuth = std::atan2(c.y(), c.x());
    ring.halfWidth = ring.lowRadius > 0.0 ? atanBound((around + kPadding) / ring.lowRadius) : kAllAround;
    return ring;
  }

  double size(std::uint32_t index) const { return double(tree_.nodes()[index].half.squaredNorm()); }

 private:
  const MeshTree& tree_;
  RigidTransform m_;
  Vec3 origin_;  // of the axis frame, in the body's
};

/// No touch before this angle; kNever when the parts stay apart for the whole turn.
double earliest(const Ring& moving, const Ring& fixed) {
  if (moving.lowHeight > fixed.highHeight || fixed.lowHeight > moving.highHeight ||
      moving.lowRadius > fixed.highRadius || fixed.lowRadius > moving.highRadius ||
      moving.lowDistance > fixed.highDistance || fixed.lowDistance > moving.highDistance)
    return kNever;
  double ahead = fixed.azimuth - moving.azimuth;
  if (ahead < 0.0) ahead += 2.0 * kPi;
  const double width = moving.halfWidth + fixed.halfWidth;
  return ahead + width >= 2.0 * kPi ? 0.0 : std::max(0.0, ahead - width);
}

AxisTriangle axisTriangle(const MeshTree::Corners& corners, const RigidTransform& axis_from_body) {
  AxisTriangle t;
  for (std::size_t i = 0; i < 3; ++i) t.p[i] = axis_from_body * corners[i].cast<double>();
  t.normal = (t.p[1] - t.p[0]).cross(t.p[2] - t.p[0]);
  t.lowHeight = std::min({t.p[0].z(), t.p[1].z(), t.p[2].z()});
  t.highHeight = std::max({t.p[0].z(), t.p[1].z(), t.p[2].z()});
  return t;
}

Ring ringOf(const AxisTriangle& t) {
  const Vec3 middle = (t.p[0] + t.p[1] + t.p[2]) / 3.0;
  const double radius = std::sqrt(middle.x() * middle.x() + middle.y() * middle.y());
  const double ux = radius > 0.0 ? middle.x() / radius : 1.0;
  const double uy = radius > 0.0 ? middle.y() / radius : 0.0;
  const double distance = middle.norm();
  const Vec3 direction = distance > 0.0 ? Vec3(middle / distance) : Vec3::UnitX();
  double along = std::numeric_limits<double>::infinity();
  double far2 = 0.0;
  double high2 = 0.0;
  double outward = std::numeric_limits<double>::infinity();
  double around = 0.0;
  Ring ring;
  ring.lowHeight = t.lowHeight - kPadding;
  ring.highHeight = t.highHeight + kPadding;
  for (const Vec3& p : t.p) {
    along = std::min(along, p.dot(direction));
    far2 = std::max(far2, p.squaredNorm());
    high2 = std::max(high2, p.x() * p.x() + p.y() * p.y());
    outward = std::min(outward, p.x() * ux + p.y() * uy);
    around = std::max(around, std::abs(p.y() * ux - p.x() * uy));
  }
  ring.lowDistance = along - kPadding;
  ring.highDistance = std::sqrt(far2) + kPadding;
  ring.highRadius = std::sqrt(high2) + kPadding;
  ring.lowRadius = std::max(0.0, outward - kPadding);
  ring.azimuth = std::atan2(uy, ux);
  ring.halfWidth = ring.lowRadius > 0.0 ? atanBound((around + kPadding) / ring.lowRadius) : kAllAround;
  return ring;
}

class Search {
 public:
  Search(const MeshTree& moving, const RigidTransform& axis_from_moving, const MeshTree& fixed,
         const RigidTransform& axis_from_fixed, Touch& best)
      : moving_(moving),
        fixed_(fixed),
        axis_from_moving_(axis_from_moving),
        axis_from_fixed_(axis_from_fixed),
        movingRing_(moving, axis_from_moving),
        fixedRing_(fixed, axis_from_fixed),
        best_(best) {}

  void run() {
    push(0, movingRing_(0), 0, fixedRing_(0));
    while (!heap_.empty()) {
      std::pop_heap(heap_.begin(), heap_.end(), later);
      const Pair pair = heap_.back();
      heap_.pop_back();
      if (pair.earliest >= best_.angle) return;
      expand(pair);
    }
  }

 private:
  struct Pair {
    std::uint32_t moving;
    std::uint32_t fixed;
    double earliest;
    Ring movingRing;
    Ring fixedRing;
  };

  static bool later(const Pair& a, const Pair& b) { return a.earliest > b.earliest; }

  void push(std::uint32_t moving, const Ring& movingRing, std::uint32_t fixed, const Ring& fixedRing) {
    const double angle = earliest(movingRing, fixedRing);
    if (angle >= best_.angle) return;
    heap_.push_back({moving, fixed, angle, movingRing, fixedRing});
    std::push_heap(heap_.begin(), heap_.end(), later);
  }

  void expand(const Pair& pair) {
    const Node& m = moving_.nodes()[pair.moving];
    const Node& f = fixed_.nodes()[pair.fixed];
    if (m.count > 0 && f.count > 0) {
      touchTriangles(m, f);
      return;
    }
    const bool splitMoving =
        f.count > 0 || (m.count == 0 && movingRing_.size(pair.moving) > fixedRing_.size(pair.fixed));
    for (std::uint32_t child = 0; child < 2; ++child) {
      if (splitMoving)
        push(m.first + child, movingRing_(m.first + child), pair.fixed, pair.fixedRing);
      else
        push(pair.moving, pair.movingRing, f.first + child, fixedRing_(f.first + child));
    }
  }

  struct Part {
    AxisTriangle triangle;
    Ring ring;
  };

  static void setParts(const MeshTree& tree, const Node& leaf, const RigidTransform& axis_from_body,
                       std::vector<Part>& parts) {
    parts.clear();
    for (std::uint32_t i = leaf.first; i < leaf.first + leaf.count; ++i) {
      const AxisTriangle triangle = axisTriangle(tree.corners()[i], axis_from_body);
      parts.push_back({triangle, ringOf(triangle)});
    }
  }

  void touchTriangles(const Node& m, const Node& f) {
    setParts(moving_, m, axis_from_moving_, movingParts_);
    setParts(fixed_, f, axis_from_fixed_, fixedParts_);
    for (const Part& a : movingParts_)
      for (const Part& b : fixedParts_)
        if (earliest(a.ring, b.ring) < best_.angle) firstTouch(a.triangle, b.triangle, best_);
  }

  const MeshTree& moving_;
  const MeshTree& fixed_;
  RigidTransform axis_from_moving_;
  RigidTransform axis_from_fixed_;
  NodeRings movingRing_;
  NodeRings fixedRing_;
  Touch& best_;
  std::vector<Pair> heap_;
  std::vector<Part> movingParts_;
  std::vector<Part> fixedParts_;
};

}  // namespace

void firstTouch(const MeshTree& moving, const RigidTransform& axis_from_moving, const MeshTree& fixed,
                const RigidTransform& axis_from_fixed, Touch& best) {
  if (moving.empty() || fixed.empty()) return;
  Search(moving, axis_from_moving, fixed, axis_from_fixed, best).run();
}

}  // namespace coxa
