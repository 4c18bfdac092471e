#pragma once

#include "coxa/geometry/types.hpp"
#include "coxa/image/image.hpp"

namespace coxa {

/// How much streaks hide a metal shell, in mm: the distance of the slices times the share of the voxels 2 to
/// 10 mm behind its outer sphere that are brighter than bone. Titanium throws few streaks (below 0.4 even in
/// slices of 6 mm), cobalt-chrome up to 0.9 without those as bright as metal. `axis`: unit, out of the cup. 0
/// where the scan holds nothing there.
double shellStreaksMm(const Volume& ct, const Vec3& center, const Vec3& axis, double outsideMm);

}  // namespace coxa
