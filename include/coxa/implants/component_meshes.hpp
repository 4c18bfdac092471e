#pragma once

#include "coxa/base/result.hpp"
#include "coxa/geometry/fits.hpp"
#include "coxa/geometry/mesh.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace coxa {

/// Components that are in no catalogue but whose surface a user has (STL, mm), each in the frame of
/// implants/meshes.hpp. `name`: the file's, without its folder.
struct CupMesh {
  std::string name;
  TriangleMesh mesh;
  double insideRadiusMm = 0.0;
  double outsideRadiusMm = 0.0;
  double openingMm = 0.0;  ///< height of the rim, 0 for half a sphere
};
struct HeadMesh {
  std::string name;
  TriangleMesh mesh;
  double diameterMm = 0.0;
};
struct StemMesh {
  std::string name;
  TriangleMesh mesh;      ///< body and neck
  double lengthMm = 0.0;  ///< from the frame's origin to the tip
  Line neck;              ///< its axis, towards the head, from the height of the origin
  double neckLengthMm = 0.0;
};

struct ComponentMeshes {
  std::vector<CupMesh> cups;
  std::vector<HeadMesh> heads;
  std::vector<StemMesh> stems;
};

/// Read a component's STL and measure what its fit needs. Errors BadInput, which name the file: no STL; a
/// surface that is not closed, is turned inside out or of fewer than 100 triangles; a size that no such
/// component has (metres, inches); a cup that is no shell about the origin open to +z, a head that is no
/// sphere about it, a stem without a tip below the origin and a neck that leans to +x above it.
Result<CupMesh> readCupMesh(const std::filesystem::path& file);
Result<HeadMesh> readHeadMesh(const std::filesystem::path& file);
Result<StemMesh> readStemMesh(const std::filesystem::path& file);

}  // namespace coxa
