#pragma once

#include "coxa/base/result.hpp"
#include "coxa/geometry/mesh.hpp"

#include <string>
#include <string_view>

namespace coxa {

/// The bytes of a binary STL file (little endian): 80 bytes of header, the number of triangles, then each
/// triangle's normal and corners.
std::string binaryStl(const TriangleMesh& mesh);

/// The surface in the bytes of an STL file, binary or text. Corners at the same place become one vertex;
/// triangles that this leaves without area are dropped. Errors BadInput, without a file's name: neither kind
/// of STL, cut off, a number that is none, no triangle.
Result<TriangleMesh> meshFromStl(std::string_view bytes);

}  // namespace coxa
