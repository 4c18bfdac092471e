#pragma once

#include "artifact_model.hpp"

#include "coxa/learning/trainer.hpp"
#include "coxa/refinement/artifact_training.hpp"

#include <filesystem>
#include <functional>
#include <vector>

namespace coxa {

/// The subfolders, by name.
std::vector<std::filesystem::path> foldersIn(const std::filesystem::path& data);

/// That a folder of training data holds nothing to learn from.
tl::unexpected<Error> noCases(const ArtifactTrainingOptions& options);

/// Fills one item of a batch: its image (channels × size × size) and the classes of its pixels.
using ItemDrawer = std::function<void(std::size_t item, float* image, std::uint8_t* target)>;
/// A batch of that many square parts of `size` pixels, all drawn.
TrainingBatch drawnBatch(int count, int channels, int size, const ItemDrawer& draw);

/// Trains a network of that kind and writes its model; adds to the report what it cost.
Result<ArtifactTrainingReport> trainedAndPublished(const ArtifactTrainingOptions& options,
                                                   const NetworkKind& kind, const BatchSource& batches,
                                                   ArtifactTrainingReport report, const Job& job);

}  // namespace coxa
