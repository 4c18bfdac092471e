#pragma once

#include "coxa/geometry/mesh.hpp"

#include <string>

namespace coxa {

/// The bytes of a binary STL file (little endian): 80 bytes of header, the number of triangles, then each
/// triangle's normal and corners.
std::string binaryStl(const TriangleMesh& mesh);

}  // namespace coxa
