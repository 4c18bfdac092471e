// export-training: a corrected case as a folder to learn from.
#include "command.hpp"

#include "coxa/anatomy/structures.hpp"
#include "coxa/casefile/contents.hpp"
#include "coxa/casefile/review.hpp"
#include "coxa/editing/correction.hpp"
#include "coxa/image/files.hpp"

#include <algorithm>
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

Result<Outcome> exportTraining(const fs::path& caseFolder, const fs::path& output) {
  const auto source = Case::open(caseFolder);
  if (!source) return tl::unexpected(source.error());
  const auto table = StructureTable::loadDefault();
  if (!table) return tl::unexpected(table.error());
  const auto ct = readCt(*source);
  if (!ct) return tl::unexpected(ct.error());
  const auto labels = readLabels(*source);
  if (!labels) return tl::unexpected(labels.error());
  const auto reviews = readReview(*source);
  if (!reviews) return tl::unexpected(reviews.error());

  std::error_code error;
  fs::create_directories(output, error);
  if (error) return badInput("Cannot make the folder " + output.string() + ": " + error.message() + ".");
  const auto written = writeImage(output / "ct.nrrd", *ct).and_then([&] {
    return writeImage(output / "labels.nrrd", *labels);
  });
  if (!written) return tl::unexpected(written.error());

  const auto missing = unreviewed(*labels, *reviews, *table);
  std::string text = "Written to " + output.string();
  if (!missing.empty()) {
    text +=
        "\nNobody has accepted or corrected these structures as they are now; a model would learn them too:";
    for (const auto& each : missing) text += " " + each;
  }
  return Outcome{json{{"folder", output.string()}, {"unreviewed", missing}}.dump(2), text};
}

}  // namespace

void addExportTraining(CLI::App& app, Command& chosen) {
  auto* command = app.add_subcommand(
      "export-training", "Write the CT and the reviewed labels of a case as a folder for train --data");
  const auto caseFolder = std::make_shared<std::string>();
  const auto output = std::make_shared<std::string>();
  command->add_option("case", *caseFolder, "Case folder, NAME.coxa")->required();
  command->add_option("--output", *output, "Folder for ct.nrrd and labels.nrrd, one of several in DIR")
      ->required();
  command->callback([caseFolder, output, &chosen] {
    chosen = [caseFolder, output](const Job&) { return exportTraining(*caseFolder, *output); };
  });
}

}  // namespace coxa::cli
