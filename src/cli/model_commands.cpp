// train and evaluate: making a model and judging one.
#include "command.hpp"

#include "coxa/image/files.hpp"
#include "coxa/segmentation/evaluation.hpp"
#include "coxa/segmentation/training.hpp"

#include <cstdio>
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

Result<Outcome> evaluate(const std::string& labelsPath, const std::string& referencePath) {
  const auto labels = readLabelMap(labelsPath);
  if (!labels) return tl::unexpected(labels.error());
  const auto reference = readLabelMap(referencePath);
  if (!reference) return tl::unexpected(reference.error());
  const auto rows = compareLabels(*labels, *reference);
  if (!rows) return tl::unexpected(rows.error());
  json structures = json::array();
  std::string text = "Structure                             Dice   Volume (ml)  Reference (ml)\n";
  for (const auto& row : *rows) {
    structures.push_back({{"name", row.name},
                          {"value", row.value},
                          {"dice", row.dice},
                          {"volumeMl", row.volumeMl},
                          {"referenceVolumeMl", row.referenceVolumeMl}});
    char line[160];
    std::snprintf(line, sizeof line, "%-36s %5.3f %12.1f %15.1f\n", row.name.c_str(), row.dice, row.volumeMl,
                  row.referenceVolumeMl);
    text += line;
  }
  return Outcome{json{{"structures", structures}}.dump(2), text};
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
  command->add_option("--steps", options->steps, "Steps in all")->capture_default_str();
  command->add_option("--seed", options->seed, "Seed")->capture_default_str();
  command->add_option("--batch", options->batchSize, "Slices a step")->capture_default_str();
  command->callback([options, &chosen] {
    chosen = [options](const Job& job) -> Result<Outcome> {
      const auto report = train(*options, job);
      if (!report) return tl::unexpected(report.error());
      return outcomeOf(*report);
    };
  });
}

void addEvaluate(CLI::App& app, Command& chosen) {
  auto* command = app.add_subcommand("evaluate", "Compare labels with a reference, structure by structure");
  const auto labels = std::make_shared<std::string>();
  const auto reference = std::make_shared<std::string>();
  command->add_option("--labels", *labels, "Label map to judge")->required();
  command->add_option("--reference", *reference, "Label map to judge it by")->required();
  command->callback([labels, reference, &chosen] {
    chosen = [labels, reference](const Job&) { return evaluate(*labels, *reference); };
  });
}

}  // namespace coxa::cli
