#pragma once

#include "rendered_voxels.hpp"

#include "coxa/geometry/types.hpp"
#include "coxa/image/image.hpp"

#include <optional>

namespace coxa {

/// A spherical shell in the cup frame of implants/meshes.hpp, mm.
struct Shell {
  double insideMm = 0.0;   ///< radius
  double outsideMm = 0.0;  ///< radius
  double openingMm =
      0.0;  ///< height of the opening plane, 0 for half a sphere, beyond the radius for a whole one
};

struct CupRenderingOptions {
  double clipHu = 3071.0;   ///< where the scale ends
  double nearestMm = 0.0;   ///< voxels from this radius …
  double farthestMm = 0.0;  ///< … to this one about the start's centre are compared
  HuRange metalHu;          ///< within which the metal's is fitted
  /// To which degree (0 to 2) the metal's HU and that of what lies beside it may differ with the direction
  /// from the centre: beams that metal hardens brighten one side of it and darken another.
  int shadeDegree = 0;
};

struct RenderedCup {
  RigidTransform world_from_cup = RigidTransform::Identity();
  Mat3 centerCovariance = Mat3::Zero();  ///< mm²
  Mat3 turnCovariance = Mat3::Zero();    ///< rad²
  double metalHu = 0.0;   ///< as the voxels that hold only part of the shell show it, on average
  double misfitHu = 0.0;  ///< root mean square over the voxels, each at most 1500 HU
};

/// Moves a shell until the CT that it would give equals the CT: every voxel holds the shell's share of it
/// (its box and a blur of 0.5 mm), at HU that are fitted too, and the scale's end. Robust Gauss-Newton
/// (Tukey's biweight); shift and tilt only, a shell has no spin. Shades are spherical harmonics of the
/// logarithm of the metal's HU and of the HU beside it, held near none (standard deviations 0.3 and 300 HU).
/// The covariance is the delete-a-group jackknife's over 16 sectors about the axis, because streaks err
/// together over whole sectors. Unlike the surface at a threshold it knows what blur and thick slices do to a
/// thin rim. Nothing when fewer than 500 voxels are there.
std::optional<RenderedCup> renderCup(const Volume& ct, const Shell& shell, const RigidTransform& start,
                                     const CupRenderingOptions& options);

}  // namespace coxa
