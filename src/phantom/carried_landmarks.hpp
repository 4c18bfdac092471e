#pragma once

#include "coxa/anatomy/landmarks.hpp"

#include <functional>

namespace coxa {

/// A map of space, LPS in mm.
using PointMap = std::function<Vec3(const Vec3&)>;

/// The landmarks of one side's pelvis after the map: points exactly; spheres and planes by a fit to points
/// carried along.
void carryPelvis(HipLandmarks& hip, const PointMap& map);
/// The same for its femur; axes by a fit to points within `axisReachMm` of theirs.
void carryFemur(HipLandmarks& hip, const PointMap& map, double axisReachMm);

}  // namespace coxa
