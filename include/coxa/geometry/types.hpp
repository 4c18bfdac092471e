#pragma once

#include <Eigen/Core>
#include <Eigen/Geometry>

namespace coxa {

using Vec3 = Eigen::Vector3d;
using Mat3 = Eigen::Matrix3d;

/// A rigid motion. Variables are named target_from_source: `pelvis_from_world * p` takes a world point to the
/// pelvis. World is DICOM patient LPS in mm: +x to the patient's left, +y posterior, +z superior.
using RigidTransform = Eigen::Isometry3d;

constexpr double kPi = 3.14159265358979323846;
constexpr double degFromRad(double rad) {
  return rad * 180.0 / kPi;
}
constexpr double radFromDeg(double deg) {
  return deg * kPi / 180.0;
}

enum class Side { Left, Right };
constexpr Side other(Side side) {
  return side == Side::Left ? Side::Right : Side::Left;
}
/// "left" or "right".
constexpr const char* name(Side side) {
  return side == Side::Left ? "left" : "right";
}
/// Unit vector in LPS from the body's middle outwards on that side.
inline Vec3 lateral(Side side) {
  return {side == Side::Left ? 1.0 : -1.0, 0.0, 0.0};
}

}  // namespace coxa
