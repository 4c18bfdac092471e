#pragma once

#include "coxa/base/result.hpp"
#include "coxa/geometry/types.hpp"
#include "coxa/image/image.hpp"

#include <string>
#include <vector>

namespace coxa {

/// The plane between the body's halves.
struct MidsagittalPlane {
  Vec3 point = Vec3::Zero();
  Vec3 toLeft = Vec3::UnitX();  ///< unit normal, to the patient's left

  Side sideOf(const Vec3& world) const { return toLeft.dot(world - point) > 0.0 ? Side::Left : Side::Right; }
};

/// From the two hip bones, which mirror each other, and the sacrum between them; `kinds` are classes named by
/// `names`. Errors BadInput: no hip bones, or bones that lie otherwise than the world's LPS axes say (sacrum
/// below the femora or in front of the hip bones, hip bones one above the other): the orientation in the file
/// is wrong.
Result<MidsagittalPlane> midsagittalPlane(const LabelMap& kinds, const std::vector<std::string>& names);

}  // namespace coxa
