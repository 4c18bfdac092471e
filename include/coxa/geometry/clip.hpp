#pragma once

#include "coxa/geometry/fits.hpp"
#include "coxa/geometry/mesh.hpp"

namespace coxa {

/// The part of a closed mesh on the side the plane's normal points to, closed again by a flat cap. A mesh
/// wholly on the other side gives an empty one. Used for the femoral neck's resection.
TriangleMesh clipped(const TriangleMesh& mesh, const Plane& plane);

}  // namespace coxa
