#pragma once

#include "turns.hpp"

#include "coxa/anatomy/landmarks.hpp"
#include "coxa/phantom/shape_traits.hpp"

#include <array>

namespace coxa {

/// Where traits put the pelvis and spine of an intact patient, the one whom the seed alone makes. The sockets
/// turn about their spheres' centres; then the whole tilts about the line through these, and the lumbar spine
/// takes the tilt back with its height.
class PelvisMotion {
 public:
  /// Identity.
  PelvisMotion() = default;
  /// Errors BadInput: landmarks of the anterior pelvic plane, an acetabulum or its rim are missing.
  static Result<PelvisMotion> build(const LandmarkSet& intact, const ShapeTraits& traits);

  Vec3 moved(const Vec3& intact) const;
  Vec3 back(const Vec3& moved) const;

 private:
  std::array<ConeTurn, 2> roofs_;
  std::array<FadingTurn, 2> sockets_;
  FadingTurn tilt_;
};

/// The part of a femur's shaft that takes back what a trait turns above it, so that the knee stays as it is.
struct TorsionZone {
  Vec3 start = Vec3::Zero();  ///< its upper end, on the shaft
  double lengthMm = 0.0;
};

/// Where traits put a femur: its neck bends at its base (neck-shaft angle), then it moves as one, but for a
/// knee, which the shaft's torsion turns back. The head's centre only moves when the head leaves its place
/// in the socket.
class FemurMotion {
 public:
  /// Identity.
  FemurMotion() = default;
  /// Head's centre at `headCenter`; `torsion` of a femur to the knee. Errors BadInput: head, neck or shaft
  /// are missing in the landmarks.
  static Result<FemurMotion> build(const HipLandmarks& intact, Side side, const HipTraits& traits,
                                   const Vec3& headCenter, const std::optional<TorsionZone>& torsion);

  Vec3 moved(const Vec3& intact) const { return moved_from_bent_ * bend_.moved(torsion_.moved(intact)); }
  Vec3 back(const Vec3& moved) const { return torsion_.back(bend_.back(bent_from_moved_ * moved)); }

 private:
  Torsion torsion_;
  ConeTurn bend_;
  RigidTransform moved_from_bent_ = RigidTransform::Identity();
  RigidTransform bent_from_moved_ = RigidTransform::Identity();
};

}  // namespace coxa
