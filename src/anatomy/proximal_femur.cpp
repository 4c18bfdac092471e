#include "right_hip.hpp"

#include <algorithm>
#include <cmath>

namespace coxa {

namespace {

const Vec3 kUp = Vec3::UnitZ();
const Vec3 kMedial = Vec3::UnitX();

// The neck's share of the sphere around the head: a cone of 60° about the direction from head to neck.
constexpr double kNeckConeCos = 0.5;
constexpr double kUsualHeadRadiusMm = 23.0;

// The surface that lies near the given sphere, faces outwards and is not the neck's.
std::vector<Vec3> onHead(const BoneSurface& femur, const Sphere& near, const Vec3& towardsNeck,
                         double bandMm) {
  std::vector<Vec3> points;
  for (std::size_t i = 0; i < femur.points.size(); ++i) {
    const Vec3 radial = femur.points[i] - near.center;
    const double distance = radial.norm();
    if (std::abs(distance - near.radiusMm) > bandMm) continue;
    if (radial.dot(towardsNeck) > kNeckConeCos * distance) continue;
    if (femur.normals[i].dot(radial) > 0.8 * distance) points.push_back(femur.points[i]);
  }
  return points;
}

std::optional<Sphere> refitHead(const BoneSurface& femur, const Sphere& near, const Vec3& towardsNeck,
                                double bandMm) {
  const auto points = onHead(femur, near, towardsNeck, bandMm);
  return points.size() < 50 ? std::nullopt : fitSphereRobust(points, 0.5);
}

// The head's centre and how much surface lies on the sphere.
struct HeadCandidate {
  Sphere sphere;
  std::size_t support = 0;
};

std::optional<HeadCandidate> headFrom(const BoneSurface& femur, const Vec3& inwards, double lowestZ) {
  const auto seed = mostProminent(femur, inwards, [&](const Vec3& p) { return p.z() > lowestZ; });
  if (!seed) return std::nullopt;
  Sphere head{seed->point - kUsualHeadRadiusMm * inwards, kUsualHeadRadiusMm, 0.0};
  const Vec3 towardsNeck = (-inwards - kUp).normalized();
  for (double bandMm = 9.0; bandMm > 2.0; bandMm *= 0.85) {
    const auto fit = refitHead(femur, head, towardsNeck, bandMm);
    if (!fit || fit->radiusMm < 12.0 || fit->radiusMm > 40.0) return std::nullopt;
    head = *fit;
  }
  return HeadCandidate{head, onHead(femur, head, towardsNeck, 1.0).size()};
}

// A rotated leg may turn another part of the femur to the middle: several directions are tried, and the
// sphere with the most surface on it is the head.
std::optional<Sphere> findHead(const BoneSurface& femur) {
  const double lowestZ = extentAlong(femur, kUp).greatest - 80.0;
  std::optional<HeadCandidate> best;
  for (const double turnDeg : {-75.0, -50.0, -25.0, 0.0, 25.0, 50.0, 75.0}) {
    const Vec3 inwards = Eigen::AngleAxisd(radFromDeg(turnDeg), kUp) * kMedial;
    const auto candidate = headFrom(femur, inwards, lowestZ);
    if (candidate && (!best || candidate->support > best->support)) best = candidate;
  }
  return best ? std::optional(best->sphere) : std::nullopt;
}

// Line through the centroids of cross-sections between two heights below the head's centre, measured along
// the axis. `start` is on the shaft.
std::optional<Line> shaftAxis(const BoneSurface& femur, const Vec3& head, Line start, double fromMm,
                              double toMm) {
  constexpr double kStepMm = 2.5;
  for (int i = 0; i < 3; ++i) {
    std::vector<Vec3> centers;
    const double along = start.direction.dot(head - start.point);
    for (double below = fromMm; below <= toMm; below += kStepMm) {
      const Vec3 on = start.point + (along - below) * start.direction;
      if (const auto loop = crossSectionAround(femur, on, start.direction)) centers.push_back(loop->centroid);
    }
    auto line = fitLine(centers);
    if (!line) return std::nullopt;
    if (line->direction.dot(start.direction) < 0.0) line->direction *= -1.0;
    start = *line;
  }
  return start;
}

// Head, shaft and what they span: x medial (in the plane of head centre and shaft axis), y posterior, z
// proximal. The origin is on the shaft axis level with the head.
struct HeadFrame {
  Sphere head;
  Vec3 origin, medial, posterior, proximal;
  double offsetMm = 0.0;  ///< of the head from the shaft axis

