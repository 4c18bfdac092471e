#include "command.hpp"
#include "ct_input.hpp"

#include "coxa/image/files.hpp"
#include "coxa/metal/reduction.hpp"

#include <cstdio>
#include <memory>
#include <nlohmann/json.hpp>

namespace coxa::cli {

namespace {

struct MetalArguments {
  std::string input;
  std::string output;
  std::string series;
  MetalMethod method = MetalMethod::Nmar;
  MetalOptions options;
};

const char* name(MetalMethod method) {
  return method == MetalMethod::Nmar ? "nmar" : "li";
}

Outcome outcomeOf(const MetalReduction& reduction, const MetalArguments& arguments) {
  const MetalFindings& found = reduction.found;
  nlohmann::json notices = nlohmann::json::array();
  char line[200];
  std::snprintf(line, sizeof line,
                "%zu slices with %.1f ml of metal in %d parts (above %.0f HU); written to ",
                found.slices.size(), found.implantMl, found.implantParts, found.thresholdHu);
  std::string text = line + arguments.output;
  for (const Notice& notice : reduction.notices) {
    notices.push_back({{"severity", notice.severity == Notice::Severity::Warning ? "warning" : "info"},
                       {"code", notice.code},
                       {"message", notice.message}});
    text += "\n" + notice.message;
  }
  const nlohmann::json document = {{"output", arguments.output},         {"method", name(arguments.method)},
                                   {"thresholdHu", found.thresholdHu},   {"slices", found.slices},
                                   {"implantParts", found.implantParts}, {"implantMl", found.implantMl},
                                   {"smallParts", found.smallParts},     {"smallMl", found.smallMl},
                                   {"outsideMl", found.outsideMl},       {"notices", notices}};
  return {document.dump(2), text};
}

Result<Outcome> reduceMetalOf(const MetalArguments& arguments, const Job& job) {
  const auto series = arguments.series.empty() ? std::nullopt : std::optional<std::string>(arguments.series);
  const auto ct = readCtInput(arguments.input, series, job.part(0.0, 0.1));
  if (!ct) return tl::unexpected(ct.error());
  const auto reduction = reduceMetal(ct->volume, arguments.method, arguments.options, job.part(0.1, 0.95));
  if (!reduction) return tl::unexpected(reduction.error());
  if (const auto written = writeImage(arguments.output, reduction->ct); !written)
    return tl::unexpected(written.error());
  return outcomeOf(*reduction, arguments);
}

}  // namespace

void addReduceMetal(CLI::App& app, Command& chosen) {
  auto* command = app.add_subcommand("reduce-metal", "Reduce the artifacts of metal implants in a CT");
  const auto arguments = std::make_shared<MetalArguments>();
  command->add_option("input", arguments->input, "DICOM folder, volume file or case")->required();
  command->add_option("--output", arguments->output, "The corrected CT: .nrrd, .nii.gz or .mha")->required();
  command->add_option("--series", arguments->series, "Series UID or number when the folder holds several");
  static const std::map<std::string, MetalMethod> methods = {{"nmar", MetalMethod::Nmar},
                                                             {"li", MetalMethod::LinearInterpolation}};
  command
      ->add_option("--method", arguments->method,
                   "nmar (default), or li: plain linear interpolation, for comparison")
      ->transform(CLI::CheckedTransformer(methods));
  command->add_option("--threshold", arguments->options.thresholdHu, "HU above which is metal")
      ->check(CLI::Range(1000.0, 20000.0))
      ->capture_default_str();
  command->callback([arguments, &chosen] {
    chosen = [arguments](const Job& job) { return reduceMetalOf(*arguments, job); };
  });
}

}  // namespace coxa::cli
