#include "artifact_model.hpp"

#include "correction_bins.hpp"
#include "network_input.hpp"

#include "coxa/learning/model_files.hpp"

#include <nlohmann/json.hpp>

namespace coxa {

namespace {

constexpr const char* kType = "U-Net metal artifacts";

ArtifactModel parsed(const nlohmann::json& json) {
  if (json.at("network").at("type") != kType) throw std::runtime_error("it is a network of another kind");
  ArtifactModel model;
  model.weightsSha256 = json.at("weightsSha256");
  const auto& network = json.at("network");
  model.network = artifactNetworkShape(network.at("filters"));
  model.network.levels = network.at("levels");
  model.network.dropout = network.at("dropout");
  return model;
}

}  // namespace

NetworkShape artifactNetworkShape(int filters) {
  NetworkShape shape;
  shape.inputChannels = kInputChannels;
  shape.classes = static_cast<int>(kCorrectionHu.size());
  shape.filters = filters;
  shape.decoderFilters = filters;
  shape.levels = 5;
  shape.dropout = 0.05;
  return shape;
}

Result<void> writeArtifactModel(const std::filesystem::path& folder, const ArtifactModel& model) {
  const nlohmann::ordered_json json = {{"version", 1},
                                       {"weightsSha256", model.weightsSha256},
                                       {"network",
                                        {{"type", kType},
                                         {"filters", model.network.filters},
                                         {"levels", model.network.levels},
                                         {"dropout", model.network.dropout}}}};
  return writeModelDescription(folder, json.dump(2), model.weightsSha256);
}

Result<ArtifactModel> readArtifactModel(const std::filesystem::path& folder) {
  const auto text = readModelDescription(folder);
  if (!text) return tl::unexpected(text.error());
  ArtifactModel model;
  try {
    model = parsed(nlohmann::json::parse(*text));
  } catch (const std::exception& error) {
    return badInput((folder / "model.json").string() +
                        " describes no network for metal artifacts. Restore the model's files.",
                    error.what());
  }
  if (const auto intact = checkWeights(folder, model.weightsSha256); !intact)
    return tl::unexpected(intact.error());
  return model;
}

}  // namespace coxa
