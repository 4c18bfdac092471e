#include "command.hpp"
#include "component_options.hpp"
#include "ct_input.hpp"
#include "metal_methods.hpp"
#include "planning_input.hpp"

#include "coxa/anatomy/structures.hpp"
#include "coxa/anatomy/surfaces.hpp"
#include "coxa/image/files.hpp"
#include "coxa/planning/outcome.hpp"
#include "coxa/planning/plan_file.hpp"

#include <cstdio>
#include <memory>

namespace coxa::cli {

namespace {

struct CompareArguments {
  std::string planned;
  std::string after;
  std::string labels;
  std::string series;
  Side side = Side::Right;
};

Result<LabelMap> labelsAfter(const CompareArguments& arguments) {
  if (!arguments.labels.empty()) return readLabelMap(arguments.labels);
  if (!isCase(arguments.after))
    return badInput("The bones after the operation are not known: give a segmented case, or --labels FILE.");
  const auto source = Case::open(arguments.after);
  if (!source) return tl::unexpected(source.error());
  return readLabels(*source);
}

/// Hip bones and sacrum, or the femur of the side; structures that the scan lacks are left out.
Result<TriangleMesh> boneOf(HipPart part, const LabelMap& labels, Side side) {
  const auto table = StructureTable::loadDefault();
  if (!table) return tl::unexpected(table.error());
  std::vector<const Structure*> structures;
  if (part == HipPart::Femur)
    structures = {table->find("femur", side)};
  else
    structures = {table->find("hip", Side::Right), table->find("hip", Side::Left), table->find("sacrum")};
  TriangleMesh bone;
  for (const Structure* structure : structures) {
    if (structure == nullptr) continue;
    const auto mesh = surfaceOf(labels, structure->value);
    if (!mesh) return tl::unexpected(mesh.error());
    bone = joined(bone, *mesh);
  }
  return bone;
}

Result<BoneRegistration> registered(HipPart part, const LabelMap& before, const LabelMap& after,
                                    const FoundHip& hip, const Job& job) {
  const auto from = boneOf(part, before, hip.side), to = boneOf(part, after, hip.side);
  if (!from) return tl::unexpected(from.error());
  if (!to) return tl::unexpected(to.error());
  return registerBone(part, *from, *to, hip.surfaces(), job);
}

Result<FoundHip> hipAfter(const CompareArguments& arguments, const ComponentOptions& components,
                          const Job& job) {
  ImplantSearch search;
  auto own = ownComponents(components);
  if (!own) return tl::unexpected(own.error());
  search.own = std::move(*own);
  const auto catalogue = searchedCatalogue(components);
  if (!catalogue) return tl::unexpected(catalogue.error());
  const auto series = arguments.series.empty() ? std::nullopt : std::optional<std::string>(arguments.series);
  const auto ct = readCtInput(arguments.after, series, job.part(0.0, 0.3));
  if (!ct) return tl::unexpected(ct.error());
  auto metal = metalIn(ct->volume, search.metal, job.part(0.3, 0.6));
  if (!metal) return tl::unexpected(metal.error());
  const auto found = findImplants(ct->volume, std::move(*metal), *catalogue, search, job.part(0.6, 1.0));
  if (!found) return tl::unexpected(found.error());
  for (const FoundHip& hip : found->hips)
    if (hip.side == arguments.side) return hip;
  std::string why;
  for (const Notice& notice : found->notices) why += " " + notice.message;
  return badInput(std::string("The scan after the operation shows no hip replacement on the ") +
                  name(arguments.side) + " side." + why);
}

std::string decimal(double value) {
  char text[40];
  std::snprintf(text, sizeof text, "%.1f", value);
  return text;
}

std::string lineOf(const OutcomeRow& row) {
  const std::string unit = row.unit == "deg" ? "°" : " mm";
  return "  " + row.measure + " (" + (row.definition ? std::string(name(*row.definition)) + ", " : "") +
         row.frame + "): " + decimal(row.planned) + unit + " planned, " + decimal(row.achieved) + unit +
         " achieved, " + decimal(row.difference.value) + " ± " + decimal(row.difference.sd) + unit + "\n";
}

std::string textOf(const PlanOutcome& outcome) {
  const PosedHip &planned = outcome.planned, &achieved = outcome.achieved;
  std::string text = std::string("Plan against outcome, ") + name(outcome.side) + " hip\n";
  text += "  Cup " + decimal(planned.cup.outerDiameterMm) + " mm planned, " +
          decimal(achieved.cup.outerDiameterMm) + " mm achieved\n  Stem " + planned.stem.name + " planned, " +
          achieved.stem.name + " achieved\n";
  for (const OutcomeRow& row : outcome.rows) text += lineOf(row);
  for (const Notice& notice : outcome.found.notices) text += "  " + notice.message + "\n";
  text.pop_back();
  return text;
}

Result<Outcome> compare(const CompareArguments& arguments, const ComponentOptions& components,
                        const Job& job) {
  const auto before = Case::open(arguments.planned);
  if (!before) return tl::unexpected(before.error());
  const auto catalogue = loadDefaultCatalogue();
  if (!catalogue) return tl::unexpected(catalogue.error());
  const auto document = readJson(*before, Stage::Plan);
  if (!document) return tl::unexpected(document.error());
  const auto plan = planFromJson(*document, *catalogue);
  if (!plan) return tl::unexpected(plan.error());
  if (plan->hip.side != arguments.side)
    return badInput(std::string("The case's plan is for the ") + name(plan->hip.side) +
                    " hip. Choose that side, or plan the other.");
  const auto hip = hipAfter(arguments, components, job.part(0.0, 0.4));
  if (!hip) return tl::unexpected(hip.error());
  const auto labelsBefore = readLabels(*before);
  if (!labelsBefore) return tl::unexpected(labelsBefore.error());
  const auto labels = labelsAfter(arguments);
  if (!labels) return tl::unexpected(labels.error());
  job.report(0.5, "Registering pelvis and femur");
  const auto pelvis = registered(HipPart::Pelvis, *labelsBefore, *labels, *hip, job);
  if (!pelvis) return tl::unexpected(pelvis.error());
  const auto femur = registered(HipPart::Femur, *labelsBefore, *labels, *hip, job);
  if (!femur) return tl::unexpected(femur.error());
  const auto bones = readPlanningBones(*before, arguments.side, job.part(0.7, 0.8));
  if (!bones) return tl::unexpected(bones.error());
  const auto context = PlanContext::build(bones->input(), job.part(0.8, 0.9));
  if (!context) return tl::unexpected(context.error());
  const auto outcome = comparePlan(*plan, *context, *hip, *pelvis, *femur);
  if (!outcome) return tl::unexpected(outcome.error());
  return Outcome{toJson(*outcome), textOf(*outcome)};
}

}  // namespace

void addComparePlan(CLI::App& app, Command& chosen) {
  auto* command = app.add_subcommand("compare-plan", "What was implanted against what was planned");
  const auto arguments = std::make_shared<CompareArguments>();
  command->add_option("planned", arguments->planned, "Case with the plan, NAME.coxa")->required();
  command
      ->add_option("after", arguments->after,
                   "The scan after the operation: case, DICOM folder or volume file")
      ->required();
  command->add_option("--labels", arguments->labels,
                      "Label map of the bones in it; a segmented case has its own");
  command->add_option("--series", arguments->series, "Series UID or number when the folder holds several");
  addSideOption(*command, arguments->side);
  const auto components = addComponentOptions(*command);
  command->callback([arguments, components, &chosen] {
    chosen = [arguments, components](const Job& job) { return compare(*arguments, *components, job); };
  });
}

}  // namespace coxa::cli
