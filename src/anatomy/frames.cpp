#include "coxa/anatomy/frames.hpp"

#include "bone_surface.hpp"

#include <algorithm>
#include <cmath>

namespace coxa {

namespace {

const Vec3 kAnterior(0.0, -1.0, 0.0);  // in LPS
constexpr double kShortestMm = 10.0;   // nearer landmarks cannot carry a direction

struct Pelvis {
  Vec3 asisMiddle;
  Vec3 tubercleMiddle = Vec3::Zero();
  Vec3 right;  // unit, along the ASIS line
};

std::string missing(const std::vector<std::string>& names) {
  std::string list;
  for (const auto& each : names) list += (list.empty() ? "" : ", ") + each;
  return list;
}

template <class T>
void require(const std::optional<T>& landmark, const std::string& what, std::vector<std::string>& absent) {
  if (!landmark) absent.push_back(what);
}

Result<Pelvis> pelvisOf(const LandmarkSet& landmarks, PelvicPlane plane) {
  const HipLandmarks &left = landmarks.left, &right = landmarks.right;
  std::vector<std::string> absent;
  require(left.asis, "left ASIS", absent);
  require(right.asis, "right ASIS", absent);
  if (plane == PelvicPlane::Anterior) {
    require(left.pubicTubercle, "left pubic tubercle", absent);
    require(right.pubicTubercle, "right pubic tubercle", absent);
  }
  if (!absent.empty())
    return badInput(std::string("The pelvic plane (") + name(plane) + ") cannot be set: missing " +
                    missing(absent) + ". Place it by hand or take a scan that shows it.");
  Pelvis pelvis;
  const Vec3 across = right.asis->position - left.asis->position;
  if (across.norm() < kShortestMm)
    return badInput("The left and right ASIS lie at the same place. Correct them by hand.");
  pelvis.right = across.normalized();
  pelvis.asisMiddle = 0.5 * (left.asis->position + right.asis->position);
  if (plane == PelvicPlane::Anterior)
    pelvis.tubercleMiddle = 0.5 * (left.pubicTubercle->position + right.pubicTubercle->position);
  return pelvis;
}

RigidTransform frameFromWorld(const Vec3& origin, const Vec3& x, const Vec3& y, const Vec3& z) {
  RigidTransform frame_from_world = RigidTransform::Identity();
  Mat3 rows;
  rows << x.transpose(), y.transpose(), z.transpose();
  frame_from_world.linear() = rows;
  frame_from_world.translation() = -rows * origin;
  return frame_from_world;
}

// Unit x of the femur frame from a direction that points to the patient's right.
struct Rotation {
  Vec3 right;
  double sdDeg = 0.0;
  std::string substitute;
};

// Of the direction between points `lengthMm` apart whose difference has `sdMm`, of which one axis matters.
double sdOfDirectionDeg(double sdMm, double lengthMm) {
  return degFromRad(std::atan2(sdMm / std::sqrt(3.0), lengthMm));
}

std::optional<Rotation> fromEpicondyles(const HipLandmarks& hip, Side side, const Vec3& proximal) {
  if (!hip.medialEpicondyle || !hip.lateralEpicondyle) return std::nullopt;
  Vec3 across = hip.lateralEpicondyle->position - hip.medialEpicondyle->position;
  if (side == Side::Left) across = -across;
  const Vec3 right = perpendicularPart(across, proximal);
  if (right.norm() < kShortestMm) return std::nullopt;
  const double sdMm = std::hypot(hip.medialEpicondyle->trust.sdMm, hip.lateralEpicondyle->trust.sdMm);
  return Rotation{right.normalized(), sdOfDirectionDeg(sdMm, right.norm()), ""};
}

// The neck's version against the transepicondylar axis, both seen along the shaft axis as defined here: mean
// of the ten femora of the GIAS2 shape model; the sd is the error measured on sixteen others
// (docs/landmarks.md).
constexpr double kUsualNeckVersionDeg = 18.0;
constexpr double kNeckVersionSdDeg = 9.0;

std::optional<Rotation> fromNeck(const HipLandmarks& hip, Side side, const Vec3& proximal) {
  if (!hip.femoralNeck) return std::nullopt;
  const Vec3 neck = perpendicularPart(hip.femoralNeck->line.direction, proximal);
  if (neck.norm() < 0.2) return std::nullopt;
  const double outwards = side == Side::Right ? 1.0 : -1.0;
  const Vec3 medial =
      Eigen::AngleAxisd(outwards * radFromDeg(kUsualNeckVersionDeg), proximal) * neck.normalized();
  return Rotation{-outwards * medial, kNeckVersionSdDeg,
                  "an assumed neck version of 18° (sd 9°), because the knee is outside the scan"};
}

}  // namespace

Result<RigidTransform> pelvisFromWorld(const LandmarkSet& landmarks, PelvicPlane plane) {
  const auto pelvis = pelvisOf(landmarks, plane);
  if (!pelvis) return tl::unexpected(pelvis.error());
  const Vec3& x = pelvis->right;
  if (plane == PelvicPlane::Functional) {
    const Vec3 y = perpendicularPart(kAnterior, x);
    if (y.norm() < 0.1)
      return badInput(
          "The ASIS line runs along the scanner's vertical, so there is no functional pelvic "
          "plane. Correct the ASIS by hand.");
    return frameFromWorld(pelvis->asisMiddle, x, y.normalized(), x.cross(y.normalized()));
  }
  const Vec3 up = perpendicularPart(pelvis->asisMiddle - pelvis->tubercleMiddle, x);
  if (up.norm() < kShortestMm)
    return badInput("The ASIS and the pubic tubercles lie on one line. Correct them by hand.");
  const Vec3 z = up.normalized();
  return frameFromWorld(pelvis->asisMiddle, x, z.cross(x), z);
}

Result<double> pelvicTiltDeg(const LandmarkSet& landmarks) {
  const auto app_from_world = pelvisFromWorld(landmarks, PelvicPlane::Anterior);
  if (!app_from_world) return tl::unexpected(app_from_world.error());
  const auto fpp_from_world = pelvisFromWorld(landmarks, PelvicPlane::Functional);
  if (!fpp_from_world) return tl::unexpected(fpp_from_world.error());
  const Vec3 up = fpp_from_world->linear() * app_from_world->linear().transpose().col(2);
  return degFromRad(std::atan2(up.y(), up.z()));
}

Result<Measured> pelvicTilt(const LandmarkSet& landmarks) {
  const auto tilt = pelvicTiltDeg(landmarks);
  if (!tilt) return tl::unexpected(tilt.error());
  const auto pelvis = pelvisOf(landmarks, PelvicPlane::Anterior);
  const HipLandmarks &left = landmarks.left, &right = landmarks.right;
  double variance = 0.0;  // of the vector between the two midpoints
  for (const auto* point : {&left.asis, &right.asis, &left.pubicTubercle, &right.pubicTubercle})
    variance += std::pow(0.5 * (*point)->trust.sdMm, 2);
  const double length = (pelvis->asisMiddle - pelvis->tubercleMiddle).norm();
  return Measured{*tilt, sdOfDirectionDeg(std::sqrt(variance), length)};
}

Result<FemurFrame> femurFrame(const LandmarkSet& landmarks, Side side) {
  const HipLandmarks& hip = landmarks.side(side);
  std::vector<std::string> absent;
  require(hip.femoralHead, "head centre", absent);
  require(hip.femoralShaft, "shaft axis", absent);
  if (!absent.empty())
    return badInput(std::string("The frame of the ") + name(side) + " femur cannot be set: missing " +
                    missing(absent) + ". Place it by hand or take a scan that shows it.");
  const Vec3 z = hip.femoralShaft->line.direction.normalized();
  auto rotation = fromEpicondyles(hip, side, z);
  if (!rotation) rotation = fromNeck(hip, side, z);
  if (!rotation)
    return badInput(
        std::string("The rotation of the ") + name(side) +
        " femur is unknown: neither epicondyles nor neck axis are there. Place one of them by hand.");
  FemurFrame frame;
  const Vec3& x = rotation->right;
  frame.femur_from_world = frameFromWorld(hip.femoralHead->sphere.center, x, z.cross(x), z);
  frame.substitute = rotation->substitute;
  frame.rotationSdDeg = rotation->sdDeg;
  return frame;
}

Result<double> neckVersionDeg(const LandmarkSet& landmarks, Side side) {
  const auto frame = femurFrame(landmarks, side);
  if (!frame) return tl::unexpected(frame.error());
  if (!landmarks.side(side).femoralNeck)
    return badInput(std::string("The version of the ") + name(side) +
                    " femur is unknown: its neck axis is missing. Place it by hand.");
  const Vec3 neck = lateralMirror(side) * frame->femur_from_world.linear() *
                    landmarks.side(side).femoralNeck->line.direction;
  return degFromRad(std::atan2(neck.y(), -neck.x()));
}

Result<CupAngles> cupAnglesOf(const Vec3& axisInWorld, const LandmarkSet& landmarks, Side side,
                              CupDefinition definition, PelvicPlane plane) {
  const auto pelvis_from_world = pelvisFromWorld(landmarks, plane);
  if (!pelvis_from_world) return tl::unexpected(pelvis_from_world.error());
  const Vec3 axis = lateralMirror(side) * pelvis_from_world->linear() * axisInWorld;
  return cupAnglesFrom(axis, definition, plane);
}

Result<Vec3> cupAxisInWorld(const CupAngles& angles, const LandmarkSet& landmarks, Side side) {
  const auto pelvis_from_world = pelvisFromWorld(landmarks, angles.plane);
  if (!pelvis_from_world) return tl::unexpected(pelvis_from_world.error());
  return Vec3(pelvis_from_world->linear().transpose() * lateralMirror(side) * cupAxisFrom(angles));
}

}  // namespace coxa
