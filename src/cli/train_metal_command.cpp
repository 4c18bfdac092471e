// train-metal: a network that corrects what NMAR leaves of metal artifacts.
#include "segment_command.hpp"

#include "coxa/refinement/artifact_training.hpp"

#include <memory>
#include <nlohmann/json.hpp>

namespace coxa::cli {

void addTrainMetal(CLI::App& app, Command& chosen) {
  auto* command = app.add_subcommand(
      "train-metal", "Train the network of reduce-metal on operated scans; goes on from its last checkpoint");
  const auto options = std::make_shared<ArtifactTrainingOptions>();
  command
      ->add_option("--data", options->dataFolder,
                   "Folder with one subfolder a case: ct.nrrd, reduced.nrrd, ct_without_artifact.nrrd")
      ->required();
  command->add_option("--model", options->modelFolder, "Folder that receives the model")->required();
  command->add_option("--work", options->workFolder, "Folder for checkpoint and log")->required();
  command->add_option("--rate", options->learningRate, "Learning rate at its peak")->capture_default_str();
  command->add_option("--steps", options->steps, "Steps in all")->capture_default_str();
  command->add_option("--seed", options->seed, "Seed")->capture_default_str();
  command->add_option("--batch", options->batchSize, "Parts of slices a step")->capture_default_str();
  command->add_option("--filters", options->filters, "Width at full resolution")->capture_default_str();
  command->add_option("--ahead", options->batchesAhead, "Batches prepared at once, each by a core")
      ->capture_default_str();
  addDeviceOption(*command, options->device);
  command->callback([options, &chosen] {
    chosen = [options](const Job& job) -> Result<Outcome> {
      const auto report = trainArtifactNetwork(*options, job);
      if (!report) return tl::unexpected(report.error());
      const nlohmann::json document = {{"steps", options->steps},
                                       {"resumedFromStep", report->resumedFromStep},
                                       {"loss", report->loss},
                                       {"cases", report->cases}};
      return Outcome{document.dump(2), "Trained to step " + std::to_string(options->steps) + ", loss " +
                                           std::to_string(report->loss)};
    };
  });
}

}  // namespace coxa::cli
