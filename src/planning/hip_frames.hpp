#pragma once

#include "coxa/anatomy/frames.hpp"

#include <optional>
#include <vector>

namespace coxa {

/// One side as it is now, to compare leg length and offset between the sides.
struct SideNow {
  double legLengthMm = 0.0;
  double offsetMm = 0.0;
};

/// The directions and references of a right hip, from one set of landmarks. "Leg length" is the height of the
/// lesser trochanter below the ASIS line as head position plus femur give it: −(head above the ASIS line,
/// FPP)
/// + (head above the lesser trochanter, along the shaft). It does not depend on how the leg lies. "Offset" is
/// the head's distance lateral of the middle plane plus its distance from the shaft axis.
struct HipFrames {
  RigidTransform fpp_from_world;
  std::optional<RigidTransform> app_from_world;
  RigidTransform femur_from_world;  ///< right hip: x lateral, y anterior, z proximal
  Vec3 head;                        ///< native centre
  Line shaft;
  double nativeOffsetMm = 0.0;  ///< head from shaft axis
  std::optional<SideNow> ownSide;
  std::optional<SideNow> otherSide;

  Vec3 anterior() const { return fpp_from_world.linear().row(1).transpose(); }
  Vec3 superior() const { return fpp_from_world.linear().row(2).transpose(); }
  Vec3 lateral() const { return fpp_from_world.linear().row(0).transpose(); }
};

double distanceFrom(const Line& line, const Vec3& p);

/// Of a right hip. Errors BadInput: as pelvisFromWorld (FPP) and femurFrame.
Result<HipFrames> hipFrames(const LandmarkSet& landmarks);

/// The frames of `count` landmark sets, each landmark moved by its own sd (normal, independent); the femur
/// frame also turned by its own. The same seed every time: equal input, equal numbers.
std::vector<HipFrames> sampledFrames(const LandmarkSet& landmarks, int count);

/// `count` landmark sets, each landmark moved by its own sd (normal, independent). The same seed every time.
std::vector<LandmarkSet> sampledLandmarks(const LandmarkSet& landmarks, int count);

}  // namespace coxa
