#pragma once

#include "coxa/physics/reconstruction.hpp"

#include <vector>

namespace coxa {

/// Real frequency response (length/2 + 1 values) of the band-limited ramp, sampled at `step`, times the
/// window. Convolution with it, times `step`, is the filter of Kak and Slaney 1988: equation 61 for parallel
/// rays (step in mm), equation 93 for equiangular fans (step in radians).
std::vector<float> parallelRampResponse(int length, double stepMm, FilterWindow window);
std::vector<float> equiangularRampResponse(int length, double stepRad, FilterWindow window);

}  // namespace coxa
