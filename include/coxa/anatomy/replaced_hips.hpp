#pragma once

#include "coxa/anatomy/landmarks.hpp"
#include "coxa/anatomy/structures.hpp"

namespace coxa {

/// Sides with an implant in or beside the bones: as much metal as isImplant() takes for one on that side of
/// the middle between the hip bones. `labels` on the CT's grid, values of the table. Empty where a hip bone
/// is missing.
std::vector<Side> replacedSides(const Volume& ct, const LabelMap& labels, const StructureTable& table);

/// Takes away what a replaced hip has no more: femoral head and neck, acetabulum and its rim, and the
/// trochanters, which are told by the head. What fits spheres to cut bone would be found in the wrong place
/// without a word. A notice "landmarks.replaced-hip" says so for every side.
void leaveOutReplacedHips(LandmarkSet& landmarks, const std::vector<Side>& sides);

}  // namespace coxa
