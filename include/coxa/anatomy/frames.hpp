#pragma once

#include "coxa/anatomy/landmarks.hpp"
#include "coxa/base/measured.hpp"
#include "coxa/geometry/cup_angles.hpp"

namespace coxa {

/// Frames are right-handed: x to the patient's right, y anterior, z superior, mm. For a left hip, "lateral"
/// is -x: algorithms mirror x at the border (see lateralMirror).
///
/// The origin of both pelvic frames is midway between the ASIS, and x runs along the ASIS line. APP: z lies
/// in the plane of both ASIS and the midpoint of the pubic tubercles. FPP: y is the scanner's anterior
/// direction
/// (-Y in LPS) made perpendicular to x, so the sagittal tilt is that of lying in the scanner. Errors
/// BadInput: a landmark the plane needs is missing or two coincide; the message names them.
Result<RigidTransform> pelvisFromWorld(const LandmarkSet& landmarks, PelvicPlane plane);

/// Sagittal tilt between the planes in degrees: positive when the APP leans so that the ASIS lie anterior of
/// the pubic tubercles (anterior tilt).
Result<double> pelvicTiltDeg(const LandmarkSet& landmarks);
/// The same with its standard deviation, from those of the four landmarks.
Result<Measured> pelvicTilt(const LandmarkSet& landmarks);

/// Femur frame of one side: origin the head centre, z proximal along the shaft axis, x to the patient's right
/// and perpendicular to z within the plane of the transepicondylar axis. Where the knee is outside the scan,
/// the neck axis stands in, turned by the usual version of a neck (18°); `substitute` then says so ("" when
/// the knee is there).
struct FemurFrame {
  RigidTransform femur_from_world = RigidTransform::Identity();
  std::string substitute;
  double rotationSdDeg = 0.0;  ///< standard deviation of the frame's rotation about z
};
/// Errors BadInput: head centre or shaft axis is missing, or nothing is there to tell the rotation.
Result<FemurFrame> femurFrame(const LandmarkSet& landmarks, Side side);

/// Version of the neck in degrees: the angle of its axis before the femur frame's medial direction, seen
/// along the shaft; positive anteverted. With the knee in the scan that is the version against the
/// transepicondylar axis. Errors BadInput as femurFrame, or the neck is missing.
Result<double> neckVersionDeg(const LandmarkSet& landmarks, Side side);

/// Reflection of x for a left hip, identity for a right one: the hip frame (x lateral) from a pelvis or femur
/// frame.
inline Mat3 lateralMirror(Side side) {
  return Vec3(side == Side::Left ? -1.0 : 1.0, 1.0, 1.0).asDiagonal();
}

/// Angles of a cup's opening axis given in world coordinates.
Result<CupAngles> cupAnglesOf(const Vec3& axisInWorld, const LandmarkSet& landmarks, Side side,
                              CupDefinition definition, PelvicPlane plane);
/// The opening axis in world coordinates of the given angles.
Result<Vec3> cupAxisInWorld(const CupAngles& angles, const LandmarkSet& landmarks, Side side);

}  // namespace coxa
