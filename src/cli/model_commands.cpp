#include "segment_command.hpp"

#include "coxa/segmentation/training.hpp"

#include <memory>
#include <nlohmann/json.hpp>

namespace coxa::cli {

using nlohmann::json;

namespace {

Outcome outcomeOf(const TrainingReport& report) {
  const json document = {{"steps", report.steps},
                         {"resumedFromStep", report.resumedFromStep},
                         {"loss", report.loss},
                         {"cases", report.cases},
                         {"weightsSha256", report.weightsSha256}};
  return {document.dump(2),
          "Trained to step " + std::to_string(report.steps) + ", loss " + std::to_string(report.loss)};
}

}  // namespace

void addTrain(CLI::App& app, Command& chosen) {
  auto* command =
      app.add_subcommand("train", "Train a model on labelled CTs; goes on from its last checkpoint");
  const auto options = std::make_shared<TrainingOptions>();
  command
      ->add_option("--data", options->dataFolder,
                   "Folder with one subfolder a case: ct.nrrd, labels.nrrd[, names.json]")
      ->required();
  command->add_option("--model", options->modelFolder, "Folder that receives the model")->required();
  command->add_option("--work", options->workFolder, "Folder for checkpoint and log")->required();
  command->add_option("--name", options->modelName, "The model's name")->capture_default_str();
  command->add_option("--from", options->startModel,
                      "Folder of a model to go on from, for example models/hip-ct");
  command->add_option("--rate", options->learningRate, "Learning rate at its peak")->capture_default_str();
  command->add_option("--steps", options->steps, "Steps in all")->capture_default_str();
  command->add_option("--seed", options->seed, "Seed")->capture_default_str();
  command->add_option("--batch", options->batchSize, "Slices a step")->capture_default_str();
  command->add_option("--filters", options->filters, "Width of the encoder at full resolution")
      ->capture_default_str();
  command
      ->add_option("--ahead", options->batchesAhead,
                   "Batches prepared at once, each by a core, while one is learnt")
      ->capture_default_str();
  addDeviceOption(*command, options->device);
  command->callback([options, &chosen] {
    chosen = [options](const Job& job) -> Result<Outcome> {
      const auto report = train(*options, job);
      if (!report) return tl::unexpected(report.error());
      return outcomeOf(*report);
    };
  });
}

}  // namespace coxa::cli
