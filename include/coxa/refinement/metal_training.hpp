#pragma once

#include "coxa/refinement/artifact_training.hpp"

namespace coxa {

/// Trains a MetalNetwork on operated scans. A case folder holds, on one grid, `ct.nrrd` (with artifacts, 12
/// bits), `ct_without_artifact.nrrd` and `implants.nrrd`, as `coxa-cli operate` writes. Metal is what the
/// implants' metal parts fill by half or more, and what is above 2500 HU without artifacts. Resumes and fails
/// as trainArtifactNetwork.
Result<ArtifactTrainingReport> trainMetalNetwork(const ArtifactTrainingOptions& options, const Job& job);

}  // namespace coxa
