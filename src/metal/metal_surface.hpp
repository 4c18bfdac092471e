#pragma once

#include "coxa/geometry/surface_fit.hpp"
#include "coxa/image/image.hpp"
#include "coxa/metal/metal_mask.hpp"

namespace coxa {

/// The metal's surface between the voxels, with its normals.
struct MetalSurface {
  SurfacePoints points;
  bool clipped = false;  ///< the scale ends below the metal's values: the surface lies outside the true one
};

/// Where `thresholdHu`, at least the metal's own, is crossed between neighbouring voxels; where the scale
/// shows the metal's own value, moved along the normal to half way between it and what lies outside.
MetalSurface metalSurface(const Volume& ct, const MetalFindings& found, double thresholdHu);

}  // namespace coxa
