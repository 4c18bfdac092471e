#pragma once

#include "body.hpp"
#include "implant_shares.hpp"

#include "coxa/phantom/hip_replacement.hpp"

#include <memory>
#include <optional>

namespace coxa {

/// A patient after hip replacements, on the grid of the CT or a part of it.
struct OperatedBody {
  Body whole;       ///< the femora moved into their cups, no bone cut: tissue is drawn from it
  LabelMap labels;  ///< bones reamed, resected and broached; implants are background
  LabelMap implants;
  std::vector<ImplantShares> shares;  ///< one per replacement
};

/// What lies at a point after the femora have moved, no bone cut.
struct MovedTissue {
  std::uint8_t label = 0;
  std::uint8_t surroundings = 0;
  std::optional<Vec3> scanned;  ///< where it lay before; nothing: scar
};

/// The anatomy after the femora have moved into their cups, no bone cut. Every operated femur moves rigidly
/// by its reduction, pelvis and other bones stay. In between, a soft tissue moves by the reduction times
/// dFixed / (dFixed + dFemur), the distances to what stays (beyond the body's middle all does) and to the
/// resected femur, evened out near both and smoothed. Bones keep their shape; the part of a femur that will
/// be resected gives way to the hip bone. `anatomy` must outlive it.
class MovedAnatomy {
 public:
  MovedAnatomy(const Grid& grid, const Anatomy& anatomy, const std::vector<HipReplacement>& replacements,
               const StructureTable& table);
  ~MovedAnatomy();

  MovedTissue at(const Vec3& p) const;
  Body bodyOn(const Grid& grid) const;
  /// Of soft tissue.
  const DisplacementField& scannedFromOperated() const;

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

/// The bones of the moved body reamed, resected and broached, the implants in them.
OperatedBody operated(Body whole, const std::vector<HipReplacement>& replacements,
                      const StructureTable& table);

}  // namespace coxa
