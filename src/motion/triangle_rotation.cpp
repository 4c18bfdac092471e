#include "triangle_rotation.hpp"

#include <algorithm>
#include <cmath>

namespace coxa {

namespace {

/// Overlap of neighbouring features, so that no touch falls between them through rounding.
constexpr double kSlack = 1e-9;
/// Surfaces that graze the path at less than about 6° are counted as if at 6°: the linear error would grow
/// without bound.
constexpr double kLeastSlope = 0.1;

/// Angle in [0, 2π) that turns `from` onto `to` about z; a hair below zero counts as zero.
double turn(const Vec3& from, const Vec3& to) {
  const double angle =
      std::atan2(from.x() * to.y() - from.y() * to.x(), from.x() * to.x() + from.y() * to.y());
  if (angle >= 0.0) return angle;
  return angle > -kSlack ? 0.0 : angle + 2.0 * kPi;
}

Vec3 turned(const Vec3& p, double angle) {
  const double c = std::cos(angle);
  const double s = std::sin(angle);
  return {c * p.x() - s * p.y(), s * p.x() + c * p.y(), p.z()};
}

double radPerMm(const Vec3& point, const Vec3& normal) {
  const double radius = std::hypot(point.x(), point.y());
  const double length = normal.norm();
  if (radius == 0.0 || length == 0.0) return 0.0;
  const double slope = std::abs(normal.y() * point.x() - normal.x() * point.y()) / (radius * length);
  return 1.0 / (radius * std::max(slope, kLeastSlope));
}

bool inside(const AxisTriangle& t, const Vec3& p) {
  const double slack = -kSlack * t.normal.squaredNorm();
  for (std::size_t i = 0; i < 3; ++i) {
    const Vec3& from = t.p[i];
    if (t.normal.dot((t.p[(i + 1) % 3] - from).cross(p - from)) < slack) return false;
  }
  return true;
}

/// Where the circle of `vertex` about z meets the triangle; calls `at(point)`.
template <class At>
void onCircle(const Vec3& vertex, const AxisTriangle& t, At at) {
  if (vertex.z() < t.lowHeight - kSlack || vertex.z() > t.highHeight + kSlack) return;
  const double m2 = t.normal.x() * t.normal.x() + t.normal.y() * t.normal.y();
  const double d = t.normal.dot(t.p[0]) - t.normal.z() * vertex.z();
  const double radius2 = vertex.x() * vertex.x() + vertex.y() * vertex.y();
  const double root2 = radius2 * m2 - d * d;
  if (!(m2 > 0.0) || root2 < 0.0) return;
  const double h = std::sqrt(root2) / m2;
  for (const double sign : {-1.0, 1.0}) {
    const Vec3 p(t.normal.x() * d / m2 - sign * h * t.normal.y(),
                 t.normal.y() * d / m2 + sign * h * t.normal.x(), vertex.z());
    if (inside(t, p)) at(p);
  }
}

void vertexOnFixedFace(const Vec3& vertex, const AxisTriangle& fixed, Touch& best) {
  onCircle(vertex, fixed, [&](const Vec3& p) {
    const double angle = turn(vertex, p);
    if (angle < best.angle) best = {angle, p, radPerMm(p, fixed.normal), true};
  });
}

void fixedVertexOnFace(const Vec3& vertex, const AxisTriangle& moving, Touch& best) {
  onCircle(vertex, moving, [&](const Vec3& p) {
    const double angle = turn(p, vertex);
    if (angle < best.angle) best = {angle, vertex, radPerMm(p, moving.normal), true};
  });
}

/// Real roots of a·x² + 2·b·x + c without cancellation; returns their number.
int roots(double a, double b, double c, std::array<double, 2>& x) {
  const double discriminant = b * b - a * c;
  if (discriminant < 0.0) return 0;
  const double q = -(b + std::copysign(std::sqrt(discriminant), b));
  if (q == 0.0) {
    x[0] = 0.0;
    return a != 0.0 ? 1 : 0;
  }
  x[0] = c / q;
  if (a == 0.0) return 1;
  x[1] = q / a;
  return 2;
}

struct Edge {
  const Vec3& from;
  Vec3 along;
  Vec3 at(double s) const { return from + s * along; }
};

double dot2(const Vec3& a, const Vec3& b) {
  return a.x() * b.x() + a.y() * b.y();
}

/// Points p + s·dp and q + t·dq of equal height and radius: s is linear in t, t solves a quadratic.
/// Needs p's edge to change height; calls `at(s, t)` for each solution on both edges.
template <class At>
void equalCircles(const Edge& p, const Edge& q, At at) {
  const double s0 = (q.from.z() - p.from.z()) / p.along.z();
  const double s1 = q.along.z() / p.along.z();
  const Vec3 base = p.at(s0);
  const Vec3 slope = s1 * p.along;
  std::array<double, 2> t{};
  const int count =
      roots(dot2(slope, slope) - dot2(q.along, q.along), dot2(base, slope) - dot2(q.from, q.along),
            dot2(base, base) - dot2(q.from, q.from), t);
  for (int i = 0; i < count; ++i) {
    const double ti = t[static_cast<std::size_t>(i)];
    const double si = s0 + ti * s1;
    if (ti >= -kSlack && ti <= 1.0 + kSlack && si >= -kSlack && si <= 1.0 + kSlack) at(si, ti);
  }
}

void edgeOnEdge(const Edge& moving, const Edge& fixed, Touch& best) {
  const auto consider = [&](double s, double t) {
    const Vec3 to = fixed.at(t);
    const double angle = turn(moving.at(s), to);
    if (angle >= best.angle) return;
    best = {angle, to, radPerMm(to, turned(moving.along, angle).cross(fixed.along)), true};
  };
  if (std::abs(moving.along.z()) >= std::abs(fixed.along.z())) {
    if (moving.along.z() != 0.0) equalCircles(moving, fixed, consider);
  } else {
    equalCircles(fixed, moving, [&](double t, double s) { consider(s, t); });
  }
}

}  // namespace

void firstTouch(const AxisTriangle& moving, const AxisTriangle& fixed, Touch& best) {
  for (const Vec3& vertex : moving.p) vertexOnFixedFace(vertex, fixed, best);
  for (const Vec3& vertex : fixed.p) fixedVertexOnFace(vertex, moving, best);
  for (std::size_t i = 0; i < 3; ++i) {
    const Edge a{moving.p[i], moving.p[(i + 1) % 3] - moving.p[i]};
    for (std::size_t j = 0; j < 3; ++j) {
      const Edge b{fixed.p[j], fixed.p[(j + 1) % 3] - fixed.p[j]};
      const double low = std::max(std::min(a.from.z(), a.from.z() + a.along.z()),
                                  std::min(b.from.z(), b.from.z() + b.along.z()));
      const double high = std::min(std::max(a.from.z(), a.from.z() + a.along.z()),
                                   std::max(b.from.z(), b.from.z() + b.along.z()));
      if (low <= high) edgeOnEdge(a, b, best);
    }
  }
}

}  // namespace coxa
