#include "coxa/anatomy/structure_summary.hpp"

#include "coxa/base/files.hpp"

#include <nlohmann/json.hpp>

namespace coxa {

namespace {

using Json = nlohmann::ordered_json;

Json valueOf(const std::optional<Measured>& number) {
  return number ? Json(number->value) : Json();
}

Json sdOf(const std::optional<Measured>& number) {
  return number ? Json(number->sd) : Json();
}

// The number under `key` with the sd under `key`Sd; nothing where it is null or absent.
std::optional<Measured> measured(const Json& json, const std::string& key) {
  if (!json.contains(key) || json.at(key).is_null()) return std::nullopt;
  return Measured{json.at(key), json.at(key + "Sd")};
}

Json jsonFrom(const StructureSummary& structure) {
  return {{"name", structure.name},
          {"value", structure.value},
          {"volumeMl", structure.volumeMl.value},
          {"volumeSdMl", structure.volumeMl.sd},
          {"uncertainty", structure.uncertainty},
          {"touchesBorder", structure.touchesBorder},
          {"meanHu", valueOf(structure.meanHu)},
          {"meanHuSd", sdOf(structure.meanHu)},
          {"entropy", structure.entropy},
          {"agreement", structure.agreement},
          {"expectedDice", valueOf(structure.expectedDice)},
          {"expectedDiceSd", sdOf(structure.expectedDice)},
          {"doubtful", structure.doubtful}};
}

StructureSummary structureFrom(const Json& json) {
  StructureSummary structure;
  structure.name = json.at("name");
  structure.value = json.at("value");
  structure.volumeMl = {json.at("volumeMl"), json.at("volumeSdMl")};
  structure.uncertainty = json.at("uncertainty");
  structure.touchesBorder = json.at("touchesBorder");
  // Absent in cases of version 0.1.
  structure.meanHu = measured(json, "meanHu");
  structure.entropy = json.value("entropy", 0.0);
  structure.agreement = json.value("agreement", 1.0);
  structure.expectedDice = measured(json, "expectedDice");
  structure.doubtful = json.value("doubtful", false);
  return structure;
}

Json jsonFrom(const SegmentationProvenance& provenance) {
  return {{"model", provenance.model},
          {"modelSha256", provenance.modelSha256},
          {"seed", provenance.seed},
          {"samples", provenance.samples},
          {"device", provenance.device}};
}

SegmentationProvenance provenanceFrom(const Json& json) {
  return {json.at("model"), json.at("modelSha256"), json.at("seed"), json.at("samples"), json.at("device")};
}

Json jsonFrom(const Notice& notice) {
  return {{"severity", notice.severity == Notice::Severity::Warning ? "warning" : "info"},
          {"code", notice.code},
          {"message", notice.message}};
}

Notice noticeFrom(const Json& json) {
  const bool warning = json.at("severity") == "warning";
  return {
      warning ? Notice::Severity::Warning : Notice::Severity::Info, json.at("code"), json.at("message"), {}};
}

}  // namespace

std::string sampleFileName(std::size_t index) {
  const std::string number = std::to_string(index + 1);
  return "sample-" + std::string(number.size() < 2 ? "0" : "") + number + ".nrrd";
}

Result<void> writeSegmentationSummary(const std::filesystem::path& file, const SegmentationSummary& summary) {
  Json json;
  json["version"] = 1;
  json["structures"] = Json::array();
  for (const auto& structure : summary.structures) json["structures"].push_back(jsonFrom(structure));
  json["uncertainty"] = summary.uncertainty;
  json["provenance"] = jsonFrom(summary.provenance);
  json["notices"] = Json::array();
  for (const auto& notice : summary.notices) json["notices"].push_back(jsonFrom(notice));
  return writeFileAtomically(file, json.dump(2) + "\n");
}

Result<SegmentationSummary> readSegmentationSummary(const std::filesystem::path& file) {
  const auto text = readFile(file);
  if (!text) return tl::unexpected(text.error());
  try {
    const Json json = Json::parse(*text);
    SegmentationSummary summary;
    for (const auto& structure : json.at("structures"))
      summary.structures.push_back(structureFrom(structure));
    summary.uncertainty = json.value("uncertainty", 0.0);
    summary.provenance = provenanceFrom(json.at("provenance"));
    for (const auto& notice : json.at("notices")) summary.notices.push_back(noticeFrom(notice));
    return summary;
  } catch (const std::exception& error) {
    return badInput(file.string() + " is malformed. Segment the CT again.", error.what());
  }
}

}  // namespace coxa
