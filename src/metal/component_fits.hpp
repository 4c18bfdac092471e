#pragma once

#include "joint_search.hpp"

#include "coxa/metal/found_implants.hpp"

namespace coxa {

/// What the fits of one hip's components share.
struct HipMetal {
  SurfacePoints surface;  ///< of this hip's metal
  bool clipped = false;
  Vec3 sliceNormal = Vec3::UnitZ();
  bool cutAtEnd = false;  ///< metal goes on beyond the scan's last slices or its field
};

/// How surfaces are fitted to this metal: which shift of the threshold is to be expected.
SurfaceFitOptions fitOptions(const HipMetal& metal);

/// The shell: over the catalogue's sizes near the seen outer sphere the one with the least residual, or, when
/// that exceeds `largestResidualMm` or there is none, a hemispherical shell of the seen radii.
std::optional<FoundCup> fitCup(const HipMetal& metal, const Joint& joint, const Catalogue& catalogue,
                               double largestResidualMm);

/// The head as a sphere; `product` by the nearest diameter within 1.5 mm, its neck length still the
/// reference.
std::optional<FoundHead> fitHead(const HipMetal& metal, const Joint& joint, const Catalogue& catalogue);

/// The stem: over sizes and offsets the one with the least residual, its neck's axis tied to the head's
/// centre. `other`: metal that is neither shell, screw nor head.
std::optional<FoundStem> fitStem(const HipMetal& metal, const SurfacePoints& other, const FoundHead& head,
                                 const Catalogue& catalogue, double largestResidualMm);

/// The metal's surface that belongs to neck and stem: beyond the head, and on the open side of the shell.
SurfacePoints femoralSurface(const HipMetal& metal, const Joint& joint, const std::optional<FoundCup>& cup);

}  // namespace coxa
