#pragma once

#include "coxa/anatomy/structures.hpp"
#include "coxa/image/image.hpp"

#include <map>

namespace coxa {

/// The plane x = a + b·y + c·z (LPS) between the body's halves.
struct BodyMiddle {
  Vec3 abc = Vec3::Zero();
  bool leftOf(const Vec3& world) const {
    return world.x() > abc.x() + abc.y() * world.y() + abc.z() * world.z();
  }
};

/// The least-squares plane through the middle of the spine and the sacrum and midway between both sides' hip
/// bones and femora, slice by slice. `labels` has the table's values. Nothing without any of these bones.
std::optional<BodyMiddle> bodyMiddle(const LabelMap& labels, const StructureTable& table);

/// Turns a label map of the expert segmentations of TCIA's Pelvic-Reference-Data (1 hip bone, 2 femur, 3
/// sacrum, 4 spine, 5..28 muscles; one value for both sides) into the table's values, which have one per
/// side. The sides are told apart by the body's middle (see bodyMiddle). A connected part of which 90 % lie
/// on one side belongs to that side as a whole; other parts are cut at the plane. Errors BadInput: a value
/// above 28, or neither spine, sacrum, hip bone nor femur.
Result<LabelMap> withSides(const LabelMap& expertLabels, const StructureTable& table);

/// What the values of somebody else's label map mean: a structure ("hip_left") or, where one value stands for
/// both sides, a kind ("hip").
using LabelNames = std::map<std::uint8_t, std::string>;

/// Reads {"1": "hip", "2": "femur_left", …}. Errors BadInput: missing, malformed or a value outside 1-255.
Result<LabelNames> readLabelNames(const std::filesystem::path& file);

/// Turns named values into the table's; values without a name become background. A kind is split into its
/// sides as by withSides. Errors BadInput: a name that is not in the table, or sides to tell apart and
/// neither spine, sacrum, hip bone nor femur.
Result<LabelMap> withNames(const LabelMap& labels, const LabelNames& names, const StructureTable& table);

}  // namespace coxa
