#pragma once

#include "coxa/base/result.hpp"
#include "coxa/editing/edit_scope.hpp"

#include <optional>

namespace coxa {

// Every tool looks at a label map and says what it would change; nothing is changed until the change is
// applied. `value` is the label that voxels get, 0 to erase.

/// A ball, or with a `normal` (world) a disc as thick as the layer of voxels across it.
struct Brush {
  double radiusMm = 5.0;
  std::optional<Vec3> normal;
};

/// Voxels whose centre the brush covers on its straight way between two world points, and the voxels at both
/// ends however small the brush. Lengths are mm whatever the spacing.
LabelChange paint(const LabelMap& labels, const Vec3& from, const Vec3& to, const Brush& brush,
                  std::uint8_t value, const EditScope& scope);

struct GrowLimits {
  int lowHu = 150;
  int highHu = 3071;
  double radiusMm = 20.0;  ///< about the seed
};

/// Voxels connected with the seed (6 neighbours) within the limits, through `value` itself and what the scope
/// allows. Errors BadInput: CT and labels on different grids, a seed outside the scan or outside the limits.
Result<LabelChange> grow(const Volume& ct, const LabelMap& labels, const Vec3& seed, const GrowLimits& limits,
                         std::uint8_t value, const EditScope& scope);

/// Draws a structure where it is missing between slices that have it, along a grid axis (0 to 2): in between,
/// the signed distances to both outlines are interpolated (shape-based interpolation, Raya and Udupa 1990,
/// IEEE TMI 9:32). Outlines that do not overlap leave the gap open.
LabelChange fillBetweenSlices(const LabelMap& labels, std::uint8_t value, int axis, const EditScope& scope);

/// Takes bumps and dents smaller than about `sigmaMm` off one structure: a Gaussian of its voxels, cut at the
/// level that keeps its volume. Voxels it loses go to the label most of their 26 neighbours have.
LabelChange smooth(const LabelMap& labels, std::uint8_t value, double sigmaMm, const EditScope& scope);

}  // namespace coxa
