#include "case_text.hpp"

#include "coxa/casefile/contents.hpp"

#include <nlohmann/json.hpp>

namespace coxa::cli {

using nlohmann::json;

Result<Outcome> describeCase(const Case& source) {
  json stages = json::array();
  std::string text = "Case " + source.folder().string() + " (patient " + source.pseudonym() + ")";
  for (const Stage stage : allStages()) {
    const StageRecord* record = source.record(stage);
    if (record == nullptr) continue;
    const bool current = source.isCurrent(stage);
    stages.push_back({{"name", name(stage)},
                      {"current", current},
                      {"createdUtc", record->provenance.createdUtc},
                      {"folder", record->folder}});
    text += "\n  " + std::string(name(stage)) + ": " + record->folder +
            (current ? "" : "  (out of date: made from an earlier result)");
  }
  json notices = json::array();
  if (source.has(Stage::Import)) {
    const auto record = readImportRecord(source);
    if (!record) return tl::unexpected(record.error());
    for (const auto& notice : record->notices) {
      const bool warning = notice.severity == Notice::Severity::Warning;
      notices.push_back(
          {{"severity", warning ? "warning" : "info"}, {"code", notice.code}, {"message", notice.message}});
      text += std::string("\n  ") + (warning ? "Warning: " : "") + notice.message;
    }
  }
  const json document = {{"case", source.folder().string()},
                         {"pseudonym", source.pseudonym()},
                         {"stages", stages},
                         {"notices", notices}};
  return Outcome{document.dump(2), text};
}

}  // namespace coxa::cli
