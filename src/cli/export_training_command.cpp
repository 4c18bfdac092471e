// export-training: a corrected case as a folder to learn from.
#include "command.hpp"

#include "coxa/anatomy/structures.hpp"
#include "coxa/casefile/contents.hpp"
#include "coxa/casefile/review.hpp"
#include "coxa/editing/correction.hpp"
#include "coxa/image/files.hpp"
#include "coxa/segmentation/pseudo_labels.hpp"

#include <algorithm>
#include <cstdio>
#include <memory>
#include <nlohmann/json.hpp>

namespace coxa::cli {

namespace fs = std::filesystem;
using nlohmann::json;

namespace {

/// Structures in the labels that nobody accepted or corrected as they are now.
std::vector<std::string> unreviewed(const LabelMap& labels, const std::vector<StructureReview>& reviews,
                                    const StructureTable& table) {
  std::vector<std::string> names;
  for (const auto& [value, outline] : outlineChecksums(labels)) {
    const bool reviewed = std::any_of(
        reviews.begin(), reviews.end(), [value = value, &outline = outline](const StructureReview& review) {
          const bool good = review.state == ReviewState::Accepted || review.state == ReviewState::Corrected;
          return review.value == value && good && review.outlineSha256 == outline;
        });
    if (reviewed) continue;
    const Structure* structure = table.find(value);
    names.push_back(structure != nullptr ? structure->name : std::to_string(value));
  }
  return names;
}

Result<void> writeTrainingFolder(const fs::path& output, const Volume& ct, const LabelMap& labels) {
  std::error_code error;
  fs::create_directories(output, error);
  if (error) return badInput("Cannot make the folder " + output.string() + ": " + error.message() + ".");
  return writeImage(output / "ct.nrrd", ct).and_then([&] {
    return writeImage(output / "labels.nrrd", labels);
  });
}

Result<Outcome> exportReviewed(const fs::path& caseFolder, const fs::path& output) {
  const auto source = Case::open(caseFolder);
  if (!source) return tl::unexpected(source.error());
  const auto table = StructureTable::loadDefault();
  if (!table) return tl::unexpected(table.error());
  const auto ct = readCtInUse(*source);
  if (!ct) return tl::unexpected(ct.error());
  const auto labels = readLabels(*source);
  if (!labels) return tl::unexpected(labels.error());
  const auto reviews = readReview(*source);
  if (!reviews) return tl::unexpected(reviews.error());
  if (const auto written = writeTrainingFolder(output, *ct, *labels); !written)
    return tl::unexpected(written.error());

  const auto missing = unreviewed(*labels, *reviews, *table);
  std::string text = "Written to " + output.string();
  if (!missing.empty()) {
    text +=
        "\nNobody has accepted or corrected these structures as they are now; a model would learn them too:";
    for (const auto& each : missing) text += " " + each;
  }
  return Outcome{json{{"folder", output.string()}, {"unreviewed", missing}}.dump(2), text};
}

Result<Outcome> exportConfident(const fs::path& caseFolder, const fs::path& output,
                                const PseudoLabelLimits& limits) {
  const auto source = Case::open(caseFolder);
  if (!source) return tl::unexpected(source.error());
  const auto ct = readCtInUse(*source);
  if (!ct) return tl::unexpected(ct.error());
  const auto labels = readLabels(*source);
  if (!labels) return tl::unexpected(labels.error());
  const auto entropy = readEntropy(*source);
  if (!entropy) return tl::unexpected(entropy.error());
  const auto summary = source->file(Stage::Segmentation, "structures.json").and_then(readSegmentationSummary);
  if (!summary) return tl::unexpected(summary.error());
  const auto confident = pseudoLabels(*labels, *entropy, summary->structures, limits);
  if (!confident) return tl::unexpected(confident.error());
  if (const auto written = writeTrainingFolder(output, *ct, confident->labels); !written)
    return tl::unexpected(written.error());

  char share[80];
  std::snprintf(share, sizeof share, "\nUnknown voxels: %.0f %% of the number labelled before.",
                100.0 * confident->unknownShare);
  std::string text = "Written to " + output.string() + share;
  if (!confident->leftOut.empty()) text += "\nLeft out as a whole:";
  for (const auto& each : confident->leftOut) text += " " + each;
  return Outcome{json{{"folder", output.string()},
                      {"leftOut", confident->leftOut},
                      {"unknownShare", confident->unknownShare}}
                     .dump(2),
                 text};
}

struct Arguments {
  std::string caseFolder;
  std::string output;
  bool confident = false;
  PseudoLabelLimits limits;
};

}  // namespace

void addExportTraining(CLI::App& app, Command& chosen) {
  auto* command = app.add_subcommand(
      "export-training", "Write the CT and the reviewed labels of a case as a folder for train --data");
  const auto arguments = std::make_shared<Arguments>();
  command->add_option("case", arguments->caseFolder, "Case folder, NAME.coxa")->required();
  command
      ->add_option("--output", arguments->output, "Folder for ct.nrrd and labels.nrrd, one of several in DIR")
      ->required();
  auto* confident =
      command->add_flag("--confident", arguments->confident,
                        "Instead of what was reviewed, only what the segmentation is sure of; the rest is "
                        "unknown to the training");
  command->add_option("--max-entropy", arguments->limits.highestEntropy, "Of a voxel, in nats")
      ->needs(confident)
      ->check(CLI::Range(0.0, 4.0))
      ->capture_default_str();
  command->add_option("--min-agreement", arguments->limits.lowestAgreement, "Of a structure's samples, Dice")
      ->needs(confident)
      ->check(CLI::Range(0.0, 1.0))
      ->capture_default_str();
  command->callback([arguments, &chosen] {
    chosen = [arguments](const Job&) {
      return arguments->confident
                 ? exportConfident(arguments->caseFolder, arguments->output, arguments->limits)
                 : exportReviewed(arguments->caseFolder, arguments->output);
    };
  });
}

}  // namespace coxa::cli
