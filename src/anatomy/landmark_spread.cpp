#include "coxa/anatomy/landmark_spread.hpp"

#include <algorithm>
#include <cmath>

namespace coxa {

namespace {

double distance(const PointLandmark& a, const PointLandmark& b) {
  return (a.position - b.position).norm();
}

double distance(const SphereLandmark& a, const SphereLandmark& b) {
  return (a.sphere.center - b.sphere.center).norm();
}

double distanceToLine(const Vec3& p, const Line& line) {
  return (p - line.point).cross(line.direction).norm();
}

double distance(const AxisLandmark& a, const AxisLandmark& b) {
  constexpr double kFurtherMm = 60.0;
  const double near = distanceToLine(a.line.point, b.line);
  const double far = distanceToLine(a.line.point + kFurtherMm * a.line.direction, b.line);
  return std::sqrt(0.5 * (near * near + far * far));
}

// Root mean square height of a circle in one plane over the other.
double distance(const PlaneLandmark& a, const PlaneLandmark& b) {
  constexpr double kRadiusMm = 25.0;
  const double middle = (a.plane.point - b.plane.point).dot(b.plane.normal);
  const double tilt = kRadiusMm * a.plane.normal.cross(b.plane.normal).norm();
  return std::sqrt(middle * middle + 0.5 * tilt * tilt);
}

template <class Landmark>
void addSpread(std::optional<Landmark>& landmark, const std::vector<std::optional<Landmark>>& samples) {
  if (!landmark || landmark->trust.corrected) return;
  std::vector<const Landmark*> found;
  for (const auto& sample : samples)
    if (sample) found.push_back(&*sample);
  double squares = 0.0;
  std::size_t pairs = 0;
  for (std::size_t a = 0; a < found.size(); ++a)
    for (std::size_t b = a + 1; b < found.size(); ++b, ++pairs)
      squares += std::pow(distance(*found[a], *found[b]), 2);
  const double sd = pairs > 0 ? std::sqrt(0.5 * squares / static_cast<double>(pairs)) : 0.0;

  constexpr double kFallMm = 10.0;
  Trust& trust = landmark->trust;
  trust.sdMm = std::hypot(trust.sdMm, sd);
  trust.confidence *=
      std::exp(-sd / kFallMm) * static_cast<double>(found.size()) / static_cast<double>(samples.size());
}

template <class Landmark>
void addSpread(LandmarkSet& landmarks, const std::vector<LandmarkSet>& samples, Side side,
               std::optional<Landmark> HipLandmarks::*member) {
  std::vector<std::optional<Landmark>> found;
  found.reserve(samples.size());
  for (const auto& sample : samples) found.push_back(sample.side(side).*member);
  addSpread(landmarks.side(side).*member, found);
}

}  // namespace

void addSpread(LandmarkSet& landmarks, const std::vector<LandmarkSet>& samples) {
  if (samples.size() < 2) return;
  for (const Side side : {Side::Left, Side::Right}) {
    for (const auto point :
         {&HipLandmarks::asis, &HipLandmarks::pubicTubercle, &HipLandmarks::greaterTrochanter,
          &HipLandmarks::lesserTrochanter, &HipLandmarks::medialEpicondyle, &HipLandmarks::lateralEpicondyle})
      addSpread(landmarks, samples, side, point);
    for (const auto ball : {&HipLandmarks::femoralHead, &HipLandmarks::acetabulum})
      addSpread(landmarks, samples, side, ball);
    for (const auto axis : {&HipLandmarks::femoralNeck, &HipLandmarks::femoralShaft})
      addSpread(landmarks, samples, side, axis);
    addSpread(landmarks, samples, side, &HipLandmarks::acetabularRim);
  }
}

}  // namespace coxa
