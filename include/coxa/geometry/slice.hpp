#pragma once

#include "coxa/geometry/fits.hpp"
#include "coxa/geometry/mesh.hpp"

#include <array>
#include <vector>

namespace coxa {

/// The line segments in which a plane cuts a mesh, for outlines in slices. Not ordered.
std::vector<std::array<Vec3, 2>> sliceOf(const TriangleMesh& mesh, const Plane& plane);

}  // namespace coxa
