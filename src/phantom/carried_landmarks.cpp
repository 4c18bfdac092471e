#include "carried_landmarks.hpp"

namespace coxa {

namespace {

PointLandmark carried(PointLandmark landmark, const PointMap& map) {
  landmark.position = map(landmark.position);
  return landmark;
}

SphereLandmark carried(SphereLandmark landmark, const PointMap& map) {
  std::vector<Vec3> points;
  for (int a = 1; a < 12; ++a)
    for (int b = 0; b < 24; ++b) {
      const double polar = kPi * a / 12, azimuth = 2 * kPi * b / 24;
      const Vec3 normal(std::sin(polar) * std::cos(azimuth), std::sin(polar) * std::sin(azimuth),
                        std::cos(polar));
      points.push_back(map(landmark.sphere.center + landmark.sphere.radiusMm * normal));
    }
  if (const auto fit = fitSphere(points)) landmark.sphere = *fit;
  return landmark;
}

PlaneLandmark carried(PlaneLandmark landmark, const PointMap& map) {
  constexpr double kRimRadiusMm = 25.0;
  const Vec3 normal = landmark.plane.normal, first = normal.unitOrthogonal(), second = normal.cross(first);
  std::vector<Vec3> points;
  for (int n = 0; n < 24; ++n) {
    const double angle = 2 * kPi * n / 24;
    points.push_back(
        map(landmark.plane.point + kRimRadiusMm * (std::cos(angle) * first + std::sin(angle) * second)));
  }
  if (const auto fit = fitPlane(points)) {
    landmark.plane = *fit;
    if (landmark.plane.normal.dot(normal) < 0) landmark.plane.normal *= -1;
  }
  return landmark;
}

AxisLandmark carried(AxisLandmark landmark, const PointMap& map, double reachMm) {
  std::vector<Vec3> points;
  for (int n = -4; n <= 4; ++n)
    points.push_back(map(landmark.line.point + 0.25 * n * reachMm * landmark.line.direction));
  if (auto fit = fitLine(points)) {
    if (fit->direction.dot(points.back() - points.front()) < 0) fit->direction *= -1;
    fit->point = map(landmark.line.point);
    landmark.line = *fit;
  }
  return landmark;
}

template <class Landmark, class... How>
void carry(std::optional<Landmark>& landmark, const PointMap& map, How... how) {
  if (!landmark) return;
  landmark = carried(*landmark, map, how...);
  landmark->trust = {0.0, 1.0, false, "truth: carried from the atlas"};
}

}  // namespace

void carryPelvis(HipLandmarks& hip, const PointMap& map) {
  carry(hip.asis, map);
  carry(hip.pubicTubercle, map);
  carry(hip.acetabulum, map);
  carry(hip.acetabularRim, map);
}

void carryFemur(HipLandmarks& hip, const PointMap& map, double axisReachMm) {
  carry(hip.greaterTrochanter, map);
  carry(hip.lesserTrochanter, map);
  carry(hip.medialEpicondyle, map);
  carry(hip.lateralEpicondyle, map);
  carry(hip.femoralHead, map);
  carry(hip.femoralNeck, map, axisReachMm);
  carry(hip.femoralShaft, map, axisReachMm);
}

}  // namespace coxa
