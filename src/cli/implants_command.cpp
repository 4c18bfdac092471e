#include "command.hpp"
#include "component_options.hpp"
#include "ct_input.hpp"
#include "metal_methods.hpp"

#include "coxa/base/files.hpp"
#include "coxa/image/files.hpp"
#include "coxa/planning/implant_measures.hpp"

#include <cstdio>
#include <filesystem>
#include <memory>

namespace coxa::cli {

namespace {

struct ImplantArguments {
  std::string input;
  std::string series;
  std::string landmarks;
  std::string output;
  ImplantSearch search;
};

/// The file's when one is named, else the case's; nothing where there are none.
Result<std::optional<LandmarkSet>> landmarksOf(const ImplantArguments& arguments) {
  if (!arguments.landmarks.empty()) {
    const auto text = readFile(arguments.landmarks);
    if (!text) return tl::unexpected(text.error());
    return landmarksFromJson(*text).map([](LandmarkSet set) { return std::optional(std::move(set)); });
  }
  if (!isCase(arguments.input)) return std::nullopt;
  const auto source = Case::open(arguments.input);
  if (!source) return tl::unexpected(source.error());
  auto landmarks = readLandmarks(*source);
  if (!landmarks) return std::nullopt;  // the stage has not been run
  return std::optional(std::move(*landmarks));
}

std::string decimal(double value, int digits = 1) {
  char text[40];
  std::snprintf(text, sizeof text, "%.*f", digits, value);
  return text;
}

std::string withSd(const Measured& number) {
  return decimal(number.value) + " ± " + decimal(number.sd);
}

template <class Found>
std::string nameOf(const Found& found, const std::string& unknown) {
  if (found.product) return found.product->name;
  return found.own ? found.own->name : unknown;
}

void describe(const FoundHip& hip, const LandmarkSet* landmarks, std::string& text) {
  const ImplantMeasures measures = measureImplants(hip, landmarks);
  text += std::string(hip.side == Side::Right ? "Right" : "Left") + " hip\n";
  if (hip.cup) {
    text += "  Cup: " + nameOf(*hip.cup, "hemisphere of " + withSd(hip.cup->outerDiameterMm) + " mm") +
            ", residual " + decimal(hip.cup->residualMm, 2) + " mm\n";
    for (const MeasuredCupAngles& angles : measures.cupAngles)
      if (angles.definition == CupDefinition::Radiographic)
        text += "  Radiographic inclination " + withSd(angles.inclinationDeg) + "°, anteversion " +
                withSd(angles.anteversionDeg) + "° (" + name(angles.plane) + ")\n";
    for (const TableCupAngles& angles : measures.tableCupAngles)
      if (angles.definition == CupDefinition::Radiographic)
        text += "  Radiographic inclination " + withSd(angles.inclinationDeg) + "°, anteversion " +
                withSd(angles.anteversionDeg) + "° (table)\n";
  }
  if (hip.head) {
    text += "  Head: " + (hip.head->own ? hip.head->own->name + ", " : std::string()) +
            withSd(hip.head->diameterMm) + " mm as seen\n";
  }
  if (hip.stem) {
    text += "  Stem: " + nameOf(*hip.stem, "not in the catalogue") + ", residual " +
            decimal(hip.stem->residualMm, 2) + " mm\n";
    if (measures.stemVersionDeg && measures.stemVarusDeg)
      text += "  Version " + withSd(*measures.stemVersionDeg) + "°, varus " + withSd(*measures.stemVarusDeg) +
              "° (femur)\n";
    text += "  Version " + withSd(*measures.tableStemVersionDeg) + "°, varus " +
            withSd(*measures.tableStemVarusDeg) + "° (table)\n";
  }
  for (const Notice& notice : hip.notices) text += "  " + notice.message + "\n";
}

std::string textOf(const FoundImplants& found, const LandmarkSet* landmarks) {
  std::string text = found.hips.empty() ? "No hip replacement was found.\n" : "";
  for (const FoundHip& hip : found.hips) describe(hip, landmarks, text);
  for (const Notice& notice : found.notices) text += notice.message + "\n";
  text.pop_back();
  return text;
}

Result<Outcome> implantsOf(const ImplantArguments& arguments, const ComponentOptions& components,
                           const Job& job) {
  ImplantSearch search = arguments.search;
  auto own = ownComponents(components);
  if (!own) return tl::unexpected(own.error());
  search.own = std::move(*own);
  const auto catalogue = searchedCatalogue(components);
  if (!catalogue) return tl::unexpected(catalogue.error());
  const auto landmarks = landmarksOf(arguments);
  if (!landmarks) return tl::unexpected(landmarks.error());
  const auto series = arguments.series.empty() ? std::nullopt : std::optional<std::string>(arguments.series);
  const auto ct = readCtInput(arguments.input, series, job.part(0.0, 0.2));
  if (!ct) return tl::unexpected(ct.error());
  auto metal = metalIn(ct->volume, search.metal, job.part(0.2, 0.5));
  if (!metal) return tl::unexpected(metal.error());
  const auto found = findImplants(ct->volume, std::move(*metal), *catalogue, search, job.part(0.5, 0.95));
  if (!found) return tl::unexpected(found.error());
  if (!arguments.output.empty())
    if (const auto written = writeImage(arguments.output, implantLabels(*found)); !written)
      return tl::unexpected(written.error());
  const LandmarkSet* known = *landmarks ? &**landmarks : nullptr;
  return Outcome{toJson(*found, known), textOf(*found, known)};
}

}  // namespace

void addImplants(CLI::App& app, Command& chosen) {
  auto* command = app.add_subcommand("implants", "Recognise hip implants in a post-operative CT");
  const auto arguments = std::make_shared<ImplantArguments>();
  command->add_option("input", arguments->input, "DICOM folder, volume file or case")->required();
  command->add_option("--series", arguments->series, "Series UID or number when the folder holds several");
  command->add_option("--landmarks", arguments->landmarks,
                      "landmarks.json of this scan, for angles against pelvis and femur; a case has its own");
  const auto components = addComponentOptions(*command);
  command->add_option("--output", arguments->output, "Label map of the implants: .nrrd, .nii.gz or .mha");
  command->add_option("--threshold", arguments->search.metal.thresholdHu, "HU above which is metal")
      ->check(CLI::Range(1000.0, 20000.0))
      ->capture_default_str();
  command->callback([arguments, components, &chosen] {
    chosen = [arguments, components](const Job& job) { return implantsOf(*arguments, *components, job); };
  });
}

}  // namespace coxa::cli
