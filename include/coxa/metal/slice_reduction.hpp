#pragma once

#include "coxa/physics/scan_geometry.hpp"

#include <cstdint>
#include <memory>

namespace coxa {

/// How the rays through metal are replaced: by a straight line between their neighbours, or after normalising
/// by a prior image (NMAR, Meyer et al. 2010). PlainNmar is that alone, without a frequency split: what
/// others are measured against.
enum class MetalMethod { LinearInterpolation, PlainNmar, Nmar };

/// Reduces metal artifacts in slices of one grid. The slice is re-projected (parallel rays, ramp filter
/// without window), rays through metal are replaced, and the slice is reconstructed. For Nmar, rays that
/// enough quanta passed metal on keep what they measured beside it, freed of the metal and of the beam's
/// hardening (after Verburg and Seco 2012); NMAR fills in for the others. What the re-projection cannot
/// carry, the slice's finest detail, is taken over from the original (frequency split, after Meyer et al.
/// 2012) except beside the metal and where the correction changed more than 10 to 20 HU on average: there it
/// is streaks, and what is left of them is smoothed between edges (bilateral filter). Metal keeps its own
/// values where it is at least half as bright as the brightest within 4 mm; its blurred rim becomes what the
/// correction makes of it.
class SliceReducer {
 public:
  explicit SliceReducer(const SliceGrid& grid);
  ~SliceReducer();

  /// `hu`: the slice in HU. `metal`: by pixel, non-zero where it is metal. A slice without metal comes back
  /// as it is.
  Slice reduced(const Slice& hu, const std::vector<std::uint8_t>& metal,
                MetalMethod method = MetalMethod::Nmar) const;

 private:
  struct Tools;
  std::unique_ptr<Tools> tools_;
};

}  // namespace coxa
