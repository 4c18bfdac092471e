#include "manifest.hpp"

#include <nlohmann/json.hpp>

namespace coxa {

namespace {

constexpr int kSchema = 1;
using nlohmann::json;

json jsonOf(const StageRecord& record) {
  json files = json::object();
  for (const auto& [file, facts] : record.files)
    files[file] = {{"sha256", facts.sha256}, {"bytes", facts.bytes}};
  const Provenance& from = record.provenance;
  return {{"folder", record.folder},
          {"files", files},
          {"provenance",
           {{"programVersion", from.programVersion},
            {"createdUtc", from.createdUtc},
            {"inputs", from.inputs},
            {"parameters", from.parameters}}}};
}

StageRecord recordOf(const json& j) {
  StageRecord record;
  record.folder = j.at("folder").get<std::string>();
  for (const auto& [file, facts] : j.at("files").items())
    record.files[file] = {facts.at("sha256").get<std::string>(), facts.at("bytes").get<std::uintmax_t>()};
  const json& from = j.at("provenance");
  record.provenance = {from.at("programVersion").get<std::string>(), from.at("createdUtc").get<std::string>(),
                       from.at("inputs").get<std::map<std::string, std::string>>(),
                       from.at("parameters").get<std::map<std::string, std::string>>()};
  return record;
}

}  // namespace

std::string manifestJson(const Manifest& manifest) {
  json results = json::object();
  for (const auto& [stage, record] : manifest.records) results[name(stage)] = jsonOf(record);
  return json{{"schema", kSchema}, {"pseudonym", manifest.pseudonym}, {"results", results}}.dump(2) + "\n";
}

Result<Manifest> manifestFromJson(const std::string& text, const std::filesystem::path& path) {
  try {
    const json j = json::parse(text);
    if (j.at("schema").get<int>() > kSchema)
      return badInput(path.string() + " was written by a newer Coxa. Update this program to open the case.");
    Manifest manifest{j.at("pseudonym").get<std::string>(), {}};
    for (const Stage stage : allStages())
      if (j.at("results").contains(name(stage)))
        manifest.records[stage] = recordOf(j["results"][name(stage)]);
    return manifest;
  } catch (const json::exception& error) {
    return badInput(
        path.string() + " is damaged. Restore it from a copy, or run the analysis again into a new case.",
        error.what());
  }
}

}  // namespace coxa
