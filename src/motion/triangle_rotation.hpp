#pragma once

#include "coxa/geometry/types.hpp"

#include <array>

namespace coxa {

/// A triangle in the axis frame: the rotation axis is z.
struct AxisTriangle {
  std::array<Vec3, 3> p;
  Vec3 normal;             ///< of any length
  double lowHeight = 0.0;  ///< along the axis
  double highHeight = 0.0;
};

/// The earliest touch found so far while a moving triangle turns about +z by an angle from 0.
struct Touch {
  double angle = 0.0;         ///< radians
  Vec3 point = Vec3::Zero();  ///< where, in the axis frame, after the rotation
  /// Radians by which the angle changes when one surface moves 1 mm along its normal.
  double radPerMm = 0.0;
  bool found = false;
};

/// Lowers `best` to the angle at which `moving` first touches `fixed`, if that is earlier. In closed form: a
/// vertex runs on a circle, which meets a plane in at most two points; two edges meet where their points have
/// equal height and equal distance from the axis, a quadratic equation.
void firstTouch(const AxisTriangle& moving, const AxisTriangle& fixed, Touch& best);

}  // namespace coxa
