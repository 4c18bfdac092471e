#pragma once

#include "triangle_rotation.hpp"

#include "coxa/geometry/mesh_tree.hpp"

namespace coxa {

/// Lowers `best` to the first touch while the body of `moving` turns about +z of the axis frame, by branch
/// and bound over pairs of boxes: two boxes can touch only where their heights and distances from the axis
/// agree, and not before the angle between them is used up. Exact; set `best.angle` to the end of the
/// rotation.
void firstTouch(const MeshTree& moving, const RigidTransform& axis_from_moving, const MeshTree& fixed,
                const RigidTransform& axis_from_fixed, Touch& best);

}  // namespace coxa
