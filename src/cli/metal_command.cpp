#include "command.hpp"
#include "ct_input.hpp"
#include "metal_text.hpp"
#include "stages.hpp"

#include "coxa/image/files.hpp"

#include <cstdio>
#include <memory>
#include <nlohmann/json.hpp>

namespace coxa::cli {

namespace {

using nlohmann::json;

struct MetalArguments {
  std::string input;
  std::string output;
  std::string series;
  std::string uncertainty;
  std::string metal;
  ReductionMethod method = ReductionMethod::Network;
  MetalOptions options;
  bool ifImplants = false;
};

std::string lineOf(const json& document) {
  char line[200];
  std::snprintf(line, sizeof line, "%zu slices with %.1f ml of metal in %d parts (above %.0f HU)",
                document["slices"].size(), document["implantMl"].get<double>(),
                document["implantParts"].get<int>(), document["thresholdHu"].get<double>());
  std::string text = line;
  for (const auto& notice : document["notices"]) text += "\n" + notice["message"].get<std::string>();
  return text;
}

Outcome outcomeOf(const std::string& findings, const std::string& output) {
  json document = json::parse(findings);
  document["output"] = output;
  return {document.dump(2), lineOf(document) + "\nWritten to " + output};
}

Result<void> writeUncertainty(const MetalArguments& arguments, const ReducedScan& reduced) {
  if (arguments.uncertainty.empty()) return {};
  if (arguments.method != ReductionMethod::Network)
    return fail(ErrorCode::Usage, "Only --method network says how sure it is: leave out --uncertainty.");
  const ScalarImage none(reduced.reduction.ct.grid);
  return writeImage(arguments.uncertainty, reduced.sdHu.empty() ? none : reduced.sdHu);
}

Result<Outcome> reduceMetalOf(const MetalArguments& arguments, const Job& job) {
  const auto series = arguments.series.empty() ? std::nullopt : std::optional<std::string>(arguments.series);
  const auto ct = readCtInput(arguments.input, series, job.part(0.0, 0.1));
  if (!ct) return tl::unexpected(ct.error());
  const auto reduced = reducedBy(arguments.method, ct->volume, arguments.options, job.part(0.1, 0.95));
  if (!reduced) return tl::unexpected(reduced.error());
  if (const auto written = writeImage(arguments.output, reduced->reduction.ct); !written)
    return tl::unexpected(written.error());
  if (const auto written = writeUncertainty(arguments, *reduced); !written)
    return tl::unexpected(written.error());
  if (!arguments.metal.empty())
    if (const auto written = writeImage(arguments.metal, reduced->reduction.found.implants); !written)
      return tl::unexpected(written.error());
  return outcomeOf(metalJson(*reduced, arguments.method), arguments.output);
}

Result<Outcome> reduceMetalInCase(const MetalArguments& arguments, const Job& job) {
  auto target = Case::open(arguments.input);
  if (!target) return tl::unexpected(target.error());
  const auto findings = reduceMetalStage(*target, arguments.method, arguments.options, job);
  if (!findings) return tl::unexpected(findings.error());
  const json document = json::parse(*findings);
  if (document["slices"].empty()) return Outcome{*findings, lineOf(document)};
  return outcomeOf(*findings, (target->folder() / target->record(Stage::MetalReduction)->folder).string());
}

Result<Outcome> reduceImplantMetalInCase(const std::string& folder, const Job& job) {
  auto target = Case::open(folder);
  if (!target) return tl::unexpected(target.error());
  if (const auto done = reduceImplantMetalStage(*target, job); !done) return tl::unexpected(done.error());
  if (ctStageInUse(*target) != Stage::MetalReduction)
    return Outcome{json{{"slices", json::array()}}.dump(2), "No implant was found: the CT stays as it is."};
  const auto findings = readJson(*target, Stage::MetalReduction);
  if (!findings) return tl::unexpected(findings.error());
  return outcomeOf(*findings, (target->folder() / target->record(Stage::MetalReduction)->folder).string());
}

}  // namespace

void addReduceMetal(CLI::App& app, Command& chosen) {
  auto* command = app.add_subcommand("reduce-metal", "Reduce the artifacts of metal implants in a CT");
  const auto arguments = std::make_shared<MetalArguments>();
  command->add_option("input", arguments->input, "DICOM folder, volume file or case")->required();
  auto* output = command->add_option("--output", arguments->output,
                                     "The corrected CT: .nrrd, .nii.gz or .mha; a case may keep it itself");
  command->add_option("--uncertainty", arguments->uncertainty,
                      "With --output: standard deviation of the corrected HU by voxel");
  command
      ->add_option("--metal", arguments->metal,
                   "With --output: label map of what was taken for metal of implants")
      ->needs(output);
  command->add_option("--series", arguments->series, "Series UID or number when the folder holds several");
  static const std::map<std::string, ReductionMethod> methods = {
      {name(ReductionMethod::Network), ReductionMethod::Network},
      {name(ReductionMethod::Nmar), ReductionMethod::Nmar},
      {name(ReductionMethod::PlainNmar), ReductionMethod::PlainNmar},
      {name(ReductionMethod::LinearInterpolation), ReductionMethod::LinearInterpolation}};
  auto* method =
      command
          ->add_option(
              "--method", arguments->method,
              "network (default): NMAR and a network after it; for comparison: nmar without that one, "
              "plain-nmar without frequency split, li for linear interpolation")
          ->transform(CLI::CheckedTransformer(methods));
  auto* threshold =
      command->add_option("--threshold", arguments->options.thresholdHu, "HU above which is metal")
          ->check(CLI::Range(1000.0, 20000.0))
          ->capture_default_str();
  command
      ->add_flag(
          "--if-implants", arguments->ifImplants,
          "Of a case: only where it shows an implant (more than 5 ml) that was not done yet, as run does")
      ->excludes(output, method, threshold);
  command->callback([arguments, &chosen] {
    chosen = [arguments](const Job& job) -> Result<Outcome> {
      if (arguments->ifImplants) return reduceImplantMetalInCase(arguments->input, job);
      if (!arguments->output.empty()) return reduceMetalOf(*arguments, job);
      if (isCase(arguments->input)) return reduceMetalInCase(*arguments, job);
      return fail(ErrorCode::Usage,
                  arguments->input + " is no case: say with --output where the corrected CT goes.");
    };
  });
}

}  // namespace coxa::cli
