#include "right_hip.hpp"

#include <cmath>

namespace coxa {

namespace {

// Axes of the distal femur: medial and posterior perpendicular to the shaft's distal half.
struct Knee {
  Vec3 proximal, medial, posterior;
  double bottomMm = 0.0;  // along proximal
  double height(const Vec3& p) const { return proximal.dot(p) - bottomMm; }
};

constexpr double kLeastFemurMm = 280.0;  // from head centre to the knee, in the smallest adults
constexpr double kCondylesMm = 60.0;     // height of the distal part that is looked at
constexpr double kEpicondyleFromMm = 15.0, kEpicondyleToMm = 45.0;

// Centroids of two sections through the distal half give its direction.
std::optional<Vec3> distalDirection(const BoneSurface& femur, const Vec3& head, const Vec3& proximal) {
  const double top = proximal.dot(head), bottom = extentAlong(femur, proximal).least;
  const auto sectionAt = [&](double fraction) {
    Vec3 sum = Vec3::Zero();
    double count = 0.0;
    const double height = bottom + fraction * (top - bottom);
    for (const auto& p : femur.points) {
      if (std::abs(proximal.dot(p) - height) > 6.0) continue;
      sum += p;
      count += 1.0;
    }
    return count > 0.0 ? crossSectionAround(femur, sum / count, proximal) : std::nullopt;
  };
  const auto upper = sectionAt(0.55), lower = sectionAt(0.25);
  if (!upper || !lower) return std::nullopt;
  return (upper->centroid - lower->centroid).normalized();
}

// The widest direction across the condyles, towards medial (+x).
Vec3 widestAcross(const BoneSurface& femur, const Knee& knee) {
  std::vector<Vec3> flat;
  for (const auto& p : femur.points)
    if (knee.height(p) < kCondylesMm) flat.push_back(perpendicularPart(p, knee.proximal));
  const auto line = fitLine(flat);
  const Vec3 across = line ? perpendicularPart(line->direction, knee.proximal).normalized() : Vec3::UnitX();
  return across.x() < 0.0 ? Vec3(-across) : across;
}

// Most posterior points of both condyles.
std::optional<Vec3> posteriorCondylarLine(const BoneSurface& femur, const Knee& knee) {
  const auto inCondyles = [&](const Vec3& p) { return knee.height(p) < kCondylesMm; };
  const auto medialEnd = mostProminent(femur, knee.medial, inCondyles);
  const auto lateralEnd = mostProminent(femur, -knee.medial, inCondyles);
  if (!medialEnd || !lateralEnd) return std::nullopt;
  const double middle = 0.5 * knee.medial.dot(medialEnd->point + lateralEnd->point);
  const auto medial = mostProminent(femur, knee.posterior, [&](const Vec3& p) {
    return inCondyles(p) && knee.medial.dot(p) > middle + 8.0;
  });
  const auto lateral = mostProminent(femur, knee.posterior, [&](const Vec3& p) {
    return inCondyles(p) && knee.medial.dot(p) < middle - 8.0;
  });
  if (!medial || !lateral) return std::nullopt;
  return Vec3(medial->point - lateral->point);
}

void turn(Knee& knee, const Vec3& medial) {
  knee.medial = perpendicularPart(medial, knee.proximal).normalized();
  knee.posterior = knee.proximal.cross(knee.medial);
}

double areaAt(const BoneSurface& femur, const Knee& knee, const Vec3& shaftPoint, double heightMm) {
  double area = 0.0;
  const Vec3 level = shaftPoint + (heightMm - knee.height(shaftPoint)) * knee.proximal;
  for (const auto& loop : crossSection(femur, level, knee.proximal)) area += loop.areaMm2;
  return area;
}

bool widens(const BoneSurface& femur, const Knee& knee, const Vec3& shaftPoint) {
  const auto shaft = crossSectionAround(femur, shaftPoint, knee.proximal);
  return shaft && areaAt(femur, knee, shaftPoint, kEpicondyleToMm * 0.6) > 2.5 * shaft->areaMm2;
}

/// Condyles end in two round caps and are wider than the bone above them; an outline that runs on into the
/// tibia is blunt and as wide. Whole femora (VSDFullBody, 16): share 0.14 to 0.20, 1.5 to 2.9 times as wide;
/// run on into the tibia: 0.43 to 0.47, 0.9 to 1.1.
bool endsInCondyles(const BoneSurface& femur, const Knee& knee, const Vec3& shaftPoint) {
  constexpr double kCapMm = 4.0, kLargestShare = 0.35;
  constexpr double kAboveMm = 54.0, kLeastWidening = 1.25;
  const double condyles = areaAt(femur, knee, shaftPoint, kEpicondyleToMm * 0.6);
  return areaAt(femur, knee, shaftPoint, kCapMm) < kLargestShare * condyles &&
         condyles > kLeastWidening * areaAt(femur, knee, shaftPoint, kAboveMm);
}

}  // namespace

void findEpicondyles(const BoneSurface& femur, double resolutionMm, RightHip& hip) {
  HipLandmarks& found = hip.landmarks;
  if (!found.femoralHead || !found.femoralShaft) return;
  const Vec3& head = found.femoralHead->sphere.center;
  const Line& shaft = found.femoralShaft->line;
  const double length = shaft.direction.dot(head) - extentAlong(femur, shaft.direction).least;
  const auto proximal = length > kLeastFemurMm ? distalDirection(femur, head, shaft.direction) : std::nullopt;
  Knee knee;
  if (proximal) {
    knee.proximal = *proximal;
    knee.bottomMm = extentAlong(femur, knee.proximal).least;
  }
  if (!proximal || !widens(femur, knee, shaft.point)) {
    hip.missing.push_back(
        {"epicondyles",
         "the knee is not in the scan, so the femur's rotation rests on the neck's usual version.",
         Notice::Severity::Info});
    return;
  }
  turn(knee, widestAcross(femur, knee));
  for (int i = 0; i < 4; ++i)
    if (const auto line = posteriorCondylarLine(femur, knee)) turn(knee, *line);
  const auto inBand = [&](const Vec3& p) {
    return knee.height(p) > kEpicondyleFromMm && knee.height(p) < kEpicondyleToMm;
  };
  const auto medial = mostProminent(femur, knee.medial, inBand);
  const auto lateral = mostProminent(femur, -knee.medial, inBand);
  if (!medial || !lateral || !endsInCondyles(femur, knee, shaft.point)) {
    hip.missing.push_back({"epicondyles",
                           "the femur's outline does not end in condyles, so its rotation rests on the "
                           "neck's usual version; correct the outline at the knee, or place both by hand.",
                           Notice::Severity::Warning});
    return;
  }
  found.medialEpicondyle = PointLandmark{medial->point, trustIn(6.0, resolutionMm)};
  found.lateralEpicondyle = PointLandmark{lateral->point, trustIn(3.2, resolutionMm)};
}

}  // namespace coxa
