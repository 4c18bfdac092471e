#include "plan_text.hpp"

#include "coxa/base/files.hpp"
#include "coxa/casefile/contents.hpp"
#include "coxa/motion/range_of_motion.hpp"

#include <cstdio>
#include <nlohmann/json.hpp>

namespace coxa::cli {

namespace fs = std::filesystem;
using nlohmann::json;

namespace {

std::string decimal(double value, int digits = 1) {
  char text[40];
  std::snprintf(text, sizeof text, "%.*f", digits, value);
  return text;
}

void describe(const HipLandmarks& hip, const char* side, std::string& text) {
  const auto line = [&](const char* landmark, const Trust& trust) {
    text += std::string("  ") + side + " " + landmark + ": ± " + decimal(trust.sdMm) + " mm, confidence " +
            decimal(trust.confidence, 2) + (trust.corrected ? ", placed by hand" : "") + "\n";
  };
  if (hip.asis) line("anterior superior iliac spine", hip.asis->trust);
  if (hip.pubicTubercle) line("pubic tubercle", hip.pubicTubercle->trust);
  if (hip.femoralHead) line("femoral head", hip.femoralHead->trust);
  if (hip.acetabulum) line("acetabulum", hip.acetabulum->trust);
  if (hip.acetabularRim) line("acetabular rim", hip.acetabularRim->trust);
  if (hip.greaterTrochanter) line("greater trochanter", hip.greaterTrochanter->trust);
  if (hip.lesserTrochanter) line("lesser trochanter", hip.lesserTrochanter->trust);
  if (hip.femoralNeck) line("femoral neck", hip.femoralNeck->trust);
  if (hip.femoralShaft) line("femoral shaft", hip.femoralShaft->trust);
}

Result<std::string> landmarksText(const Case& source) {
  const auto landmarks = readLandmarks(source);
  if (!landmarks) return tl::unexpected(landmarks.error());
  std::string text = "Landmarks\n";
  describe(landmarks->right, "right", text);
  describe(landmarks->left, "left", text);
  for (const auto& notice : landmarks->notices) text += "  " + notice.message + "\n";
  return text;
}

Result<std::string> planText(const Case& source) {
  const auto document = readJson(source, Stage::Plan);
  if (!document) return tl::unexpected(document.error());
  const json plan = json::parse(*document);
  const json& cup = plan.at("cup");
  const json& angles = cup.at("orientation").at("radiographic");
  const json& change = plan.at("change");
  const auto number = [](const json& from, const char* key) { return decimal(from.at(key).get<double>()); };
  std::string text = "Plan, " + plan.at("side").get<std::string>() + " hip\n";
  text += "  Cup " + number(cup, "outerDiameterMm") + " mm, radiographic inclination " +
          number(angles, "inclinationDeg") + "°, anteversion " + number(angles, "anteversionDeg") + "° (" +
          angles.at("plane").get<std::string>() + ")\n";
  text += "  Head " + number(plan.at("head"), "diameterMm") + " mm\n";
  for (const auto& [key, label] : {std::pair("legLengthMm", "Leg length"), std::pair("offsetMm", "Offset")})
    if (change.contains(key) && change[key].is_number())
      text += std::string("  ") + label + " change " + number(change, key) + " mm\n";
  return text;
}

Result<std::string> motionText(const Case& source) {
  const auto document = readJson(source, Stage::Motion);
  if (!document) return tl::unexpected(document.error());
  const auto motion = motionFromJson(*document);
  if (!motion) return tl::unexpected(motion.error());
  std::string text = "Range of motion, profile " + motion->profile + "\n";
  for (const auto& row : motion->rows) {
    std::string line = "  " + row.direction + ": " + decimal(row.reachedDeg.value) + "°";
    if (row.requiredDeg) line += " of " + decimal(*row.requiredDeg) + "° (" + name(row.verdict) + ")";
    if (row.contact)
      line += ", then " + row.contact->contact.femurBody + " touches " + row.contact->contact.pelvisBody;
    text += line + "\n";
  }
  return text;
}

}  // namespace

Result<std::string> stageText(const Case& source, Stage stage) {
  if (stage == Stage::Landmarks) return landmarksText(source);
  if (stage == Stage::Plan) return planText(source);
  return motionText(source);
}

Result<Outcome> describeReport(const Case& source, const std::string& output) {
  const auto report = source.file(Stage::Report, "report.pdf");
  if (!report) return tl::unexpected(report.error());
  fs::path shown = *report;
  if (!output.empty()) {
    const auto bytes = readFile(*report);
    if (!bytes) return tl::unexpected(bytes.error());
    if (const auto written = writeFileAtomically(output, *bytes); !written)
      return tl::unexpected(written.error());
    shown = output;
  }
  return Outcome{json{{"report", shown.string()}}.dump(2), "Report: " + shown.string()};
}

Result<Outcome> describeRun(const Case& source) {
  json all = {{"case", source.folder().string()}};
  std::string text;
  if (ctStageInUse(source) == Stage::MetalReduction) {
    const auto document = readJson(source, Stage::MetalReduction);
    if (!document) return tl::unexpected(document.error());
    all["metalReduction"] = json::parse(*document);
    for (const json& notice : all["metalReduction"].at("notices"))
      text += notice.at("message").get<std::string>() + "\n";
  }
  for (const Stage stage : {Stage::Landmarks, Stage::Plan, Stage::Motion}) {
    const auto document = readJson(source, stage);
    if (!document) return tl::unexpected(document.error());
    all[name(stage)] = json::parse(*document);
    const auto sentences = stageText(source, stage);
    if (!sentences) return tl::unexpected(sentences.error());
    text += *sentences;
  }
  const auto structures = source.file(Stage::Segmentation, "structures.json").and_then(readFile);
  if (!structures) return tl::unexpected(structures.error());
  all["segmentation"] = json::parse(*structures);
  const auto report = source.file(Stage::Report, "report.pdf");
  if (!report) return tl::unexpected(report.error());
  all["report"] = report->string();
  return Outcome{all.dump(2), text + "Case:   " + source.folder().string() + "\nReport: " + report->string()};
}

}  // namespace coxa::cli
