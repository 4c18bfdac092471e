#include "right_hip.hpp"

namespace coxa {

namespace {

Vec3 reflected(const Vec3& v) {
  return {-v.x(), v.y(), v.z()};
}

void reflect(std::optional<PointLandmark>& landmark) {
  if (landmark) landmark->position = reflected(landmark->position);
}
void reflect(std::optional<SphereLandmark>& landmark) {
  if (landmark) landmark->sphere.center = reflected(landmark->sphere.center);
}
void reflect(std::optional<PlaneLandmark>& landmark) {
  if (!landmark) return;
  landmark->plane.point = reflected(landmark->plane.point);
  landmark->plane.normal = reflected(landmark->plane.normal);
}
void reflect(std::optional<AxisLandmark>& landmark) {
  if (!landmark) return;
  landmark->line.point = reflected(landmark->line.point);
  landmark->line.direction = reflected(landmark->line.direction);
}

HipLandmarks reflected(HipLandmarks hip) {
  for (auto* point : {&hip.asis, &hip.pubicTubercle, &hip.greaterTrochanter, &hip.lesserTrochanter,
                      &hip.medialEpicondyle, &hip.lateralEpicondyle})
    reflect(*point);
  reflect(hip.femoralHead);
  reflect(hip.acetabulum);
  reflect(hip.acetabularRim);
  reflect(hip.femoralNeck);
  reflect(hip.femoralShaft);
  return hip;
}

}  // namespace

Vec3 asRight(Side side, const Vec3& point) {
  return side == Side::Right ? point : reflected(point);
}

LandmarkSet asRight(Side side, const LandmarkSet& landmarks) {
  if (side == Side::Right) return landmarks;
  return {reflected(landmarks.right), reflected(landmarks.left), landmarks.notices};
}

TriangleMesh asRight(Side side, const TriangleMesh& mesh) {
  return side == Side::Right ? mesh : mirrored(mesh, Vec3::Zero(), Vec3::UnitX());
}

RigidTransform asRight(Side side, const RigidTransform& world_from_component) {
  if (side == Side::Right) return world_from_component;
  RigidTransform pose = world_from_component;
  pose.linear().row(0) *= -1.0;
  pose.linear().col(1) *= -1.0;
  pose.translation().x() *= -1.0;
  return pose;
}

PosedHip asRight(const PosedHip& hip) {
  PosedHip right = hip;
  right.world_from_cup = asRight(hip.side, hip.world_from_cup);
  right.world_from_stem = asRight(hip.side, hip.world_from_stem);
  return right;
}

}  // namespace coxa
