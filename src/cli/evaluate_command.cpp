#include "command.hpp"

#include "coxa/anatomy/reference_labels.hpp"
#include "coxa/image/files.hpp"
#include "coxa/image/resample.hpp"
#include "coxa/segmentation/evaluation.hpp"

#include <cstdio>
#include <memory>
#include <nlohmann/json.hpp>

namespace coxa::cli {

using nlohmann::json;

namespace {

struct EvaluateArguments {
  std::string labels;
  std::string reference;
  std::string referenceNames;
};

json jsonOf(const std::optional<double>& value) {
  return value ? json(*value) : json();
}

json jsonOf(const StructureAgreement& row) {
  return {{"name", row.name},
          {"value", row.value},
          {"dice", row.dice},
          {"asdMm", jsonOf(row.asdMm)},
          {"hd95Mm", jsonOf(row.hd95Mm)},
          {"volumeMl", row.volumeMl},
          {"referenceVolumeMl", row.referenceVolumeMl}};
}

json jsonOf(const GroupAgreement& group) {
  return {{"structures", group.structures},
          {"missing", group.missing},
          {"meanDice", group.structures > 0 ? json(group.meanDice) : json()},
          {"meanAsdMm", jsonOf(group.meanAsdMm)}};
}

json summaryOf(const LabelAgreement& agreement) {
  const auto& worst = agreement.worst;
  const auto& crossed = agreement.crossed;
  return {
      {"muscles", jsonOf(agreement.muscles)},
      {"bones", jsonOf(agreement.bones)},
      {"worst", worst ? json{{"name", worst->name}, {"dice", worst->dice}} : json()},
      {"crossed", crossed ? json{{"volumeMl", crossed->labelsMl}, {"referenceVolumeMl", crossed->referenceMl}}
                          : json()}};
}

std::string documentOf(const LabelAgreement& agreement, bool resampled) {
  json structures = json::array();
  for (const auto& row : agreement.structures) structures.push_back(jsonOf(row));
  return json{{"structures", structures}, {"summary", summaryOf(agreement)}, {"resampled", resampled}}.dump(
      2);
}

std::string decimal(const char* format, const std::optional<double>& value) {
  char text[32] = "-";
  if (value) std::snprintf(text, sizeof text, format, *value);
  return text;
}

std::string lineOf(const StructureAgreement& row) {
  char line[200];
  std::snprintf(line, sizeof line, "%-36s %5.3f %8s %9s %12.1f %15.1f\n", row.name.c_str(), row.dice,
                decimal("%.2f", row.asdMm).c_str(), decimal("%.2f", row.hd95Mm).c_str(), row.volumeMl,
                row.referenceVolumeMl);
  return line;
}

std::string lineOf(const char* name, const GroupAgreement& group) {
  if (group.structures == 0) return {};
  std::string line = "Mean of " + std::to_string(group.structures) + " " + name + ": Dice " +
                     decimal("%.3f", group.meanDice) + ", ASD " + decimal("%.2f", group.meanAsdMm) + " mm";
  if (group.missing > 0) line += " (" + std::to_string(group.missing) + " missing)";
  return line + "\n";
}

std::string textOf(const LabelAgreement& agreement, bool resampled) {
  std::string text =
      "Structure                             Dice  ASD (mm) HD95 (mm)  Volume (ml)  Reference (ml)\n";
  for (const auto& row : agreement.structures) text += lineOf(row);
  text += lineOf("muscles", agreement.muscles) + lineOf("bones", agreement.bones);
  if (agreement.worst)
    text += "Worst: " + agreement.worst->name + ", Dice " + decimal("%.3f", agreement.worst->dice) + "\n";
  if (agreement.crossed)
    text += "On the wrong side of the body's middle: " + decimal("%.1f", agreement.crossed->labelsMl) +
            " ml (reference " + decimal("%.1f", agreement.crossed->referenceMl) + " ml)\n";
  if (resampled)
    text += "The labels lay on another grid and were resampled to the reference's (nearest voxel).\n";
  return text;
}

Result<LabelMap> readReference(const EvaluateArguments& arguments) {
  auto reference = readLabelMap(arguments.reference);
  if (!reference || arguments.referenceNames.empty()) return reference;
  const auto names = readLabelNames(arguments.referenceNames);
  if (!names) return tl::unexpected(names.error());
  const auto table = StructureTable::loadDefault();
  if (!table) return tl::unexpected(table.error());
  return withNames(*reference, *names, *table);
}

Result<Outcome> evaluate(const EvaluateArguments& arguments, const Job& job) {
  auto labels = readLabelMap(arguments.labels);
  if (!labels) return tl::unexpected(labels.error());
  const auto reference = readReference(arguments);
  if (!reference) return tl::unexpected(reference.error());
  const bool resampled = !sameGrid(labels->grid, reference->grid);
  if (resampled) labels = resampleNearest(*labels, reference->grid);
  const auto agreement = compareLabels(*labels, *reference, job);
  if (!agreement) return tl::unexpected(agreement.error());
  return Outcome{documentOf(*agreement, resampled), textOf(*agreement, resampled)};
}

}  // namespace

void addEvaluate(CLI::App& app, Command& chosen) {
  auto* command = app.add_subcommand("evaluate", "Compare labels with a reference, structure by structure");
  const auto arguments = std::make_shared<EvaluateArguments>();
  command->add_option("--labels", arguments->labels, "Label map to judge")->required();
  command->add_option("--reference", arguments->reference, "Label map to judge it by")->required();
  command->add_option(
      "--reference-names", arguments->referenceNames,
      "names.json of the reference where its values are not Coxa's, as train reads it; a name "
      "without a side stands for both");
  command->callback(
      [arguments, &chosen] { chosen = [arguments](const Job& job) { return evaluate(*arguments, job); }; });
}

}  // namespace coxa::cli
