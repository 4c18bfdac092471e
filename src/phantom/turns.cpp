#include "turns.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace coxa {

double smoothFall(double value, double full, double none) {
  const double t = std::clamp((value - full) / (none - full), 0.0, 1.0);
  return 1.0 - t * t * (3.0 - 2.0 * t);
}

Vec3 FadingTurn::turned(const Vec3& p, double sense) const {
  if (turn.angle() == 0.0) return p;
  const Vec3 r = p - center;
  const double distance = from == From::Center ? r.norm() : turn.axis().cross(r).norm();
  if (distance >= noneMm) return p;
  const double angle = sense * turn.angle() * smoothFall(distance, fullMm, noneMm);
  return center + Eigen::AngleAxisd(angle, turn.axis()) * r;
}

Vec3 Torsion::turned(const Vec3& p, double sense) const {
  const Vec3 r = p - start;
  const double along = turn.axis().dot(r);
  if (turn.angle() == 0.0 || along <= 0.0) return p;
  const double angle = sense * turn.angle() * (1.0 - smoothFall(along, 0.0, overMm));
  return start + Eigen::AngleAxisd(angle, turn.axis()) * r;
}

double ConeTurn::shareAt(const Vec3& r) const {
  const double distance = r.norm();
  if (distance >= noneMm || distance == 0.0) return 0.0;
  const double angle = std::acos(std::clamp(r.dot(toward) / distance, -1.0, 1.0));
  return smoothFall(angle, fullRad, noneRad) * smoothFall(distance, fullMm, noneMm);
}

Vec3 ConeTurn::moved(const Vec3& p) const {
  if (turn.angle() == 0.0) return p;
  const Vec3 r = p - apex;
  return apex + Eigen::AngleAxisd(turn.angle() * shareAt(r), turn.axis()) * r;
}

// The angle by which the point was turned, found by secants: its excess over what the place before the turn
// asks for falls strictly with it.
Vec3 ConeTurn::back(const Vec3& p) const {
  constexpr int kMost = 20;
  constexpr double kCloseRad = 1e-6;
  if (turn.angle() == 0.0) return p;
  const Vec3 r = p - apex;
  const auto before = [&](double angle) -> Vec3 { return Eigen::AngleAxisd(-angle, turn.axis()) * r; };
  const auto excess = [&](double angle) { return turn.angle() * shareAt(before(angle)) - angle; };
  double last = 0.0, lastExcess = excess(last), angle = lastExcess;
  for (int n = 0; n < kMost && std::abs(angle - last) > kCloseRad; ++n) {
    const double now = excess(angle);
    if (now == lastExcess) break;
    const double next = angle - now * (angle - last) / (now - lastExcess);
    last = std::exchange(angle, next);
    lastExcess = now;
  }
  return apex + before(angle);
}

}  // namespace coxa
