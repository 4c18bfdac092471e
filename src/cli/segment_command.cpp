#include "segment_command.hpp"

#include "ct_input.hpp"
#include "stages.hpp"

#include "coxa/base/files.hpp"
#include "coxa/segmentation/hip_scan.hpp"

#include <nlohmann/json.hpp>

namespace coxa::cli {

namespace fs = std::filesystem;

namespace {

struct SegmentArguments {
  std::string input;
  std::string output;
  std::string series;
};

std::string table(const SegmentationSummary& summary) {
  std::string text = "Structure                            Volume (ml)     Uncertainty\n";
  for (const auto& s : summary.structures) {
    char line[160];
    std::snprintf(line, sizeof line, "%-34s %8.1f ± %-6.1f %9.4f%s\n", s.name.c_str(), s.volumeMl.value,
                  s.volumeMl.sd, s.uncertainty, s.touchesBorder ? "  cut off by the scan" : "");
    text += line;
  }
  for (const auto& notice : summary.notices) text += notice.message + "\n";
  return text;
}

Result<Outcome> outcomeOf(const fs::path& folder) {
  const auto json = readFile(folder / "structures.json");
  if (!json) return tl::unexpected(json.error());
  const auto summary = readSegmentationSummary(folder / "structures.json");
  if (!summary) return tl::unexpected(summary.error());
  return Outcome{*json, table(*summary) + "Written to " + folder.string()};
}

Result<Volume> ctOf(const SegmentArguments& arguments, const Job& job) {
  if (isCase(arguments.input)) return Case::open(arguments.input).and_then(readCtInUse);
  const auto series = arguments.series.empty() ? std::nullopt : std::optional<std::string>(arguments.series);
  return readCtInput(arguments.input, series, job).map([](CtInput&& read) { return std::move(read.volume); });
}

Result<Outcome> segmentInto(const SegmentArguments& arguments, const SegmentationOptions& options,
                            const Job& job) {
  const auto ct = ctOf(arguments, job.part(0.0, 0.05));
  if (!ct) return tl::unexpected(ct.error());
  const auto segmentation = segmentScan(*ct, options, job.part(0.05, 0.98));
  if (!segmentation) return tl::unexpected(segmentation.error());
  if (const auto written = writeSegmentation(arguments.output, *segmentation); !written)
    return tl::unexpected(written.error());
  return outcomeOf(arguments.output);
}

Result<Outcome> segmentCase(const fs::path& folder, const SegmentationOptions& options, const Job& job) {
  auto target = Case::open(folder);
  if (!target) return tl::unexpected(target.error());
  if (const auto done = segmentStage(*target, options, job); !done) return tl::unexpected(done.error());
  return outcomeOf(target->folder() / target->record(Stage::Segmentation)->folder);
}

}  // namespace

std::shared_ptr<SegmentationOptions> addSegmentationOptions(CLI::App& command) {
  auto options = std::make_shared<SegmentationOptions>();
  command.add_option("--model", options->modelFolder, "Model folder")->capture_default_str();
  command.add_option("--samples", options->samples, "Monte-Carlo samples; 1 gives no uncertainty")
      ->check(CLI::Range(1, 1000))
      ->capture_default_str();
  command.add_option("--seed", options->seed, "Seed of the samples")->capture_default_str();
  addDeviceOption(command, options->device);
  return options;
}

void addDeviceOption(CLI::App& command, Device& device) {
  static const std::map<std::string, Device> devices = {
      {"auto", Device::Auto}, {"cpu", Device::Cpu}, {"cuda", Device::Cuda}};
  command.add_option("--device", device, "auto, cpu or cuda")->transform(CLI::CheckedTransformer(devices));
}

void addSegment(CLI::App& app, Command& chosen) {
  auto* command =
      app.add_subcommand("segment", "Recognise bones and muscles in a CT, with their uncertainty");
  const auto arguments = std::make_shared<SegmentArguments>();
  command->add_option("input", arguments->input, "DICOM folder, volume file or case")->required();
  command->add_option(
      "--output", arguments->output,
      "Folder for labels.nrrd, uncertainty.nrrd and structures.json; a case may keep them itself");
  command->add_option("--series", arguments->series, "Series UID or number when the folder holds several");
  const auto options = addSegmentationOptions(*command);
  command->callback([arguments, options, &chosen] {
    chosen = [arguments, options](const Job& job) -> Result<Outcome> {
      if (!arguments->output.empty()) return segmentInto(*arguments, *options, job);
      if (isCase(arguments->input)) return segmentCase(arguments->input, *options, job);
      return fail(ErrorCode::Usage, "segment needs --output FOLDER unless its input is a case.");
    };
  });
}

}  // namespace coxa::cli
