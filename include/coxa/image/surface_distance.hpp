#pragma once

#include "coxa/image/resample.hpp"

#include <optional>

namespace coxa {

/// How far two surfaces are apart, in mm.
struct SurfaceDistance {
  double averageMm = 0.0;       ///< average symmetric surface distance: [Σ d(a,B) + Σ d(b,A)] / (|A| + |B|)
  double percentile95Mm = 0.0;  ///< 95th percentile of the pooled distances d(a,B) and d(b,A)
};

/// Distance between the surfaces of the structure `value` in two maps on the same grid. A surface voxel is a
/// voxel of the structure one of whose six neighbours is not; what lies beyond the grid is not, so that where
/// the scan cuts a structure off, the cut is a part of its surface in both maps. A and B are the centres of
/// the surface voxels, distances are exact for any spacing, percentiles interpolate linearly. `box` must hold
/// both structures. Nothing where one of the maps lacks the structure. Runs on all cores.
std::optional<SurfaceDistance> surfaceDistance(const LabelMap& a, const LabelMap& b, std::uint8_t value,
                                               const IndexBox& box);

}  // namespace coxa
