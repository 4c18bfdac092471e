// train-metal: the networks of reduce-metal.
#include "segment_command.hpp"

#include "coxa/refinement/metal_training.hpp"

#include <memory>
#include <nlohmann/json.hpp>

namespace coxa::cli {

namespace {

using Training = Result<ArtifactTrainingReport> (*)(const ArtifactTrainingOptions&, const Job&);

void addTraining(CLI::App& app, Command& chosen, const char* name, const char* description, const char* files,
                 Training train) {
  auto* command = app.add_subcommand(name, description);
  const auto options = std::make_shared<ArtifactTrainingOptions>();
  command->add_option("--data", options->dataFolder, files)->required();
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
  command->callback([options, train, &chosen] {
    chosen = [options, train](const Job& job) -> Result<Outcome> {
      const auto report = train(*options, job);
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

}  // namespace

void addTrainMetal(CLI::App& app, Command& chosen) {
  addTraining(app, chosen, "train-metal",
              "Train the network of reduce-metal that corrects what NMAR leaves on operated scans; goes on "
              "from its last checkpoint",
              "Folder with one subfolder a case: ct.nrrd, reduced.nrrd, metal.nrrd, ct_without_artifact.nrrd",
              trainArtifactNetwork);
  addTraining(app, chosen, "train-metal-mask",
              "Train the network of reduce-metal that tells metal from streaks on operated scans; goes on "
              "from its last checkpoint",
              "Folder with one subfolder a case: ct.nrrd, ct_without_artifact.nrrd, implants.nrrd",
              trainMetalNetwork);
}

}  // namespace coxa::cli
