#pragma once

#include "coxa/physics/scan_geometry.hpp"

#include <cstdint>
#include <memory>

namespace coxa {

/// How the rays through metal are replaced: by a straight line between their neighbours, or after normalising
/// by a prior image (NMAR, Meyer et al. 2010). PlainNmar is that alone, without a frequency split: what others
/// are measured against.
enum class MetalMethod { LinearInterpolation, PlainNmar, Nmar };

/// Reduces metal artifacts in slices of one grid. The slice is re-projected (parallel rays, ramp filter
/// without window), rays through metal are replaced, and the slice is reconstructed. What the re-projection
/// cannot carry, the slice's finest detail, is taken over from the original (frequency split, after Meyer et
/// al. 2012) except beside the metal and where the correction changed more than about 15 HU on average: there
/// it is streaks. Metal keeps its own values.
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
