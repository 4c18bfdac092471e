// phantom and atlas: virtual patients, and the shapes they come from.
#include "command.hpp"
#include "ct_input.hpp"

#include "coxa/anatomy/structures.hpp"
#include "coxa/base/resources.hpp"
#include "coxa/image/files.hpp"
#include "coxa/phantom/phantom_model.hpp"
#include "coxa/phantom/virtual_patient.hpp"

#include <memory>
#include <nlohmann/json.hpp>

namespace coxa::cli {

namespace {

struct PhantomArguments {
  VirtualPatientOptions options;
  std::string atlas = modelPath("hip-atlas").string();
  std::string output;
};

Result<Outcome> makePhantom(const PhantomArguments& arguments, const Job& job) {
  const auto model = readPhantomModel(arguments.atlas);
  if (!model) return tl::unexpected(model.error());
  const auto patient = makeVirtualPatient(*model, arguments.options, job.part(0.0, 0.9));
  if (!patient) return tl::unexpected(patient.error());
  const auto written =
      writeVirtualPatient(arguments.output, *patient, arguments.options.seed, job.part(0.9, 1.0));
  if (!written) return tl::unexpected(written.error());
  const nlohmann::json document = {{"seed", arguments.options.seed},
                                   {"dicom", arguments.output + "/dicom"},
                                   {"truth", arguments.output + "/truth"},
                                   {"slices", patient->ct.grid.size.z()}};
  return Outcome{document.dump(2), "A virtual patient's CT of " + std::to_string(patient->ct.grid.size.z()) +
                                       " slices is in " + arguments.output + "/dicom, its truth in " +
                                       arguments.output + "/truth."};
}

struct AtlasArguments {
  std::string ct;
  std::string labels;
  std::vector<std::string> others;
  std::string output;
};

Result<Outcome> makeAtlas(const AtlasArguments& arguments, const Job& job) {
  const auto table = StructureTable::loadDefault();
  if (!table) return tl::unexpected(table.error());
  const auto ct = readCtInput(arguments.ct, std::nullopt, job.part(0.0, 0.05));
  if (!ct) return tl::unexpected(ct.error());
  const auto labels = readLabelMap(arguments.labels);
  if (!labels) return tl::unexpected(labels.error());
  std::vector<LabelMap> others;
  for (const auto& file : arguments.others) {
    auto other = readLabelMap(file);
    if (!other) return tl::unexpected(other.error());
    others.push_back(std::move(*other));
  }
  const auto model = buildPhantomModel(ct->volume, *labels, others, *table, job.part(0.05, 1.0));
  if (!model) return tl::unexpected(model.error());
  if (const auto written = writePhantomModel(arguments.output, *model); !written)
    return tl::unexpected(written.error());
  const nlohmann::json document = {{"atlas", arguments.output}, {"modes", model->atlas.modes.size()}};
  return Outcome{document.dump(2), "The atlas, with " + std::to_string(model->atlas.modes.size()) +
                                       " modes, is in " + arguments.output + "."};
}

}  // namespace

void addAtlas(CLI::App& app, Command& chosen) {
  auto* command = app.add_subcommand("atlas", "Compute the shape atlas that virtual patients come from");
  const auto arguments = std::make_shared<AtlasArguments>();
  command->add_option("--ct", arguments->ct, "CT of the template patient: DICOM folder, volume file or case")
      ->required();
  command->add_option("--labels", arguments->labels, "Its label map, values of resources/structures.json")
      ->required();
  command->add_option("--other", arguments->others, "Label map of another patient; give several");
  command->add_option("--output", arguments->output, "Folder for the atlas")->required();
  command->callback(
      [arguments, &chosen] { chosen = [arguments](const Job& job) { return makeAtlas(*arguments, job); }; });
}

void addPhantom(CLI::App& app, Command& chosen) {
  auto* command = app.add_subcommand("phantom", "Make a virtual patient: a DICOM CT and its truth");
  const auto arguments = std::make_shared<PhantomArguments>();
  command->add_option("--seed", arguments->options.seed, "Another seed, another patient")
      ->capture_default_str();
  command->add_option("--output", arguments->output, "Folder for dicom/ and truth/")->required();
  command->add_option("--slice-spacing", arguments->options.spacingMm.z(), "Distance of slices in mm")
      ->check(CLI::Range(0.5, 10.0))
      ->capture_default_str();
  command->add_option("--pixel-spacing", arguments->options.spacingMm.x(), "Size of a pixel in mm")
      ->check(CLI::Range(0.4, 4.0))
      ->capture_default_str();
  command->add_option("--matrix", arguments->options.matrix, "Pixels per row and column")
      ->check(CLI::Range(64, 1024))
      ->capture_default_str();
  command->add_option("--atlas", arguments->atlas, "The atlas that patients are drawn from")
      ->capture_default_str();
  command->callback([arguments, &chosen] {
    arguments->options.spacingMm.y() = arguments->options.spacingMm.x();
    chosen = [arguments](const Job& job) { return makePhantom(*arguments, job); };
  });
}

}  // namespace coxa::cli
