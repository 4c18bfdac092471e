#include "stages.hpp"

#include "ct_input.hpp"
#include "metal_text.hpp"
#include "planning_input.hpp"
#include "report_content.hpp"

#include "coxa/anatomy/landmark_spread.hpp"
#include "coxa/anatomy/landmarks.hpp"
#include "coxa/anatomy/replaced_hips.hpp"
#include "coxa/anatomy/structures.hpp"
#include "coxa/casefile/contents.hpp"
#include "coxa/image/components.hpp"
#include "coxa/motion/range_of_motion.hpp"
#include "coxa/planning/motion_setup.hpp"
#include "coxa/planning/plan_file.hpp"
#include "coxa/planning/suggest.hpp"
#include "coxa/report/report.hpp"
#include "coxa/segmentation/hip_scan.hpp"

#include <cmath>

namespace coxa::cli {

namespace fs = std::filesystem;

namespace {

std::map<std::string, std::string> parametersOf(const SegmentationProvenance& from) {
  return {{"model", from.model},
          {"modelSha256", from.modelSha256},
          {"seed", std::to_string(from.seed)},
          {"samples", std::to_string(from.samples)},
          {"device", from.device}};
}

// A spread from eight samples is known to a quarter of itself; more would cost more than they tell.
constexpr std::size_t kSamplesForSpread = 8;

Result<std::vector<LandmarkSet>> landmarksOfSamples(const Case& source, const Job& job) {
  const auto samples = readSamples(source, kSamplesForSpread);
  if (!samples) return tl::unexpected(samples.error());
  std::vector<LandmarkSet> found;
  for (const LabelMap& sample : *samples) {
    if (job.cancelled()) return cancelled();
    job.report(static_cast<double>(found.size()) / static_cast<double>(samples->size()),
               "Landmarks on every sample");
    auto landmarks = findLandmarks(keepLargestComponents(sample), ScalarImage(), Job());
    found.push_back(landmarks ? std::move(*landmarks) : LandmarkSet{});
  }
  return found;
}

}  // namespace

Result<Case> importStage(const fs::path& input, const std::optional<std::string>& series,
                         const fs::path& caseFolder, const Job& job) {
  job.report(0.0, "Reading the scan");
  const auto ct = readCtInput(input, series, job.part(0.0, 0.7));
  if (!ct) return tl::unexpected(ct.error());
  auto target = Case::openOrCreate(caseFolder, ct->pseudonym);
  if (!target) return tl::unexpected(target.error());
  if (target->pseudonym() != ct->pseudonym)
    return badInput(caseFolder.string() + " belongs to another patient (" + target->pseudonym() +
                    ", the scan is of " + ct->pseudonym + "). Choose another name for the case.");
  job.report(0.8, "Storing the scan in the case");
  const auto put = putImport(*target, ct->volume, ct->record);
  if (!put) return tl::unexpected(put.error());
  job.report(1.0, "Imported");
  return target;
}

Result<std::string> reduceMetalStage(Case& target, ReductionMethod method, const MetalOptions& options,
                                     const Job& job) {
  const auto ct = readCt(target);
  if (!ct) return tl::unexpected(ct.error());
  auto reduced = reducedBy(method, *ct, options, job.part(0.0, 0.95));
  if (!reduced) return tl::unexpected(reduced.error());
  MetalReduction& reduction = reduced->reduction;
  if (reduction.found.slices.empty()) return metalJson(*reduced, method);
  reduction.notices.insert(reduction.notices.begin(), reducedNotice(reduction.found));
  const std::string json = metalJson(*reduced, method);
  job.report(0.95, "Storing the corrected CT in the case");
  const auto put = putReducedCt(
      target, reduction.ct, reduction.found.implants, reduced->sdHu, json,
      {{"method", name(method)}, {"thresholdHu", std::to_string(std::lround(reduction.found.thresholdHu))}});
  if (!put) return tl::unexpected(put.error());
  return json;
}

Result<void> reduceImplantMetalStage(Case& target, const Job& job) {
  if (ctStageInUse(target) == Stage::MetalReduction) return {};
  const auto ct = readCt(target);
  if (!ct) return tl::unexpected(ct.error());
  if (!showsImplant(*ct)) return {};
  return reduceMetalStage(target, ReductionMethod::Network, {}, job).map([](const std::string&) {});
}

Result<void> segmentStage(Case& target, const SegmentationOptions& options, const Job& job) {
  const Stage used = ctStageInUse(target);
  const auto ct = readCtInUse(target);
  if (!ct) return tl::unexpected(ct.error());
  auto segmentation = segmentScan(*ct, options, job.part(0.0, 0.95));
  if (!segmentation) return tl::unexpected(segmentation.error());
  auto parameters = parametersOf(segmentation->summary.provenance);
  parameters["ct"] = name(used);
  if (used == Stage::MetalReduction)
    segmentation->summary.notices.push_back({Notice::Severity::Info,
                                             "segmentation.metal-reduced",
                                             "The outlines were found in the CT with metal artifacts "
                                             "reduced; beside metal its values are estimates.",
                                             {}});
  job.report(0.95, "Storing the segmentation in the case");
  return target.put(Stage::Segmentation, parameters,
                    [&](const fs::path& folder) { return writeSegmentation(folder, *segmentation); });
}

Result<void> landmarkStage(Case& target, const Job& job) {
  const auto labels = readLabels(target);
  if (!labels) return tl::unexpected(labels.error());
  const auto uncertainty = readUncertainty(target);
  if (!uncertainty) return tl::unexpected(uncertainty.error());
  const auto samples = landmarksOfSamples(target, job.part(0.0, 0.5));
  if (!samples) return tl::unexpected(samples.error());
  // The samples say more than the map; both together would count one doubt twice.
  auto landmarks =
      findLandmarks(*labels, samples->size() < 2 ? *uncertainty : ScalarImage(), job.part(0.5, 1.0));
  if (!landmarks) return tl::unexpected(landmarks.error());
  addSpread(*landmarks, *samples);
  const auto ct = readCtInUse(target);
  if (!ct) return tl::unexpected(ct.error());
  const auto table = StructureTable::loadDefault();
  if (!table) return tl::unexpected(table.error());
  leaveOutReplacedHips(*landmarks, replacedSides(*ct, *labels, *table));
  return putLandmarks(target, *landmarks);
}

Result<void> planStage(Case& target, Side side, const Job& job) {
  job.report(0.0, "Building the bones' surfaces");
  const auto bones = readPlanningBones(target, side, job.part(0.0, 0.4));
  if (!bones) return tl::unexpected(bones.error());
  const auto catalogue = loadDefaultCatalogue();
  if (!catalogue) return tl::unexpected(catalogue.error());
  job.report(0.4, "Suggesting implants");
  const auto context = PlanContext::build(bones->input(), job.part(0.4, 0.7));
  if (!context) return tl::unexpected(context.error());
  const auto plan = suggestPlan(*context, *catalogue, job.part(0.7, 1.0));
  if (!plan) return tl::unexpected(plan.error());
  return putJson(target, Stage::Plan, toJson(*plan, measure(*plan, *context)), {{"side", name(side)}});
}

Result<void> motionStage(Case& target, const std::string& profile, const Job& job) {
  const auto catalogue = loadDefaultCatalogue();
  if (!catalogue) return tl::unexpected(catalogue.error());
  const auto text = readJson(target, Stage::Plan);
  if (!text) return tl::unexpected(text.error());
  const auto plan = planFromJson(*text, *catalogue);
  if (!plan) return tl::unexpected(plan.error());
  const auto asked = motionProfile(profile);
  if (!asked) return tl::unexpected(asked.error());
  job.report(0.0, "Building the bones' surfaces");
  const auto bones = readPlanningBones(target, plan->hip.side, job.part(0.0, 0.3));
  if (!bones) return tl::unexpected(bones.error());
  const auto setup = motionSetup(*plan, bones->input());
  if (!setup) return tl::unexpected(setup.error());
  const auto model = MotionModel::build(*setup);
  if (!model) return tl::unexpected(model.error());
  job.report(0.3, "Moving the hip");
  const auto result = rangeOfMotion(*model, *asked, job.part(0.3, 1.0));
  if (!result) return tl::unexpected(result.error());
  return putJson(target, Stage::Motion, toJson(*result), {{"profile", asked->name}});
}

Result<void> reportStage(Case& target, const Job& job) {
  job.report(0.0, "Collecting the report's contents");
  const auto content = reportContent(target, job.part(0.0, 0.8));
  if (!content) return tl::unexpected(content.error());
  job.report(0.8, "Writing the report");
  return target.put(Stage::Report, {},
                    [&](const fs::path& folder) { return writeReport(*content, folder / "report.pdf"); });
}

}  // namespace coxa::cli
