#include "training_run.hpp"

#include "coxa/base/files.hpp"

#include <algorithm>

namespace coxa {

namespace fs = std::filesystem;

namespace {

TrainerOptions trainerOptions(const ArtifactTrainingOptions& options, const NetworkShape& shape) {
  TrainerOptions trainer;
  trainer.shape = shape;
  trainer.steps = options.steps;
  trainer.seed = options.seed;
  trainer.learningRate = options.learningRate;
  trainer.diceWeight = 0.0;  // classes are no structures
  trainer.batchesAhead = options.batchesAhead;
  trainer.checkpoint = options.workFolder / "checkpoint.pt";
  trainer.log = options.workFolder / "log.csv";
  trainer.weights = options.workFolder / "weights.pt";
  trainer.device = options.device;
  return trainer;
}

Result<void> publish(const ArtifactTrainingOptions& options, const NetworkKind& kind,
                     const NetworkShape& shape) {
  const auto weights = readFile(options.workFolder / "weights.pt");
  if (!weights) return tl::unexpected(weights.error());
  return writeFileAtomically(options.modelFolder / "weights.pt", *weights).and_then([&] {
    return writeArtifactModel(options.modelFolder, kind, {shape, sha256(*weights)});
  });
}

}  // namespace

std::vector<fs::path> foldersIn(const fs::path& data) {
  std::vector<fs::path> folders;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(data, error))
    if (entry.is_directory()) folders.push_back(entry.path());
  std::sort(folders.begin(), folders.end());
  return folders;
}

tl::unexpected<Error> noCases(const ArtifactTrainingOptions& options) {
  return badInput(options.dataFolder.string() +
                  " holds no case with implants. Make some by coxa-cli operate and reduce-metal.");
}

TrainingBatch drawnBatch(int count, int channels, int size, const ItemDrawer& draw) {
  const std::size_t pixels = static_cast<std::size_t>(size) * static_cast<std::size_t>(size);
  const std::size_t values = static_cast<std::size_t>(channels) * pixels;
  const auto items = static_cast<std::size_t>(count);
  TrainingBatch batch{{count, channels, size, size, std::vector<float>(items * values)},
                      std::vector<std::uint8_t>(items * pixels)};
  for (std::size_t item = 0; item < items; ++item)
    draw(item, batch.images.values.data() + item * values, batch.targets.data() + item * pixels);
  return batch;
}

Result<ArtifactTrainingReport> trainedAndPublished(const ArtifactTrainingOptions& options,
                                                   const NetworkKind& kind, const BatchSource& batches,
                                                   ArtifactTrainingReport report, const Job& job) {
  std::error_code ignored;
  fs::create_directories(options.modelFolder, ignored);
  fs::create_directories(options.workFolder, ignored);
  const NetworkShape shape = newNetworkShape(kind, options.filters);
  const auto trained = trainNetwork(trainerOptions(options, shape), batches, job);
  if (!trained) return tl::unexpected(trained.error());
  if (const auto done = publish(options, kind, shape); !done) return tl::unexpected(done.error());
  report.resumedFromStep = trained->resumedFromStep;
  report.loss = trained->loss;
  return report;
}

}  // namespace coxa
