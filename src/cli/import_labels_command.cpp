// import-labels: somebody else's segmentation of a CT as a folder to learn from.
#include "command.hpp"
#include "ct_input.hpp"

#include "coxa/anatomy/foreign_segments.hpp"
#include "coxa/base/files.hpp"
#include "coxa/dicom/scan.hpp"
#include "coxa/dicom/segmentation_object.hpp"
#include "coxa/image/files.hpp"
#include "coxa/image/resample.hpp"
#include "coxa/segmentation/training.hpp"

#include <algorithm>
#include <memory>
#include <nlohmann/json.hpp>

namespace coxa::cli {

namespace fs = std::filesystem;
using nlohmann::json;

namespace {

struct ImportLabelsArguments {
  std::string labels;
  std::string names;
  std::string caseFolder;
  std::string ct;
  std::string output;
};

/// Labels as they stand in the file, and what their values mean.
struct NamedLabels {
  LabelMap labels;
  LabelNames names;
  std::vector<std::uint8_t> unsure;  ///< values of voxels whose structure is not known
  std::vector<std::string> ignored;  ///< segments that are no structure of the table
  std::vector<std::string> warnings;
};

std::optional<Code> codeFrom(const DicomCode& code) {
  if (code.value.empty()) return std::nullopt;
  return Code{code.scheme, code.value, code.meaning};
}

NamedLabels namedBy(LabelMap labels, const ForeignSegments& segments, const StructureTable& table) {
  UnderstoodSegments meant = understood(segments, table);
  return {std::move(labels), std::move(meant.names), {}, std::move(meant.unknown), {}};
}

// The frame of reference of a CT given as DICOM; nothing for others, which keep none.
std::optional<std::string> frameOfReferenceOf(const fs::path& ct) {
  std::error_code error;
  if (!fs::is_directory(ct, error) || isCase(ct)) return std::nullopt;
  const auto index = scanFolder(ct);
  if (!index) return std::nullopt;
  const auto choice = chooseCtSeries(*index);
  if (!choice) return std::nullopt;
  const auto uid = frameOfReferenceUid(choice->series);
  return uid ? std::optional(*uid) : std::nullopt;
}

Result<NamedLabels> readDicomLabels(const ImportLabelsArguments& arguments, const StructureTable& table) {
  auto read = readDicomSegmentation(arguments.labels);
  if (!read) return tl::unexpected(read.error());
  ForeignSegments segments;
  for (const auto& segment : read->segments)
    segments[segment.value] = {segment.name, codeFrom(segment.type),
                               segment.modifier ? codeFrom(*segment.modifier) : std::nullopt};
  NamedLabels named = namedBy(std::move(read->labels), segments, table);
  for (const auto& notice : read->notices) named.warnings.push_back(notice.message);
  const auto frame = frameOfReferenceOf(arguments.ct);
  if (frame && *frame != read->frameOfReferenceUid)
    named.warnings.push_back(arguments.labels +
                             " names another frame of reference than the CT. Check that it was drawn on this "
                             "scan.");
  return named;
}

Result<NamedLabels> readWithNamesFile(const ImportLabelsArguments& arguments, LabelMap labels) {
  auto names = readLabelNames(arguments.names);
  if (!names) return tl::unexpected(names.error());
  NamedLabels named{std::move(labels), std::move(*names), {}, {}, {}};
  for (const auto& [value, name] : named.names)
    if (name == "unknown") named.unsure.push_back(value);
  for (const std::uint8_t value : named.unsure) named.names.erase(value);
  return named;
}

Result<NamedLabels> readVolumeLabels(const ImportLabelsArguments& arguments, const StructureTable& table) {
  auto labels = readLabelMap(arguments.labels);
  if (!labels) return tl::unexpected(labels.error());
  if (!arguments.names.empty()) return readWithNamesFile(arguments, std::move(*labels));
  const auto header = readHeaderTexts(arguments.labels);
  if (!header) return tl::unexpected(header.error());
  const auto segments = slicerSegments(*header);
  if (!segments) return badInput(arguments.labels + ": " + segments.error().message);
  if (segments->empty())
    return badInput(
        arguments.labels +
        " does not say what its values mean. Give --names names.json with {\"1\": \"hip\", \"2\": "
        "\"femur_left\"}.");
  return namedBy(std::move(*labels), *segments, table);
}

bool isUnsure(const NamedLabels& named, std::uint8_t value) {
  return std::find(named.unsure.begin(), named.unsure.end(), value) != named.unsure.end();
}

// Values of the table on the CT's grid.
Result<LabelMap> onCt(const NamedLabels& named, const Grid& ct, const std::string& file,
                      const StructureTable& table) {
  auto labels = withNames(named.labels, named.names, table);
  if (!labels) return badInput(file + ": " + labels.error().message);
  for (std::size_t n = 0; n < labels->voxels.size(); ++n)
    if (isUnsure(named, named.labels.voxels[n])) labels->voxels[n] = kUnknownValue;
  LabelMap drawn = sameGrid(labels->grid, ct) ? std::move(*labels) : resampleNearest(*labels, ct);
  if (std::all_of(drawn.voxels.begin(), drawn.voxels.end(), [](auto value) { return value == 0; }))
    return badInput(file + (named.names.empty()
                                ? " holds no structure that Coxa knows. Name its values with --names."
                                : " has no structure where the CT is: it was drawn on another "
                                  "scan. Choose the CT it belongs to."));
  return drawn;
}

LabelNames namesIn(const LabelMap& labels, const StructureTable& table) {
  LabelNames names;
  const auto boxes = boundsOfValues(labels);
  for (const auto& structure : table.all())
    if (!boxes[structure.value].empty()) names[structure.value] = structure.name;
  if (!boxes[kUnknownValue].empty()) names[kUnknownValue] = "unknown";
  return names;
}

std::string documentOf(const LabelNames& names) {
  json document = json::object();
  for (const auto& [value, name] : names) document[std::to_string(value)] = name;
  return document.dump(2) + "\n";
}

Result<void> writeTrainingFolder(const fs::path& folder, const Volume& ct, const LabelMap& labels,
                                 const StructureTable& table) {
  std::error_code error;
  fs::create_directories(folder, error);
  if (error) return badInput("Cannot make the folder " + folder.string() + ": " + error.message() + ".");
  return writeImage(folder / "ct.nrrd", ct)
      .and_then([&] { return writeLabels(folder / "labels.nrrd", labels, table); })
      .and_then(
          [&] { return writeFileAtomically(folder / "names.json", documentOf(namesIn(labels, table))); });
}

Outcome outcomeOf(const fs::path& folder, const LabelNames& names, const NamedLabels& from) {
  std::vector<std::string> structures;
  for (const auto& [value, name] : names) structures.push_back(name);
  std::string text = std::to_string(structures.size()) + " structures written to " + folder.string();
  if (!from.ignored.empty()) {
    text += "\nNot taken, as resources/structures.json has no such structure:";
    for (const auto& each : from.ignored) text += " \"" + each + "\"";
  }
  for (const auto& warning : from.warnings) text += "\n" + warning;
  const json document = {{"folder", folder.string()},
                         {"structures", structures},
                         {"ignored", from.ignored},
                         {"warnings", from.warnings}};
  return {document.dump(2), text};
}

Result<Outcome> importLabels(const ImportLabelsArguments& arguments, const Job& job) {
  if (arguments.caseFolder.empty() == arguments.ct.empty())
    return fail(ErrorCode::Usage, "import-labels needs the CT: either --case CASE.coxa or --ct CT.");
  const auto table = StructureTable::loadDefault();
  if (!table) return tl::unexpected(table.error());
  job.report(0.0, "Reading the labels");
  const auto named = isVolumeFile(arguments.labels) ? readVolumeLabels(arguments, *table)
                                                    : readDicomLabels(arguments, *table);
  if (!named) return tl::unexpected(named.error());
  const auto ct = readCtInput(arguments.ct.empty() ? arguments.caseFolder : arguments.ct, std::nullopt,
                              job.part(0.3, 0.7));
  if (!ct) return tl::unexpected(ct.error());
  const auto labels = onCt(*named, ct->volume.grid, arguments.labels, *table);
  if (!labels) return tl::unexpected(labels.error());
  job.report(0.8, "Writing");
  if (const auto written = writeTrainingFolder(arguments.output, ct->volume, *labels, *table); !written)
    return tl::unexpected(written.error());
  job.report(1.0, "Written");
  return outcomeOf(arguments.output, namesIn(*labels, *table), *named);
}

}  // namespace

void addImportLabels(CLI::App& app, Command& chosen) {
  auto* command = app.add_subcommand(
      "import-labels", "Turn another program's segmentation of a CT into a folder for train --data");
  const auto arguments = std::make_shared<ImportLabelsArguments>();
  command
      ->add_option("labels", arguments->labels,
                   "DICOM Segmentation, or NRRD (as 3D Slicer's .seg.nrrd), NIfTI or MetaImage file")
      ->required();
  command->add_option("--names", arguments->names,
                      "names.json for a volume file that does not name its values, as train reads it");
  command->add_option("--case", arguments->caseFolder, "The case with the CT the labels were drawn on");
  command->add_option("--ct", arguments->ct, "That CT: DICOM folder or volume file");
  command->add_option("--output", arguments->output, "Folder for ct.nrrd, labels.nrrd and names.json")
      ->required();
  command->callback([arguments, &chosen] {
    chosen = [arguments](const Job& job) { return importLabels(*arguments, job); };
  });
}

}  // namespace coxa::cli
