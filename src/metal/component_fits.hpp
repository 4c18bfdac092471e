#pragma once

#include "joint_search.hpp"

#include "coxa/image/image.hpp"
#include "coxa/metal/found_implants.hpp"

namespace coxa {

/// What the fits of one hip's components share.
struct HipMetal {
  const Volume* ct = nullptr;
  SurfacePoints surface;        ///< of this hip's metal
  SurfacePoints brightSurface;  ///< the same at a higher threshold, which fewer streaks reach
  bool clipped = false;         ///< the scale ends at `brightestHu`, below the metal's values
  double brightestHu = 0.0;
  Vec3 sliceNormal = Vec3::UnitZ();
  bool cutAtEnd = false;  ///< metal goes on beyond the scan's last slices or its field
};

/// What the implants are looked for among.
struct KnownComponents {
  const Catalogue& catalogue;
  const ComponentMeshes& own;
};

/// How surfaces are fitted to this metal: which shift of the threshold is to be expected.
SurfaceFitOptions fitOptions(const HipMetal& metal);

/// A start or pose whose z axis is that one; the spin about it is arbitrary.
RigidTransform poseAlong(const Vec3& origin, const Vec3& z);

/// The shell: the known cup that explains the scan best, else a hemispherical shell of the seen radii. Where
/// the scale hides the metal's values, cups are rendered (cup_rendering.hpp): the outer surface, which
/// streaks between head and shell do not reach, tells the radius, and a known cup of that radius the size; a
/// cup is refused when it needs metal of HU that no metal has.
std::optional<FoundCup> fitCup(const HipMetal& metal, const Joint& joint, const KnownComponents& known);

/// The head as a sphere; named by the nearest diameter within 1.5 mm, its neck length still the reference.
std::optional<FoundHead> fitHead(const HipMetal& metal, const Joint& joint, const KnownComponents& known);

/// The stem: of the known ones the one that explains the metal and is explained by it best, its neck's axis
/// tied to the head's centre. When the metal shows its surface too badly it is another's: unnamed, it lies as
/// the one that is most like it. `other`: metal that is neither shell, screw nor head.
std::optional<FoundStem> fitStem(const HipMetal& metal, const SurfacePoints& other, const FoundHead& head,
                                 const KnownComponents& known);

/// The metal's surface that belongs to neck and stem: beyond the head, and on the open side of the shell.
SurfacePoints femoralSurface(const HipMetal& metal, const Joint& joint, const std::optional<FoundCup>& cup);

}  // namespace coxa
