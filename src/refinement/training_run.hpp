#pragma once

#include "artifact_model.hpp"

#include "coxa/learning/trainer.hpp"
#include "coxa/refinement/artifact_training.hpp"

#include <filesystem>
#include <vector>

namespace coxa {

/// The subfolders, by name.
std::vector<std::filesystem::path> foldersIn(const std::filesystem::path& data);

/// That a folder of training data holds nothing to learn from.
tl::unexpected<Error> noCases(const ArtifactTrainingOptions& options);

/// Trains a network of that kind and writes its model; adds to the report what it cost.
Result<ArtifactTrainingReport> trainedAndPublished(const ArtifactTrainingOptions& options,
                                                   const NetworkKind& kind, const BatchSource& batches,
                                                   ArtifactTrainingReport report, const Job& job);

}  // namespace coxa
