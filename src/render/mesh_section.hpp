#pragma once

#include "coxa/geometry/mesh.hpp"

#include <array>
#include <vector>

namespace coxa {

/// A piece of a mesh's cut with a plane.
using Segment = std::array<Vec3, 2>;

/// Cuts the mesh at the world plane through `point` with unit normal `normal`. Segments in world coordinates,
/// in no order; of a closed mesh they form closed curves.
std::vector<Segment> sectionOf(const TriangleMesh& mesh, const RigidTransform& world_from_mesh,
                               const Vec3& point, const Vec3& normal);

}  // namespace coxa
