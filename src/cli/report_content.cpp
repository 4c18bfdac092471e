#include "report_content.hpp"

#include "planning_input.hpp"
#include "report_pictures.hpp"

#include "coxa/anatomy/structure_summary.hpp"
#include "coxa/anatomy/structures.hpp"
#include "coxa/base/resources.hpp"
#include "coxa/casefile/contents.hpp"
#include "coxa/planning/plan_file.hpp"
#include "coxa/planning/suggest.hpp"

#include <algorithm>
#include <cstdio>

namespace coxa::cli {

namespace {

std::string number(double value, int decimals) {
  char text[40];
  std::snprintf(text, sizeof text, "%.*f", decimals, value);
  return text;
}

std::vector<ReportFact> studyFacts(const Volume& ct, Stage ctStage, const ImportRecord& record) {
  const Grid& grid = ct.grid;
  std::vector<ReportFact> facts = {
      {"CT shown and measured",
       ctStage == Stage::MetalReduction ? "with metal artifacts reduced" : "as imported"},
      {"Slices", std::to_string(grid.size.z()) + ", " + number(grid.spacing.z(), 2) + " mm apart"},
      {"Matrix", std::to_string(grid.size.x()) + " × " + std::to_string(grid.size.y()) + ", pixels of " +
                     number(grid.spacing.x(), 2) + " × " + number(grid.spacing.y(), 2) + " mm"}};
  const std::pair<const char*, const char*> shown[] = {{"Manufacturer", "Scanner"},
                                                       {"ManufacturerModelName", "Model"},
                                                       {"KVP", "Tube voltage (kV)"},
                                                       {"ConvolutionKernel", "Kernel"},
                                                       {"PatientPosition", "Patient position"}};
  for (const auto& [keyword, label] : shown)
    if (const auto found = record.facts.find(keyword); found != record.facts.end())
      facts.push_back({label, found->second});
  return facts;
}

// Of a model without calibration: relative to the case's other structures.
constexpr double kDoubtfulTimesMedian = 2.0;

std::vector<ReportStructure> structureRows(const SegmentationSummary& summary, const StructureTable& table) {
  std::vector<double> sorted;
  for (const auto& s : summary.structures) sorted.push_back(s.uncertainty);
  std::sort(sorted.begin(), sorted.end());
  const double median = sorted.empty() ? 0.0 : sorted[sorted.size() / 2];
  std::vector<ReportStructure> rows;
  for (const auto& s : summary.structures) {
    const Structure* known = table.find(s.value);
    rows.push_back({known != nullptr ? known->english : s.name, s.volumeMl, s.uncertainty,
                    s.expectedDice ? s.doubtful : s.uncertainty > kDoubtfulTimesMedian * median});
  }
  std::stable_sort(rows.begin(), rows.end(),
                   [](const auto& a, const auto& b) { return a.uncertainty > b.uncertainty; });
  return rows;
}

void addLandmarkRows(const HipLandmarks& hip, const std::string& side, std::vector<ReportLandmark>& rows) {
  const auto add = [&](const char* landmark, const auto& found) {
    if (!found) return;
    const Trust& trust = found->trust;
    rows.push_back({side + " " + landmark, trust.sdMm, trust.confidence, trust.corrected, trust.note});
  };
  add("anterior superior iliac spine", hip.asis);
  add("pubic tubercle", hip.pubicTubercle);
  add("femoral head", hip.femoralHead);
  add("acetabulum", hip.acetabulum);
  add("acetabular rim", hip.acetabularRim);
  add("greater trochanter", hip.greaterTrochanter);
  add("lesser trochanter", hip.lesserTrochanter);
  add("femoral neck", hip.femoralNeck);
  add("femoral shaft", hip.femoralShaft);
}

std::vector<ReportFact> provenanceFacts(const Case& source) {
  std::vector<ReportFact> facts;
  for (const Stage stage : allStages()) {
    const StageRecord* record = source.record(stage);
    if (record == nullptr || stage == Stage::Report) continue;
    std::string value = record->provenance.createdUtc + ", Coxa " + record->provenance.programVersion;
    for (const auto& [key, parameter] : record->provenance.parameters)
      value.append(", ").append(key).append(" ").append(parameter);
    facts.push_back({name(stage), value + ", checksum " + record->checksum().substr(0, 16)});
  }
  return facts;
}

void addImplants(const PosedHip& hip, ReportContent& content) {
  content.implants = {
      {"Cup", number(hip.cup.outerDiameterMm, 0) + " mm"},
      {"Liner", number(hip.liner.headDiameterMm, 0) + " / " + number(hip.liner.outerDiameterMm, 0) + " mm"},
      {"Head", number(hip.head.diameterMm, 0) + " mm, neck " + (hip.head.neckLengthMm >= 0 ? "+" : "") +
                   number(hip.head.neckLengthMm, 1) + " mm"},
      {"Stem", "size " + std::to_string(hip.stem.size) + ", " + name(hip.stem.offset) + " offset"}};
}

void addMeasures(const PlanMeasures& m, ReportContent& content) {
  auto& all = content.plan;
  for (const auto& angles : m.cupAngles) {
    all.push_back(
        {"Cup inclination", angles.inclinationDeg, "°", 1, name(angles.definition), name(angles.plane)});
    all.push_back(
        {"Cup anteversion", angles.anteversionDeg, "°", 1, name(angles.definition), name(angles.plane)});
  }
  if (const auto* shown = m.angles(CupDefinition::Radiographic, PelvicPlane::Functional)) {
    content.headlines.push_back({"Inclination", shown->inclinationDeg, "°", 1, "radiographic", "FPP"});
    content.headlines.push_back({"Anteversion", shown->anteversionDeg, "°", 1, "radiographic", "FPP"});
  }
  const auto add = [&](const char* label, const std::optional<Measured>& value, const char* unit,
                       const char* definition, bool headline = false) {
    if (!value) return;
    all.push_back({label, *value, unit, 1, definition, ""});
    if (headline) content.headlines.push_back(all.back());
  };
  add("Leg length change", m.legLengthChangeMm, "mm", "against now; positive: longer", true);
  add("Offset change", m.offsetChangeMm, "mm", "against now; positive: femur lateral", true);
  add("Leg length against other side", m.legLengthAgainstOtherSideMm, "mm",
      "after the operation; positive: this side longer");
  add("Offset against other side", m.offsetAgainstOtherSideMm, "mm", "after the operation");
  add("Cup coverage", m.coveragePercent, "%", "of the cup's hemisphere, by bone within 5 mm");
  add("Medial wall", m.medialWallMm, "mm", "bone left medial of the cup");
  add("Anterior overhang", m.anteriorOverhangMm, "mm", "of the cup's rim beyond the anterior bone");
  add("Stem version", m.stemVersionDeg, "°", "of the neck in the femur frame; positive: anteverted");
  add("Stem varus", m.stemVarusDeg, "°", "against the femoral shaft; positive: varus");
  add("Canal fill", m.canalFillPercent, "%", "width of the stem over width of the canal");
  add("Canal clearance", m.canalClearanceMm, "mm", "least gap between stem and cortex");
  for (const auto& zone : m.zones)
    all.push_back({zone.text, zone.valueDeg, "°", 1,
                   "kept with probability " + number(100.0 * zone.probability, 0) + " %", ""});
}

// The date alone: a report is filed by day.
std::string today(const Case& source) {
  std::string latest;
  for (const Stage stage : allStages())
    if (const auto* record = source.record(stage)) latest = std::max(latest, record->provenance.createdUtc);
  return latest.substr(0, 10);
}

Result<void> addPlan(const Case& source, const Volume& ct, const LabelMap& labels,
                     const StructureTable& table, ReportContent& content, const Job& job) {
  const auto catalogue = loadDefaultCatalogue();
  if (!catalogue) return tl::unexpected(catalogue.error());
  const auto text = readJson(source, Stage::Plan);
  if (!text) return tl::unexpected(text.error());
  const auto plan = planFromJson(*text, *catalogue);
  if (!plan) return tl::unexpected(plan.error());
  const auto bones = readPlanningBones(source, plan->hip.side, job.part(0.0, 0.4));
  if (!bones) return tl::unexpected(bones.error());
  const auto context = PlanContext::build(bones->input(), job.part(0.4, 0.7));
  if (!context) return tl::unexpected(context.error());
  content.side = plan->hip.side;
  addImplants(plan->hip, content);
  addMeasures(measure(*plan, *context), content);
  for (const auto& from : {plan->notices, context->notices()})
    content.notices.insert(content.notices.end(), from.begin(), from.end());
  job.report(0.7, "Drawing pictures");
  content.pictures = planPictures(ct, labels, table, bones->input(), plan->hip);
  return {};
}

}  // namespace

Result<ReportContent> reportContent(const Case& source, const Job& job) {
  const auto table = StructureTable::loadDefault();
  if (!table) return tl::unexpected(table.error());
  const auto ct = readCtInUse(source);
  if (!ct) return tl::unexpected(ct.error());
  const auto record = readImportRecord(source);
  if (!record) return tl::unexpected(record.error());
  const auto labels = readLabels(source);
  if (!labels) return tl::unexpected(labels.error());
  const auto summary = source.file(Stage::Segmentation, "structures.json").and_then(readSegmentationSummary);
  if (!summary) return tl::unexpected(summary.error());
  const auto landmarks = readLandmarks(source);
  if (!landmarks) return tl::unexpected(landmarks.error());

  ReportContent content;
  content.pseudonym = source.pseudonym();
  content.date = today(source);
  content.programVersion = version();
  content.study = studyFacts(*ct, ctStageInUse(source), *record);
  content.structures = structureRows(*summary, *table);
  addLandmarkRows(landmarks->right, "Right", content.landmarks);
  addLandmarkRows(landmarks->left, "Left", content.landmarks);
  const auto metal = readMetalNotices(source);
  if (!metal) return tl::unexpected(metal.error());
  for (const auto& from : {record->notices, *metal, summary->notices, landmarks->notices})
    content.notices.insert(content.notices.end(), from.begin(), from.end());
  content.provenance = provenanceFacts(source);

  if (source.has(Stage::Plan))
    if (const auto added = addPlan(source, *ct, *labels, *table, content, job.part(0.1, 1.0)); !added)
      return tl::unexpected(added.error());
  if (source.has(Stage::Motion)) {
    auto motion = readJson(source, Stage::Motion).and_then(motionFromJson);
    if (!motion) return tl::unexpected(motion.error());
    content.motion = std::move(*motion);
  }
  return content;
}

}  // namespace coxa::cli
