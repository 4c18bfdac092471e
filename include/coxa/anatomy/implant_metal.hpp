#pragma once

#include <cstdint>

namespace coxa {

/// Above this a voxel is metal. Dense cortex ends at about 2000 HU, rarely; a 12-bit scale at 3071 HU.
inline constexpr std::int16_t kMetalHu = 2500;

/// Whether that much metal in ml is an implant: clips, markers and leads are less.
constexpr bool isImplant(double metalMl) {
  return metalMl > 5.0;
}

}  // namespace coxa
