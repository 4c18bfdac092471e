// operate: a labelled CT as if a hip had been replaced before it.
#include "command.hpp"
#include "ct_input.hpp"
#include "surgery_options.hpp"

#include "coxa/anatomy/label_files.hpp"
#include "coxa/base/files.hpp"
#include "coxa/image/files.hpp"
#include "coxa/phantom/operated_scan.hpp"
#include "coxa/segmentation/training.hpp"

#include <algorithm>
#include <memory>
#include <nlohmann/json.hpp>

namespace coxa::cli {

namespace fs = std::filesystem;

namespace {

struct OperateArguments {
  std::string ct;
  std::string labels;
  std::string output;
  std::uint64_t seed = 1;
  SurgeryArguments surgery;
};

LabelMap withoutUnknown(LabelMap labels) {
  std::replace(labels.voxels.begin(), labels.voxels.end(), kUnknownValue, std::uint8_t{0});
  return labels;
}

Result<VirtualSurgery> plannedSurgery(const OperateArguments& arguments, const Volume& ct,
                                      const LabelMap& labels, const Job& job) {
  VirtualPatient patient{ct, withoutUnknown(labels), {}, {}, {}};
  auto landmarks = findLandmarks(patient.labels, {}, job.part(0.0, 0.5));
  if (!landmarks) return tl::unexpected(landmarks.error());
  patient.landmarks = std::move(*landmarks);
  return operateVirtually(patient, *surgeryOf(arguments.surgery), arguments.seed, job.part(0.5, 1.0));
}

Result<void> write(const fs::path& folder, const OperatedScan& scan, const VirtualSurgery& surgery,
                   const StructureTable& table) {
  std::error_code error;
  fs::create_directories(folder, error);
  if (error)
    return badInput("Cannot make the folder " + folder.string() + ". Choose a place that can be written.",
                    error.message());
  return writeImage(folder / "ct.nrrd", scan.ct)
      .and_then([&] { return writeLabels(folder / "labels.nrrd", scan.labels, table); })
      .and_then([&] { return writeImage(folder / "implants.nrrd", scan.implants); })
      .and_then([&] { return writeImage(folder / "ct_without_artifact.nrrd", scan.ctWithoutArtifact); })
      .and_then([&] { return writeFileAtomically(folder / "implant.json", surgery.json); });
}

Result<Outcome> operate(const OperateArguments& arguments, const Job& job) {
  const auto table = StructureTable::loadDefault();
  if (!table) return tl::unexpected(table.error());
  const auto ct = readCtInput(arguments.ct, std::nullopt, job.part(0.0, 0.05));
  if (!ct) return tl::unexpected(ct.error());
  const auto labels = readLabelMap(arguments.labels);
  if (!labels) return tl::unexpected(labels.error());
  if (!sameGrid(ct->volume.grid, labels->grid))
    return badInput(arguments.labels + " does not lie on the grid of " + arguments.ct +
                    ". Bring it there with coxa-cli import-labels.");
  const auto surgery = plannedSurgery(arguments, ct->volume, *labels, job.part(0.05, 0.3));
  if (!surgery) return tl::unexpected(surgery.error());
  const auto scan = operateScan(ct->volume, *labels, surgery->replacements, arguments.surgery.scale(),
                                arguments.seed, job.part(0.3, 0.9));
  if (!scan) return tl::unexpected(scan.error());
  if (const auto done = write(arguments.output, *scan, *surgery, *table); !done)
    return tl::unexpected(done.error());
  const nlohmann::json document = {{"output", arguments.output}, {"seed", arguments.seed}};
  return Outcome{document.dump(2), "The CT as after hip replacement, its labels and its implants are in " +
                                       arguments.output + ". coxa-cli train can learn from that folder."};
}

}  // namespace

void addOperate(CLI::App& app, Command& chosen) {
  auto* command =
      app.add_subcommand("operate", "Replace hips in a labelled CT on paper, metal artifacts included");
  const auto arguments = std::make_shared<OperateArguments>();
  command->add_option("--ct", arguments->ct, "DICOM folder, volume file or case")->required();
  command->add_option("--labels", arguments->labels, "Its label map, values of resources/structures.json")
      ->required();
  command->add_option("--output", arguments->output, "Folder for ct.nrrd, labels.nrrd and the truth")
      ->required();
  command->add_option("--seed", arguments->seed, "Of the surgeon's deviations and the scan's noise")
      ->capture_default_str();
  addSurgeryOptions(*command, "--side", arguments->surgery);
  command->get_option("--side")->required();
  command->callback(
      [arguments, &chosen] { chosen = [arguments](const Job& job) { return operate(*arguments, job); }; });
}

}  // namespace coxa::cli
