#include "model_config.hpp"

#include "coxa/learning/model_files.hpp"

#include <nlohmann/json.hpp>

namespace coxa {

ModelConfig newModelConfig(const std::string& name, const StructureTable& table) {
  ModelConfig config;
  config.name = name;
  config.kinds = table.kinds();
  config.network.inputChannels = static_cast<int>(config.sliceOffsetsMm.size());
  config.network.classes = static_cast<int>(config.kinds.size());
  return config;
}

namespace {

nlohmann::ordered_json documentOf(const Calibration& calibration) {
  nlohmann::ordered_json json;
  json["temperature"] = calibration.temperature;
  for (const auto& [key, number] : kDiceModelFields) json[key] = calibration.dice.*number;
  json["doubtfulBelow"] = calibration.doubtfulBelow;
  json["volumeSdFactor"] = calibration.volumeSdFactor;
  json["observations"] = calibration.observations;
  return json;
}

// Models of before have a line over fewer kinds of evidence.
Calibration calibrationIn(const nlohmann::json& json) {
  Calibration calibration;
  calibration.temperature = json.at("temperature");
  for (const char* always : {"diceIntercept", "diceSlope", "diceSd"}) static_cast<void>(json.at(always));
  for (const auto& [key, number] : kDiceModelFields) calibration.dice.*number = json.value(key, 0.0);
  calibration.doubtfulBelow = json.at("doubtfulBelow");
  calibration.observations = json.at("observations");
  calibration.volumeSdFactor = json.value("volumeSdFactor", 1.0);
  return calibration;
}

}  // namespace

Result<void> writeModelConfig(const std::filesystem::path& folder, const ModelConfig& config) {
  nlohmann::ordered_json json;
  json["version"] = 1;
  json["name"] = config.name;
  json["weightsSha256"] = config.weightsSha256;
  json["input"] = {{"spacingMm", {config.spacingMm.x(), config.spacingMm.y(), config.spacingMm.z()}},
                   {"sliceOffsetsMm", config.sliceOffsetsMm},
                   {"windowHu", {config.windowLowHu, config.windowHighHu}}};
  json["network"] = {{"type", "U-Net 2.5-D"},
                     {"filters", config.network.filters},
                     {"decoderFilters", config.network.decoderFilters},
                     {"levels", config.network.levels},
                     {"dropout", config.network.dropout}};
  json["kinds"] = config.kinds;
  if (config.calibration) json["calibration"] = documentOf(*config.calibration);
  return writeModelDescription(folder, json.dump(2), config.weightsSha256);
}

namespace {

ModelConfig parsed(const std::string& text) {
  const auto json = nlohmann::json::parse(text);
  ModelConfig config;
  config.name = json.at("name");
  config.weightsSha256 = json.at("weightsSha256");
  const auto& input = json.at("input");
  const std::vector<double> spacing = input.at("spacingMm");
  config.spacingMm = Vec3(spacing.at(0), spacing.at(1), spacing.at(2));
  config.sliceOffsetsMm = input.at("sliceOffsetsMm").get<std::vector<double>>();
  config.windowLowHu = input.at("windowHu").at(0);
  config.windowHighHu = input.at("windowHu").at(1);
  config.kinds = json.at("kinds").get<std::vector<std::string>>();
  const auto& network = json.at("network");
  config.network.filters = network.at("filters");
  config.network.decoderFilters = network.value("decoderFilters", config.network.filters);
  config.network.levels = network.at("levels");
  config.network.dropout = network.at("dropout");
  config.network.inputChannels = static_cast<int>(config.sliceOffsetsMm.size());
  config.network.classes = static_cast<int>(config.kinds.size());
  if (json.contains("calibration")) config.calibration = calibrationIn(json.at("calibration"));
  return config;
}

}  // namespace

Result<ModelConfig> readModelConfig(const std::filesystem::path& folder) {
  const auto text = readModelDescription(folder);
  if (!text) return tl::unexpected(text.error());
  ModelConfig config;
  try {
    config = parsed(*text);
  } catch (const std::exception& error) {
    return badInput((folder / "model.json").string() + " is malformed. Restore the model's files.",
                    error.what());
  }
  if (const auto intact = checkWeights(folder, config.weightsSha256); !intact)
    return tl::unexpected(intact.error());
  return config;
}

}  // namespace coxa
