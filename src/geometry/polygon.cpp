#include "polygon.hpp"

#include <algorithm>
#include <limits>
#include <optional>

namespace coxa {

namespace {

using Point = Eigen::Vector2d;
using Rim = std::vector<std::uint32_t>;

double cross(const Point& o, const Point& a, const Point& b) {
  return (a.x() - o.x()) * (b.y() - o.y()) - (a.y() - o.y()) * (b.x() - o.x());
}

double signedArea(const std::vector<Point>& points, const Rim& rim) {
  double twice = 0.0;
  for (std::size_t i = 0; i < rim.size(); ++i) {
    const Point& a = points[rim[i]];
    const Point& b = points[rim[(i + 1) % rim.size()]];
    twice += a.x() * b.y() - a.y() * b.x();
  }
  return twice / 2.0;
}

bool contains(const std::vector<Point>& points, const Rim& rim, const Point& p) {
  bool inside = false;
  for (std::size_t i = 0; i < rim.size(); ++i) {
    const Point& a = points[rim[i]];
    const Point& b = points[rim[(i + 1) % rim.size()]];
    if ((a.y() > p.y()) == (b.y() > p.y())) continue;
    if (p.x() < a.x() + (b.x() - a.x()) * (p.y() - a.y()) / (b.y() - a.y())) inside = !inside;
  }
  return inside;
}

bool segmentsCross(const Point& a, const Point& b, const Point& c, const Point& d) {
  return cross(a, b, c) * cross(a, b, d) < 0.0 && cross(c, d, a) * cross(c, d, b) < 0.0;
}

/// Whether the bridge from rim vertex `i` towards `to` starts into the polygon's inside.
bool opensInto(const std::vector<Point>& points, const Rim& rim, std::size_t i, const Point& to) {
  const Point& before = points[rim[(i + rim.size() - 1) % rim.size()]];
  const Point& at = points[rim[i]];
  const Point& after = points[rim[(i + 1) % rim.size()]];
  const bool convex = cross(before, at, after) >= 0.0;
  const bool left = cross(before, at, to) >= 0.0;
  const bool right = cross(at, after, to) >= 0.0;
  return convex ? left && right : left || right;
}

/// Joins the hole to the rim by a pair of opposite bridge edges between their nearest mutually visible
/// vertices.
void join(const std::vector<Point>& points, Rim& rim, const Rim& hole) {
  const auto rightmost = std::max_element(hole.begin(), hole.end(), [&](std::uint32_t a, std::uint32_t b) {
    return points[a].x() < points[b].x();
  });
  const Point& from = points[*rightmost];
  const auto visible = [&](std::size_t i) {
    if (!opensInto(points, rim, i, from)) return false;
    for (std::size_t e = 0; e < rim.size(); ++e)
      if (segmentsCross(from, points[rim[i]], points[rim[e]], points[rim[(e + 1) % rim.size()]]))
        return false;
    for (std::size_t e = 0; e < hole.size(); ++e)
      if (segmentsCross(from, points[rim[i]], points[hole[e]], points[hole[(e + 1) % hole.size()]]))
        return false;
    return true;
  };
  std::vector<std::size_t> nearest(rim.size());
  for (std::size_t i = 0; i < rim.size(); ++i) nearest[i] = i;
  std::sort(nearest.begin(), nearest.end(), [&](std::size_t a, std::size_t b) {
    return (points[rim[a]] - from).squaredNorm() < (points[rim[b]] - from).squaredNorm();
  });
  const auto found = std::find_if(nearest.begin(), nearest.end(), visible);
  const std::size_t bridge = found != nearest.end() ? *found : nearest.front();

  Rim inserted(rightmost, hole.end());
  inserted.insert(inserted.end(), hole.begin(), rightmost);
  inserted.push_back(*rightmost);
  inserted.push_back(rim[bridge]);
  rim.insert(rim.begin() + static_cast<std::ptrdiff_t>(bridge) + 1, inserted.begin(), inserted.end());
}

bool isEar(const std::vector<Point>& points, const Rim& rim, std::size_t i) {
  const std::uint32_t a = rim[(i + rim.size() - 1) % rim.size()];
  const std::uint32_t b = rim[i];
  const std::uint32_t c = rim[(i + 1) % rim.size()];
  if (cross(points[a], points[b], points[c]) <= 0.0) return false;
  return std::none_of(rim.begin(), rim.end(), [&](std::uint32_t v) {
    const Point& p = points[v];
    if (p == points[a] || p == points[b] || p == points[c]) return false;
    return cross(points[a], points[b], p) >= 0.0 && cross(points[b], points[c], p) >= 0.0 &&
           cross(points[c], points[a], p) >= 0.0;
  });
}

/// The flattest corner: cut off where rounding leaves no proper ear.
std::size_t flattest(const std::vector<Point>& points, const Rim& rim) {
  std::size_t best = 0;
  double least = std::numeric_limits<double>::infinity();
  for (std::size_t i = 0; i < rim.size(); ++i) {
    const double twice = std::abs(cross(points[rim[(i + rim.size() - 1) % rim.size()]], points[rim[i]],
                                        points[rim[(i + 1) % rim.size()]]));
    if (twice < least) {
      least = twice;
      best = i;
    }
  }
  return best;
}

void clipEars(const std::vector<Point>& points, Rim rim, std::vector<TriangleMesh::Triangle>& triangles) {
  std::size_t at = 0;
  std::size_t refused = 0;
  while (rim.size() >= 3) {
    at %= rim.size();
    const bool stuck = refused >= rim.size();
    if (stuck) at = flattest(points, rim);
    if (!stuck && rim.size() > 3 && !isEar(points, rim, at)) {
      ++at;
      ++refused;
      continue;
    }
    triangles.push_back({rim[(at + rim.size() - 1) % rim.size()], rim[at], rim[(at + 1) % rim.size()]});
    rim.erase(rim.begin() + static_cast<std::ptrdiff_t>(at));
    refused = 0;
    ++at;  // the next ear elsewhere: fewer slivers than a fan
  }
}

}  // namespace

std::vector<TriangleMesh::Triangle> triangulated(const std::vector<Point>& points,
                                                 const std::vector<Rim>& rims) {
  std::vector<Rim> outer;
  std::vector<Rim> holes;
  for (const Rim& rim : rims) (signedArea(points, rim) >= 0.0 ? outer : holes).push_back(rim);

  // Holes right to left, so that a bridge never has to cross a hole not yet joined.
  const auto right = [&](const Rim& rim) {
    double x = -std::numeric_limits<double>::infinity();
    for (const std::uint32_t v : rim) x = std::max(x, points[v].x());
    return x;
  };
  std::sort(holes.begin(), holes.end(), [&](const Rim& a, const Rim& b) { return right(a) > right(b); });
  std::vector<double> areas;
  for (const Rim& rim : outer) areas.push_back(signedArea(points, rim));
  const std::vector<Rim> borders = outer;
  for (const Rim& hole : holes) {
    std::optional<std::size_t> owner;
    for (std::size_t i = 0; i < borders.size(); ++i)
      if (contains(points, borders[i], points[hole.front()]) && (!owner || areas[i] < areas[*owner]))
        owner = i;
    if (owner) join(points, outer[*owner], hole);
  }

  std::vector<TriangleMesh::Triangle> triangles;
  for (Rim& rim : outer) clipEars(points, std::move(rim), triangles);
  return triangles;
}

}  // namespace coxa
