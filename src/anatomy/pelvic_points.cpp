#include "right_hip.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

namespace coxa {

namespace {

// One hip bone in world coordinates; `outwards` is +1 on the left (LPS x grows to the left), -1 on the right.
struct HipBone {
  const BoneSurface* bone = nullptr;
  double outwards = 1.0;
  Vec3 center = Vec3::Zero();  // of the hip joint, or a stand-in for it
  std::optional<Prominence> asis, tubercle;
};

// Axes of the lying pelvis: x to the left, n anterior, up.
struct Axes {
  Vec3 x = Vec3::UnitX(), n = -Vec3::UnitY(), up = Vec3::UnitZ();

  void straighten() {
    x.normalize();
    up = perpendicularPart(up, x).normalized();
    n = x.cross(up);
  }
};

// Heights against the hip centre, in mm for an adult: the anterior superior spine lies 50 to 80 above it, the
// inferior one below 35; the pubic body reaches from 60 below to 10 above.
constexpr double kAsisAboveMm = 40.0;
constexpr double kPubisFromMm = -65.0, kPubisToMm = 12.0;
// Distance of the tubercle from the inner end of the pubis.
constexpr double kTubercleFromMm = 10.0, kTubercleToMm = 40.0;
// Bone that must be seen beyond a landmark, else the scan may have cut it.
constexpr double kSeenAboveAsisMm = 12.0, kSeenBelowTubercleMm = 15.0;

// A spine is the corner of the bone that looks anterior and also sideways: the farthest point along a
// direction that leans there. The leanings were checked against experts' picks, see docs/landmarks.md.
Vec3 asisDirection(const Axes& axes, double outwards) {
  return (axes.n + 0.2 * outwards * axes.x - 0.1 * axes.up).normalized();
}
Vec3 tubercleDirection(const Axes& axes, double outwards) {
  return (axes.n + 0.4 * outwards * axes.x).normalized();
}

void findAsis(HipBone& hip, const Axes& axes) {
  hip.asis = mostProminent(*hip.bone, asisDirection(axes, hip.outwards),
                           [&](const Vec3& p) { return axes.up.dot(p - hip.center) > kAsisAboveMm; });
}

void findTubercle(HipBone& hip, const Axes& axes) {
  const Vec3 outwards = hip.outwards * axes.x;
  const auto inPubis = [&](const Vec3& p) {
    const double height = axes.up.dot(p - hip.center);
    return height > kPubisFromMm && height < kPubisToMm;
  };
  double inner = std::numeric_limits<double>::max();
  for (const auto& p : hip.bone->points)
    if (inPubis(p)) inner = std::min(inner, outwards.dot(p));
  hip.tubercle = mostProminent(*hip.bone, tubercleDirection(axes, hip.outwards), [&](const Vec3& p) {
    const double fromMiddle = outwards.dot(p) - inner;
    return inPubis(p) && fromMiddle > kTubercleFromMm && fromMiddle < kTubercleToMm;
  });
}

Vec3 meanOf(const std::vector<HipBone>& hips, std::optional<Prominence> HipBone::*point) {
  Vec3 sum = Vec3::Zero();
  for (const auto& hip : hips) sum += (hip.*point)->point;
  return sum / static_cast<double>(hips.size());
}

// The plane through the points found becomes the next frontal plane.
bool refine(Axes& axes, const std::vector<HipBone>& hips) {
  for (const auto& hip : hips)
    if (!hip.asis || !hip.tubercle) return false;
  if (hips.size() == 2) axes.x = hips[0].asis->point - hips[1].asis->point;
  axes.up = meanOf(hips, &HipBone::asis) - meanOf(hips, &HipBone::tubercle);
  axes.straighten();
  return true;
}

Vec3 middle(const BoneSurface& bone) {
  Vec3 sum = Vec3::Zero();
  for (const auto& p : bone.points) sum += p;
  return sum / static_cast<double>(bone.points.size());
}

Notice notFound(double outwards, const char* code, const std::string& message) {
  const std::string side = outwards > 0.0 ? "Left" : "Right";
  return {Notice::Severity::Warning, std::string("anatomy.") + code, side + " hip: " + message, {}};
}

// A plane that leans more than 50° is not a pelvis': something else carries the hip bone's label.
bool plausible(const Axes& axes) {
  constexpr double kLeastCos = 0.64;
  return axes.up.z() > kLeastCos && -axes.n.y() > kLeastCos && axes.x.x() > kLeastCos;
}

// Only what is surely not an artefact of the scan's end.
void report(const HipBone& hip, double resolutionMm, LandmarkSet& landmarks) {
  HipLandmarks& found = landmarks.side(hip.outwards > 0.0 ? Side::Left : Side::Right);
  const Extent height = extentAlong(*hip.bone, Vec3::UnitZ());
  if (hip.asis && height.greatest - hip.asis->point.z() > kSeenAboveAsisMm)
    found.asis = PointLandmark{hip.asis->point, trustIn(2.0, resolutionMm)};
  else
    landmarks.notices.push_back(
        notFound(hip.outwards, "asis-missing",
                 "the anterior superior iliac spine is not in the scan or its label. Pelvic planes need "
                 "it: take a scan that reaches higher or place it by hand."));
  if (hip.tubercle && hip.tubercle->point.z() - height.least > kSeenBelowTubercleMm)
    found.pubicTubercle = PointLandmark{hip.tubercle->point, trustIn(2.6, resolutionMm)};
  else
    landmarks.notices.push_back(
        notFound(hip.outwards, "pubic-tubercle-missing",
                 "the pubic tubercle is not in the scan or its label. The anterior pelvic plane needs it: "
                 "take a scan that reaches lower or place it by hand."));
}

}  // namespace

void findPelvicPoints(const BoneSurface& hipLeft, const BoneSurface& hipRight, double resolutionMm,
                      LandmarkSet& landmarks) {
  std::vector<HipBone> hips;
  for (const auto& [bone, outwards] : {std::pair(&hipLeft, 1.0), std::pair(&hipRight, -1.0)}) {
    if (bone->empty()) continue;
    const auto& joint = landmarks.side(outwards > 0.0 ? Side::Left : Side::Right).acetabulum;
    hips.push_back({bone, outwards, joint ? joint->sphere.center : middle(*bone), {}, {}});
  }
  if (hips.empty()) return;
  Axes axes;
  if (hips.size() == 2) {
    axes.x = hips[0].center - hips[1].center;
    axes.straighten();
  }
  for (int i = 0; i < 8; ++i) {
    for (auto& hip : hips) {
      findAsis(hip, axes);
      findTubercle(hip, axes);
    }
    if (!refine(axes, hips)) break;
  }
  for (auto& hip : hips) {
    if (!plausible(axes)) hip.asis = hip.tubercle = std::nullopt;
    report(hip, resolutionMm, landmarks);
  }
}

}  // namespace coxa
