#pragma once

#include "body.hpp"
#include "implant_shares.hpp"

#include "coxa/phantom/hip_replacement.hpp"

namespace coxa {

/// A patient after hip replacements, on the grid of the CT or a part of it.
struct OperatedBody {
  Body whole;       ///< the femora moved into their cups, no bone cut: tissue is drawn from it
  LabelMap labels;  ///< bones reamed, resected and broached; implants are background
  LabelMap implants;
  std::vector<ImplantShares> shares;  ///< one per replacement
};

/// The patient with the femora moved into their cups, no bone cut.
struct ReducedBody {
  Body body;
  DisplacementField scanned_from_operated;  ///< of soft tissue
};

/// Every operated femur moves rigidly by its reduction, pelvis and other bones stay. In between, a soft
/// tissue moves by the reduction times dFixed / (dFixed + dFemur), the distances to what stays (beyond the
/// body's middle all does) and to the resected femur, evened out near both and smoothed.
ReducedBody reducedBody(const Grid& grid, const Anatomy& anatomy,
                        const std::vector<HipReplacement>& replacements, const StructureTable& table);

/// Bones cut and implants put in.
OperatedBody operated(Body reduced, const std::vector<HipReplacement>& replacements,
                      const StructureTable& table);

}  // namespace coxa
