#pragma once

#include "coxa/phantom/postoperative_patient.hpp"

namespace coxa {

/// A scan as if hips had been replaced before it. All on the CT's grid.
struct OperatedScan {
  Volume ct;                 ///< with metal artifacts
  Volume ctWithoutArtifact;  ///< metal at its HU, but nothing that it does to a scan
  LabelMap labels;           ///< bones cut; implants are background
  LabelMap implants;         ///< as PostoperativePatient's
};

/// Operates a real, labelled patient on paper: what makePostoperativePatient does to a virtual one (bone is
/// cut, the femur is reduced and soft tissue gives way, metal comes in and throws its artifacts) is done to
/// the CT itself, whose texture and noise stay. `labels` lie on the CT's grid, in the table's values; unknown
/// voxels (255) stay unknown. Metal adds the noise that it adds to a scan of the noise that this CT shows.
/// Errors: BadInput when the grids differ; Usage when a slice reaches beyond the simulated scanner;
/// Cancelled.
Result<OperatedScan> operateScan(const Volume& ct, const LabelMap& labels,
                                 const std::vector<HipReplacement>& replacements, HuScale scale,
                                 std::uint64_t seed, const Job& job);

}  // namespace coxa
