#pragma once

#include "coxa/phantom/hip_replacement.hpp"
#include "coxa/phantom/virtual_patient.hpp"

namespace coxa::cli {

struct VirtualSurgeryOptions {
  std::vector<Side> sides;
  HipMaterials materials;
  int screws = 2;
  ExecutionSpread spread;
};

/// What was done to a virtual patient, and truth/implant.json about it.
struct VirtualSurgery {
  std::vector<HipReplacement> replacements;
  std::string json;
};

/// Plans each side on the patient's own truth and carries the plan out with a surgeon's deviations by seed.
/// Errors as suggestPlan.
Result<VirtualSurgery> operateVirtually(const VirtualPatient& patient, const VirtualSurgeryOptions& options,
                                        std::uint64_t seed, const Job& job);

}  // namespace coxa::cli
