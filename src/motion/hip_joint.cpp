#include "coxa/motion/hip_joint.hpp"

#include <algorithm>

namespace coxa {

namespace {

/// Adduction and internal rotation turn the other way round on a left hip.
double mirror(Side side) {
  return side == Side::Left ? -1.0 : 1.0;
}

/// Pelvis from femur: about x of the pelvis, y between, z of the femur.
Mat3 orientation(const JointAngles& angles, Side side) {
  using Eigen::AngleAxisd;
  return (AngleAxisd(radFromDeg(angles.flexionDeg), Vec3::UnitX()) *
          AngleAxisd(mirror(side) * radFromDeg(angles.adductionDeg), Vec3::UnitY()) *
          AngleAxisd(mirror(side) * radFromDeg(angles.internalRotationDeg), Vec3::UnitZ()))
      .toRotationMatrix();
}

JointAngles anglesOf(const Mat3& r, Side side) {
  const double adduction = std::asin(std::clamp(r(0, 2), -1.0, 1.0));
  const bool locked = std::abs(r(0, 2)) > 1.0 - 1e-12;
  const double flexion = locked ? std::atan2(r(2, 1), r(1, 1)) : std::atan2(-r(1, 2), r(2, 2));
  const double rotation = locked ? 0.0 : std::atan2(-r(0, 1), r(0, 0));
  return {degFromRad(flexion), mirror(side) * degFromRad(adduction), mirror(side) * degFromRad(rotation)};
}

}  // namespace

RigidTransform femurFrameAsPosed(const Vec3& center, const RigidTransform& pelvis_from_world) {
  RigidTransform femur_from_world = RigidTransform::Identity();
  femur_from_world.linear() = pelvis_from_world.linear();
  femur_from_world.translation() = -(pelvis_from_world.linear() * center);
  return femur_from_world;
}

RigidTransform femurMotion(const HipJoint& joint, const JointAngles& angles) {
  RigidTransform motion = RigidTransform::Identity();
  motion.linear() = joint.pelvis_from_world.linear().transpose() * orientation(angles, joint.side) *
                    joint.femur_from_world.linear();
  motion.translation() = joint.center - motion.linear() * joint.center;
  return motion;
}

JointAngles jointAngles(const HipJoint& joint, const RigidTransform& motion) {
  return anglesOf(
      joint.pelvis_from_world.linear() * motion.linear() * joint.femur_from_world.linear().transpose(),
      joint.side);
}

}  // namespace coxa
