#pragma once

#include "coxa/geometry/types.hpp"

namespace coxa {

/// Position of the femur against the pelvis in the convention of the International Society of Biomechanics
/// (Wu et al. 2002, J Biomech 35:543): flexion about the pelvis' medio-lateral axis, then adduction about the
/// floating axis, then rotation about the femur's long axis. Negative values: extension, abduction, external
/// rotation. The signs mean the same for left and right hips.
struct JointAngles {
  double flexionDeg = 0.0;
  double adductionDeg = 0.0;
  double internalRotationDeg = 0.0;
};

/// A hip as a ball joint in world coordinates (LPS, mm), posed as in the scan or the plan. Both frames have x
/// to the patient's right, y anterior, z superior (see anatomy/frames.hpp). All angles are zero where the
/// axes of the two frames are parallel, so the frames decide what neutral means: with a femur frame along the
/// shaft, zero adduction is a vertical shaft; with `femurFrameAsPosed` it is the pose itself.
struct HipJoint {
  Side side = Side::Right;
  Vec3 center = Vec3::Zero();  ///< of the ball
  RigidTransform pelvis_from_world = RigidTransform::Identity();
  RigidTransform femur_from_world = RigidTransform::Identity();
};

/// The femur frame that makes the present pose the neutral one: axes of the pelvis, origin in the joint.
RigidTransform femurFrameAsPosed(const Vec3& center, const RigidTransform& pelvis_from_world);

/// The rigid motion that takes the femur from its present pose to `angles`: world point of the femur now to
/// its world point then. The pelvis stays. Rotates about the joint's centre only.
RigidTransform femurMotion(const HipJoint& joint, const JointAngles& angles);

/// The inverse of femurMotion: angles in (-180, 180], adduction in [-90, 90]. The identity gives the angles
/// of the present pose. At ±90° of adduction flexion and rotation cannot be told apart; rotation is then 0.
JointAngles jointAngles(const HipJoint& joint, const RigidTransform& motion);

}  // namespace coxa
