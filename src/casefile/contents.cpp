#include "coxa/casefile/contents.hpp"

#include "coxa/anatomy/structure_summary.hpp"
#include "coxa/base/files.hpp"
#include "coxa/image/files.hpp"

#include <nlohmann/json.hpp>

namespace coxa {

namespace fs = std::filesystem;
using nlohmann::json;

namespace {

json jsonOf(const Notice& notice) {
  json files = json::array();
  for (const auto& file : notice.files) files.push_back(file.filename().string());
  return {{"severity", notice.severity == Notice::Severity::Warning ? "warning" : "info"},
          {"code", notice.code},
          {"message", notice.message},
          {"files", files}};
}

Notice noticeOf(const json& j) {
  Notice notice;
  notice.severity =
      j.at("severity").get<std::string>() == "warning" ? Notice::Severity::Warning : Notice::Severity::Info;
  notice.code = j.at("code").get<std::string>();
  notice.message = j.at("message").get<std::string>();
  for (const auto& file : j.value("files", json::array())) notice.files.emplace_back(file.get<std::string>());
  return notice;
}

std::string jsonFileOf(Stage stage) {
  return std::string(name(stage)) + ".json";
}

}  // namespace

Result<void> putImport(Case& target, const Volume& ct, const ImportRecord& record) {
  json notices = json::array();
  for (const auto& notice : record.notices) notices.push_back(jsonOf(notice));
  const std::string text = json{{"facts", record.facts}, {"notices", notices}}.dump(2) + "\n";
  return target.put(Stage::Import, {}, [&](const fs::path& folder) -> Result<void> {
    if (auto written = writeImage(folder / "ct.nrrd", ct); !written) return written;
    return writeFileAtomically(folder / "import.json", text);
  });
}

Result<Volume> readCt(const Case& source) {
  return source.file(Stage::Import, "ct.nrrd").and_then(readVolume);
}

Result<ImportRecord> readImportRecord(const Case& source) {
  const auto path = source.file(Stage::Import, "import.json");
  const auto text = path.and_then(readFile);
  if (!text) return tl::unexpected(text.error());
  try {
    const json j = json::parse(*text);
    ImportRecord record{j.at("facts").get<std::map<std::string, std::string>>(), {}};
    for (const auto& notice : j.at("notices")) record.notices.push_back(noticeOf(notice));
    return record;
  } catch (const json::exception& error) {
    return badInput(path->string() + " is damaged. Import the scan again.", error.what());
  }
}

Result<void> putReducedCt(Case& target, const Volume& ct, const LabelMap& metal, const ScalarImage& sdHu,
                          const std::string& text, const std::map<std::string, std::string>& parameters) {
  return target.put(Stage::MetalReduction, parameters, [&](const fs::path& folder) -> Result<void> {
    if (auto written = writeImage(folder / "ct.nrrd", ct); !written) return written;
    if (auto written = writeImage(folder / "metal.nrrd", metal); !written) return written;
    if (!sdHu.empty())
      if (auto written = writeImage(folder / "uncertainty.nrrd", sdHu); !written) return written;
    return writeFileAtomically(folder / jsonFileOf(Stage::MetalReduction), text);
  });
}

Result<Volume> readReducedCt(const Case& source) {
  return source.file(Stage::MetalReduction, "ct.nrrd").and_then(readVolume);
}

Stage ctStageInUse(const Case& source) {
  return source.isCurrent(Stage::MetalReduction) ? Stage::MetalReduction : Stage::Import;
}

Result<Volume> readCtInUse(const Case& source) {
  return source.file(ctStageInUse(source), "ct.nrrd").and_then(readVolume);
}

Result<std::vector<Notice>> readMetalNotices(const Case& source) {
  if (ctStageInUse(source) != Stage::MetalReduction) return {};
  const auto text = readJson(source, Stage::MetalReduction);
  if (!text) return tl::unexpected(text.error());
  try {
    std::vector<Notice> notices;
    const json document = json::parse(*text);
    for (const auto& notice : document.at("notices")) notices.push_back(noticeOf(notice));
    return notices;
  } catch (const json::exception& error) {
    return badInput(
        "The metal reduction of " + source.folder().string() + " is damaged. Run reduce-metal again.",
        error.what());
  }
}

Result<LabelMap> readLabels(const Case& source) {
  return source.file(Stage::Segmentation, "labels.nrrd").and_then(readLabelMap);
}

Result<ScalarImage> readUncertainty(const Case& source) {
  return source.file(Stage::Segmentation, "uncertainty.nrrd").and_then(readScalarImage);
}

Result<ScalarImage> readEntropy(const Case& source) {
  return source.file(Stage::Segmentation, "entropy.nrrd").and_then(readScalarImage);
}

Result<std::vector<LabelMap>> readSamples(const Case& source, std::size_t most) {
  std::vector<LabelMap> samples;
  while (samples.size() < most) {
    const auto file = source.file(Stage::Segmentation, sampleFileName(samples.size()));
    if (!file) break;
    auto sample = readLabelMap(*file);
    if (!sample) return tl::unexpected(sample.error());
    samples.push_back(std::move(*sample));
  }
  return samples;
}

Result<void> putLandmarks(Case& target, const LandmarkSet& landmarks) {
  return putJson(target, Stage::Landmarks, toJson(landmarks));
}

Result<LandmarkSet> readLandmarks(const Case& source) {
  return readJson(source, Stage::Landmarks).and_then(landmarksFromJson);
}

Result<void> putJson(Case& target, Stage stage, const std::string& text,
                     const std::map<std::string, std::string>& parameters) {
  return target.put(stage, parameters, [&](const fs::path& folder) {
    return writeFileAtomically(folder / jsonFileOf(stage), text);
  });
}

Result<std::string> readJson(const Case& source, Stage stage) {
  return source.file(stage, jsonFileOf(stage)).and_then(readFile);
}

}  // namespace coxa
