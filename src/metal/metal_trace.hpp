#pragma once

#include "coxa/physics/projector.hpp"
#include "coxa/physics/reconstruction.hpp"

namespace coxa {

/// Millimetres of metal along a ray from which on it belongs to the metal's trace.
constexpr float kTraceMm = 0.2F;

/// A slice's projections, and how many mm of metal every ray passes.
struct MetalViews {
  Sinogram projections;
  Sinogram metalMm;

  bool inTrace(std::size_t ray) const { return metalMm.values[ray] > kTraceMm; }
};

/// The projections with a straight line across the trace, from the ray before to the ray after; at the
/// detector's end the one side's value.
Sinogram bridged(const MetalViews& views);

/// The same after division by the projections of a prior, and multiplied back (Meyer et al. 2010). Where the
/// prior is thinner than 5 mm of water nothing is divided.
Sinogram bridgedNormalised(const MetalViews& views, const Sinogram& prior);

/// What rays through metal say of the tissue beside it: to be added to `guessed`, a bridged sinogram; 0
/// outside the trace. NMAR throws all of the trace away; but where enough quanta come through the metal, they
/// did measure (Verburg and Seco 2012, Phys Med Biol 57:2803; mixing by trust as in clinical programs). The
/// difference of measurement and guess is told apart: the metal's own picture, which lies within `metal`
/// (non-zero there, by pixel); hardening of the beam, a polynomial in the paths through metal and tissue,
/// fitted; noise; and what the guess got wrong. The last two are returned, times a trust that falls as the
/// local noise rises. Works where the scale is clipped: what that takes from the metal is part of its
/// picture.
Sinogram measuredBesideMetal(const MetalViews& views, const Sinogram& guessed, const Slice& metal,
                             const Projector& projector, const Reconstructor& reconstructor);

}  // namespace coxa
