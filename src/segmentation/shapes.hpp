#pragma once

#include "coxa/image/displacement.hpp"

#include <cstdint>
#include <vector>

namespace coxa {

/// Random shapes of a patient along `ways`, stationary velocities from the patient to other patients (see
/// TrainingCase): every shape goes a part of each way, also to its other side. Each is given as the way back,
/// from the shape to the patient, on a grid of 8 mm. As many by the same seed; none without ways.
std::vector<DisplacementField> drawnShapes(const std::vector<VectorImage>& ways, std::uint64_t seed);

}  // namespace coxa
