#pragma once

#include "coxa/base/job.hpp"
#include "coxa/base/result.hpp"
#include "coxa/learning/runtime.hpp"

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace coxa {

struct ArtifactTrainingOptions {
  std::filesystem::path dataFolder;   ///< one subfolder per case, see trainArtifactNetwork
  std::filesystem::path modelFolder;  ///< receives weights.pt and model.json
  std::filesystem::path workFolder;   ///< receives checkpoint.pt and log.csv; training resumes from there
  std::uint64_t steps = 2000;
  std::uint64_t seed = 1;
  int batchSize = 8;
  int filters = 16;
  int batchesAhead = 1;
  double learningRate = 2e-3;
  Device device = Device::Auto;
};

struct ArtifactTrainingReport {
  std::uint64_t resumedFromStep = 0;
  double loss = 0.0;               ///< mean over the last steps
  std::vector<std::string> cases;  ///< their names
};

/// Trains an ArtifactNetwork on operated scans. A case folder holds, on one grid in HU, `ct.nrrd` (with
/// artifacts) and `ct_without_artifact.nrrd`, as `coxa-cli operate` writes, and `reduced.nrrd` and
/// `metal.nrrd` (`coxa-cli reduce-metal --method nmar --output … --metal …` of the first). May be killed at
/// any moment: the same options go on from the last checkpoint. Errors: BadInput for unreadable cases;
/// Cancelled.
Result<ArtifactTrainingReport> trainArtifactNetwork(const ArtifactTrainingOptions& options, const Job& job);

}  // namespace coxa
