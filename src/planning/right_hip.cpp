#include "right_hip.hpp"

namespace coxa {

Vec3 asRight(Side side, const Vec3& point) {
  return side == Side::Right ? point : Vec3(-point.x(), point.y(), point.z());
}

LandmarkSet asRight(Side side, const LandmarkSet& landmarks) {
  return side == Side::Right ? landmarks : mirroredLeftRight(landmarks);
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
