#pragma once

#include "coxa/anatomy/landmarks.hpp"
#include "coxa/geometry/mesh.hpp"
#include "coxa/implants/posed.hpp"

namespace coxa {

/// The border where left hips become right ones: this room computes on right hips only. Each function
/// reflects the world at x = 0 for a left hip and is the identity for a right one; each is its own inverse.

Vec3 asRight(Side side, const Vec3& point);
LandmarkSet asRight(Side side, const LandmarkSet& landmarks);  ///< left and right change places
TriangleMesh asRight(Side side, const TriangleMesh& mesh);
/// Pose of a component that is symmetric in its own y (every implant here is), so that it stays a rotation.
RigidTransform asRight(Side side, const RigidTransform& world_from_component);
/// Both poses; the hip's `side` stays what it is.
PosedHip asRight(const PosedHip& hip);

}  // namespace coxa
