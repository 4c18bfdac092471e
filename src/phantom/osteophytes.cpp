#include "osteophytes.hpp"

#include <algorithm>

namespace coxa {

namespace {

constexpr double kMostPerGradeMm = 2.0;
constexpr double kHalfGapRad = 50.0 * kPi / 180.0, kGapEdgeRad = 15.0 * kPi / 180.0;

Vec3 perpendicular(const Vec3& v, const Vec3& unit) {
  return v - v.dot(unit) * unit;
}

}  // namespace

OsteophyteRing::OsteophyteRing(const Vec3& center, const Vec3& normal, double radiusMm, const Vec3& gapAt,
                               int grade, Random& random)
    : center_(center), normal_(normal), radiusMm_(radiusMm), mostMm_(kMostPerGradeMm * grade) {
  const Vec3 gap = perpendicular(gapAt, normal);
  closed_ = gap.norm() < 1e-6;
  first_ = closed_ ? normal.unitOrthogonal() : gap.normalized();
  for (double& phase : phases_) phase = random.uniform(0.0, 2.0 * kPi);
}

// Between a third and all of the most, in waves of a fifth to a half of the circle.
double OsteophyteRing::thicknessMm(double azimuth) const {
  double waves = 0.0;
  for (std::size_t n = 0; n < phases_.size(); ++n)
    waves +=
        std::cos(static_cast<double>(n + 2) * azimuth + phases_[n]) / static_cast<double>(phases_.size());
  const double open = closed_ ? 1.0 : std::clamp((std::abs(azimuth) - kHalfGapRad) / kGapEdgeRad, 0.0, 1.0);
  return mostMm_ * open * (2.0 + waves) / 3.0;
}

bool OsteophyteRing::contains(const Vec3& p) const {
  if (mostMm_ == 0.0) return false;
  const Vec3 r = p - center_;
  const double height = r.dot(normal_);
  if (std::abs(height) > mostMm_) return false;
  const Vec3 inPlane = r - height * normal_;
  const double fromCircle = std::hypot(inPlane.norm() - radiusMm_, height);
  if (fromCircle > mostMm_) return false;
  return fromCircle < thicknessMm(std::atan2(inPlane.dot(normal_.cross(first_)), inPlane.dot(first_)));
}

OsteophyteRing rimOsteophytes(const HipLandmarks& intact, int grade, Random& random) {
  constexpr double kIntoBoneMm = 1.0;  // so that it grows on the edge, not beside it
  const Sphere& socket = intact.acetabulum->sphere;
  const Plane& rim = intact.acetabularRim->plane;
  const double depth = rim.signedDistance(socket.center);
  const double radius = std::sqrt(std::max(socket.radiusMm * socket.radiusMm - depth * depth, 1.0));
  return {
      socket.center - depth * rim.normal, rim.normal, radius + kIntoBoneMm, -Vec3::UnitZ(), grade, random};
}

OsteophyteRing collarOsteophytes(const HipLandmarks& intact, int grade, Random& random) {
  constexpr double kNeckShare = 0.75;  // of the head's radius, where head and neck meet
  const Sphere& head = intact.femoralHead->sphere;
  const Vec3 toNeck = -intact.femoralNeck->line.direction;
  const double along = std::sqrt(1.0 - kNeckShare * kNeckShare) * head.radiusMm;
  return {head.center + along * toNeck, toNeck, kNeckShare * head.radiusMm, Vec3::Zero(), grade, random};
}

}  // namespace coxa
