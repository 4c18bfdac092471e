#pragma once

#include "coxa/image/image.hpp"

namespace coxa {

/// Takes a tilted gantry out: slice k of `tilted` lies k·driftPixels off sideways; the result is a grid with
/// right angles that covers every slice, linear between the pixels, -1024 HU where nothing was measured.
Volume withoutTilt(const Volume& tilted, const Eigen::Vector2d& driftPixels);

}  // namespace coxa
