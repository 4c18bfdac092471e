#pragma once

#include "coxa/anatomy/structures.hpp"
#include "coxa/image/image.hpp"

namespace coxa {

/// Turns a label map of the expert segmentations of TCIA's Pelvic-Reference-Data (1 hip bone, 2 femur, 3
/// sacrum, 4 spine, 5..28 muscles; one value for both sides) into the table's values, which have one per
/// side. The sides are told apart by the mid-sagittal plane: the plane x = a + b·y + c·z (LPS) that passes
/// through the middle of the spine and the sacrum and midway between both sides' hip bones and femora. A
/// connected part of which 90 % lie on one side belongs to that side as a whole; other parts are cut at the
/// plane. Errors BadInput: a value above 28, or neither spine, sacrum, hip bone nor femur.
Result<LabelMap> withSides(const LabelMap& expertLabels, const StructureTable& table);

}  // namespace coxa
