#pragma once

#include "coxa/base/job.hpp"
#include "coxa/base/result.hpp"
#include "coxa/geometry/mesh.hpp"
#include "coxa/image/image.hpp"

#include <map>

namespace coxa {

struct SurfaceOptions {
  double smoothing = 1.0;        ///< 0 none; 1 removes the voxel steps; the volume is kept within 1 %
  std::size_t maxTriangles = 0;  ///< 0: all; otherwise decimated to at most this many (display: 12 000); such
                                 ///< a copy is for looking at and may not be closed
};

/// The closed surface of one label in world coordinates, outside normals out. Empty mesh when the label is
/// absent.
Result<TriangleMesh> surfaceOf(const LabelMap& labels, std::uint8_t value,
                               const SurfaceOptions& options = {});
/// All labels that are present, in parallel.
Result<std::map<std::uint8_t, TriangleMesh>> surfacesOf(const LabelMap& labels, const SurfaceOptions& options,
                                                        const Job& job);

}  // namespace coxa
