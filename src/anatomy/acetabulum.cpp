#include "right_hip.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace coxa {

namespace {

// Points of the hip bone that face the centre of `near` and lie within `bandMm` of its surface.
std::vector<Vec3> facing(const BoneSurface& hipBone, const Sphere& near, double bandMm, double facingCos) {
  std::vector<Vec3> points;
  for (std::size_t i = 0; i < hipBone.points.size(); ++i) {
    const Vec3 inward = near.center - hipBone.points[i];
    const double distance = inward.norm();
    if (std::abs(distance - near.radiusMm) < bandMm && hipBone.normals[i].dot(inward) > facingCos * distance)
      points.push_back(hipBone.points[i]);
  }
  return points;
}

Vec3 openingOf(const std::vector<Vec3>& inner, const Vec3& center) {
  Vec3 sum = Vec3::Zero();
  for (const auto& p : inner) sum += (center - p).normalized();
  return sum.normalized();
}

// The fossa is only some two or three millimetres deeper than the lunate surface, so no robust fit tells them
// apart; but it lies around and below the socket's deepest point.
std::vector<Vec3> withoutFossa(std::vector<Vec3> inner, const Vec3& center) {
  constexpr double kFossaCos = 0.7;
  const Vec3 fossa = (-openingOf(inner, center) - 0.35 * Vec3::UnitZ()).normalized();
  std::erase_if(inner, [&](const Vec3& p) { return (p - center).normalized().dot(fossa) > kFossaCos; });
  return inner;
}

std::optional<Sphere> lunateSphere(const BoneSurface& hipBone, const Sphere& head) {
  Sphere socket{head.center, head.radiusMm + 2.5, 0.0};
  for (double bandMm = 4.0; bandMm > 1.5; bandMm *= 0.85) {
    const auto points = withoutFossa(facing(hipBone, socket, bandMm, 0.8), socket.center);
    if (points.size() < 50) return std::nullopt;
    const auto fit = fitSphereRobust(points, 0.5);
    if (!fit) return std::nullopt;
    const bool aroundHead = (fit->center - head.center).norm() < 0.5 * head.radiusMm;
    if (!aroundHead || fit->radiusMm > 1.6 * head.radiusMm) return std::nullopt;
    socket = *fit;
  }
  return socket;
}

// In most hips socket and head share their centre. Where the seen part of the socket is too small or too
// rough for a sphere of its own, the one around the head's centre at its median distance stands in.
std::optional<Sphere> concentricSphere(const BoneSurface& hipBone, const Sphere& head) {
  std::vector<double> distances;
  for (const auto& p : facing(hipBone, {head.center, head.radiusMm + 2.5, 0.0}, 4.0, 0.8))
    distances.push_back((p - head.center).norm());
  if (distances.size() < 50) return std::nullopt;
  const auto middle = distances.begin() + static_cast<std::ptrdiff_t>(distances.size() / 2);
  std::nth_element(distances.begin(), middle, distances.end());
  Sphere sphere{head.center, *middle, 0.0};
  for (const double distance : distances) sphere.rmsMm += std::pow(distance - sphere.radiusMm, 2);
  sphere.rmsMm = std::sqrt(sphere.rmsMm / static_cast<double>(distances.size()));
  return sphere;
}

// The notch interrupts the rim below, somewhat anterior: from 112° to 188°, where 0° is up and 90° anterior.
bool inNotch(double clockDeg) {
  return clockDeg > 112.0 && clockDeg < 188.0;
}

// In each direction around the opening, the point where the socket's inner surface ends; none in the notch.
std::vector<Vec3> rimPoints(const BoneSurface& hipBone, const Sphere& socket, const Vec3& opening) {
  constexpr std::size_t kSectors = 72;
  const Vec3 up = perpendicularPart(Vec3::UnitZ(), opening).normalized(), anterior = up.cross(opening);
  std::array<std::optional<Vec3>, kSectors> ends;
  std::array<double, kSectors> heights{};
  for (const auto& p : facing(hipBone, socket, 4.0, 0.3)) {
    const Vec3 radial = (p - socket.center).normalized();
    const double angle = degFromRad(std::atan2(radial.dot(anterior), radial.dot(up)));
    const double clockDeg = angle < 0.0 ? angle + 360.0 : angle;
    if (inNotch(clockDeg)) continue;
    const std::size_t sector = std::min(kSectors - 1, static_cast<std::size_t>(clockDeg / 360.0 * kSectors));
    const double height = radial.dot(opening);
    if (ends[sector] && height <= heights[sector]) continue;
    ends[sector] = p;
    heights[sector] = height;
  }
  std::vector<Vec3> rim;
  for (const auto& end : ends)
    if (end) rim.push_back(*end);
  return rim;
}

// The rim rises and falls by some millimetres; the tenth that lies farthest off (osteophytes, gaps) is
// dropped.
std::optional<Plane> trimmedPlane(std::vector<Vec3> points) {
  const std::size_t kept = points.size() * 9 / 10;
  auto plane = fitPlane(points);
  while (plane && points.size() > kept) {
    const auto farthest = std::max_element(points.begin(), points.end(), [&](const Vec3& a, const Vec3& b) {
      return std::abs(plane->signedDistance(a)) < std::abs(plane->signedDistance(b));
    });
    points.erase(farthest);
    plane = fitPlane(points);
  }
  return plane;
}

// In most hips the centres of socket and head coincide, and cartilage lies between them: where the labels say
// otherwise, one of them may be wrong.
double socketSdMm(const Sphere& socket, const Sphere& head) {
  constexpr double kMethodSdMm = 0.8, kLeastGapMm = 1.0;
  const double apartMm = (socket.center - head.center).norm();
  const double overlapMm = std::max(0.0, head.radiusMm + kLeastGapMm - socket.radiusMm);
  return std::hypot(kMethodSdMm, 0.5 * apartMm, overlapMm);
}

}  // namespace

void findAcetabulum(const BoneSurface& hipBone, double resolutionMm, RightHip& hip) {
  HipLandmarks& found = hip.landmarks;
  if (!found.femoralHead) {
    hip.missing.push_back({"acetabulum", "without a femoral head the acetabulum was not looked for."});
    return;
  }
  const Sphere& head = found.femoralHead->sphere;
  const auto own = lunateSphere(hipBone, head);
  const auto socket = own ? own : concentricSphere(hipBone, head);
  if (!socket) {
    hip.missing.push_back({"acetabulum",
                           "no sphere fits the hip bone around the femoral head. Check the labels, "
                           "or place the acetabulum by hand."});
    return;
  }
  constexpr double kConcentricSdMm = 2.5;
  const double methodSdMm = std::hypot(socketSdMm(*socket, head), own ? 0.0 : kConcentricSdMm);
  found.acetabulum = SphereLandmark{*socket, trustIn(methodSdMm, 0.5 * resolutionMm, socket->rmsMm)};
  if (!own) found.acetabulum->trust.note = "no sphere of its own fits: around the femoral head's centre";
  const Vec3 opening = openingOf(facing(hipBone, *socket, 1.5, 0.8), socket->center);
  auto plane = trimmedPlane(rimPoints(hipBone, *socket, opening));
  if (!plane) {
    hip.missing.push_back({"acetabular-rim", "the acetabular rim was not found."});
    return;
  }
  if (plane->normal.dot(opening) < 0.0) plane->normal *= -1.0;
  found.acetabularRim =
      PlaneLandmark{*plane, trustIn(0.5 * plane->rmsMm, 0.5 * resolutionMm, 0.3 * plane->rmsMm)};
}

}  // namespace coxa