  HeadFrame(const Sphere& sphere, const Line& shaft) : head(sphere), proximal(shaft.direction) {
    origin = shaft.point + proximal.dot(head.center - shaft.point) * proximal;
    offsetMm = (head.center - origin).norm();
    medial = (head.center - origin).normalized();
    posterior = proximal.cross(medial);
  }
  double height(const Vec3& p) const { return proximal.dot(p - origin); }
};

// Where the lesser trochanter lies, in head radii below the head's centre.
constexpr double kLesserFromRadii = 1.2, kLesserToRadii = 3.0;
constexpr double kUsualLesserRadii = 2.1, kBelowLesserRadii = 2.9;
// The canal below the lesser trochanter that carries the axis, in mm below it.
constexpr double kShaftFromMm = 20.0, kShaftToMm = 90.0;
constexpr double kShortestShaftMm = 25.0;
constexpr double kCutMarginMm = 4.0;

// Length of bone below the head's centre along `direction` whose sections the scan's end does not cut: it
// cuts across z, so it reaches up along one side of an oblique shaft.
double available(const BoneSurface& femur, const Sphere& head, const Vec3& direction) {
  constexpr double kShaftWidthMm = 35.0;
  const double cutMm = kCutMarginMm + kShaftWidthMm * direction.cross(kUp).norm();
  return direction.dot(head.center) - extentAlong(femur, direction).least - cutMm;
}

std::optional<Line> shaftBetween(const BoneSurface& femur, const Sphere& head, const Line& start,
                                 double fromMm, double toMm) {
  const double to = std::min(toMm, available(femur, head, start.direction));
  if (to - fromMm < kShortestShaftMm) return std::nullopt;
  return shaftAxis(femur, head.center, start, fromMm, to);
}

// Before the lesser trochanter is known: below where it can be.
std::optional<Line> roughShaft(const BoneSurface& femur, const Sphere& head) {
  const double fromMm = kBelowLesserRadii * head.radiusMm;
  Vec3 sum = Vec3::Zero();
  double count = 0.0;
  for (const auto& p : femur.points) {
    const double below = head.center.z() - p.z();
    if (below < fromMm || below > fromMm + kShaftToMm) continue;
    sum += p;
    count += 1.0;
  }
  if (count < 10.0) return std::nullopt;
  return shaftBetween(femur, head, {sum / count, kUp, 0.0}, fromMm, fromMm + kShaftToMm - kShaftFromMm);
}

std::optional<Prominence> lesserTrochanter(const BoneSurface& femur, const HeadFrame& frame) {
  // It looks backwards and inwards.
  const double behind = radFromDeg(60.0);
  const Vec3 direction = std::cos(behind) * frame.medial + std::sin(behind) * frame.posterior;
  const double top = -kLesserFromRadii * frame.head.radiusMm, bottom = -kLesserToRadii * frame.head.radiusMm;
  const auto found = mostProminent(
      femur, direction, [&](const Vec3& p) { return frame.height(p) < top && frame.height(p) > bottom; });
  // At an end of the range it is no prominence of its own.
  const bool isPeak =
      found && frame.height(found->point) < top - 2.0 && frame.height(found->point) > bottom + 2.0;
  return isPeak ? found : std::nullopt;
}

// The canal from 20 to 90 mm below the lesser trochanter, or as much of it as the scan shows.
std::optional<AxisLandmark> findShaft(const BoneSurface& femur, const Sphere& head) {
  auto axis = roughShaft(femur, head);
  if (!axis) return std::nullopt;
  const HeadFrame rough(head, *axis);
  const auto lesser = lesserTrochanter(femur, rough);
  const double lesserMm = lesser ? -rough.height(lesser->point) : kUsualLesserRadii * head.radiusMm;
  const double fromMm = lesserMm + kShaftFromMm;
  const double toMm = fromMm + kShaftToMm - kShaftFromMm;
  if (const auto refined = shaftBetween(femur, head, *axis, fromMm, toMm)) axis = refined;
  AxisLandmark shaft{*axis, trustIn(0.5, 0.0, axis->rmsMm)};
  const double seenMm = std::min(toMm, available(femur, head, axis->direction)) - fromMm;
  if (seenMm < kShaftToMm - kShaftFromMm - 1.0) {
    const double share = std::clamp(seenMm / (kShaftToMm - kShaftFromMm), 0.2, 1.0);
    shaft.trust.confidence *= share;
    shaft.trust.sdMm /= share;
    shaft.trust.note = "the scan ends " + std::to_string(static_cast<int>(seenMm + kShaftFromMm)) +
                       " mm below the lesser trochanter";
  }
  return shaft;
}

std::optional<Prominence> greaterTrochanter(const BoneSurface& femur, const HeadFrame& frame) {
  const double r = frame.head.radiusMm;
  return mostProminent(femur, frame.proximal, [&](const Vec3& p) {
    return frame.medial.dot(p - frame.origin) < 0.35 * frame.offsetMm && frame.height(p) > -2.0 * r;
  });
}

// The narrowest section perpendicular to the line from its own centroid to the head's centre.
std::optional<Line> findNeck(const BoneSurface& femur, const HeadFrame& frame) {
  const double r = frame.head.radiusMm;
  const Vec3& center = frame.head.center;
  const BoneSurface part = partWithin(femur, center, 2.6 * r);
  Line axis;
  // Starts where necks usually are: just over half way to the shaft axis, half a radius below the head.
  axis.point = center - 0.43 * frame.offsetMm * frame.medial - 0.6 * r * frame.proximal;
  for (int i = 0; i < 6; ++i) {
    axis.direction = (center - axis.point).normalized();
    std::optional<SectionLoop> narrowest;
    for (double distance = 0.7 * r; distance < 1.5 * r; distance += 1.0) {
      const auto loop = crossSectionAround(part, center - distance * axis.direction, axis.direction);
      if (loop && (!narrowest || loop->areaMm2 < narrowest->areaMm2)) narrowest = loop;
    }
    if (!narrowest) return std::nullopt;
    axis.point = narrowest->centroid;
  }
  axis.direction = (center - axis.point).normalized();
  return axis;
}

}  // namespace

Trust trustIn(double methodSdMm, double resolutionMm, double fitRmsMm, std::string note) {
  constexpr double kSharpMm = 0.6;  // experts' labels of healthy hips leave 0.3 to 0.7 mm
  const double sharpness = fitRmsMm > kSharpMm ? kSharpMm / fitRmsMm : 1.0;
  return {std::hypot(methodSdMm, resolutionMm / std::sqrt(12.0)) / sharpness, sharpness, false,
          std::move(note)};
}

void findProximalFemur(const BoneSurface& femur, double resolutionMm, RightHip& hip) {
  HipLandmarks& found = hip.landmarks;
  auto head = findHead(femur);
  if (!head) {
    hip.missing.push_back(
        {"femoral-head",
         "no sphere fits a femoral head, so nothing was found on the femur. Check its label."});
    return;
  }
  found.femoralHead = SphereLandmark{*head, trustIn(0.6, 0.5 * resolutionMm, head->rmsMm)};
  const auto shaft = findShaft(femur, *head);
  if (!shaft) {
    hip.missing.push_back(
        {"femoral-shaft",
         "the scan ends too close below the lesser trochanter for a shaft axis, so neck and "
         "trochanters were not looked for. Take a scan that reaches lower."});
    return;
  }
  found.femoralShaft = shaft;
  const HeadFrame frame(*head, shaft->line);
  if (const auto neck = findNeck(femur, frame)) {
    found.femoralNeck = AxisLandmark{*neck, trustIn(1.0, 0.5 * resolutionMm)};
    if (const auto refined = refitHead(femur, *head, -neck->direction, 2.0))
      found.femoralHead->sphere = *refined;
    followCorrections(found);
  } else {
    hip.missing.push_back({"femoral-neck", "the narrowest section of the neck was not found."});
  }
  if (const auto lesser = lesserTrochanter(femur, frame))
    found.lesserTrochanter = PointLandmark{lesser->point, trustIn(2.2, resolutionMm)};
  else
    hip.missing.push_back({"lesser-trochanter", "no lesser trochanter stands out of the femur."});
  if (const auto greater = greaterTrochanter(femur, frame))
    found.greaterTrochanter = PointLandmark{greater->point, trustIn(3.0, resolutionMm)};
}

}  // namespace coxa
