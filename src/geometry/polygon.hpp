#pragma once

#include "coxa/geometry/mesh.hpp"

#include <vector>

namespace coxa {

/// Triangles of the area between closed rims (runs of indices into `points`): outer rims counter-clockwise,
/// holes clockwise. Ear clipping after joining each hole to its outer rim (Eberly 2002). Every rim edge is in
/// exactly one triangle.
std::vector<TriangleMesh::Triangle> triangulated(const std::vector<Eigen::Vector2d>& points,
                                                 const std::vector<std::vector<std::uint32_t>>& rims);

}  // namespace coxa
