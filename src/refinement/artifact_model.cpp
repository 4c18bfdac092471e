#include "artifact_model.hpp"

#include "correction_bins.hpp"
#include "metal_sampler.hpp"
#include "network_input.hpp"

#include "coxa/learning/model_files.hpp"

#include <nlohmann/json.hpp>

namespace coxa {

namespace {

ArtifactModel parsed(const nlohmann::json& json, const NetworkKind& kind) {
  if (json.at("network").at("type") != kind.type) throw std::runtime_error("it is a network of another kind");
  ArtifactModel model;
  model.weightsSha256 = json.at("weightsSha256");
  const auto& network = json.at("network");
  model.network = newNetworkShape(kind, network.at("filters"));
  model.network.levels = network.at("levels");
  model.network.dropout = network.at("dropout");
  return model;
}

}  // namespace

NetworkKind artifactNetworkKind() {
  return {"U-Net metal artifacts", kInputChannels, static_cast<int>(kCorrectionHu.size()), 5};
}

NetworkKind metalNetworkKind() {
  return {"U-Net metal and streaks", kMetalChannels, kMetalClasses, 4};
}

NetworkShape newNetworkShape(const NetworkKind& kind, int filters) {
  NetworkShape shape;
  shape.inputChannels = kind.inputChannels;
  shape.classes = kind.classes;
  shape.filters = filters;
  shape.decoderFilters = filters;
  shape.levels = kind.levels;
  shape.dropout = 0.05;
  return shape;
}

Result<void> writeArtifactModel(const std::filesystem::path& folder, const NetworkKind& kind,
                                const ArtifactModel& model) {
  const nlohmann::ordered_json json = {{"version", 1},
                                       {"weightsSha256", model.weightsSha256},
                                       {"network",
                                        {{"type", kind.type},
                                         {"filters", model.network.filters},
                                         {"levels", model.network.levels},
                                         {"dropout", model.network.dropout}}}};
  return writeModelDescription(folder, json.dump(2), model.weightsSha256);
}

Result<ArtifactModel> readArtifactModel(const std::filesystem::path& folder, const NetworkKind& kind) {
  const auto text = readModelDescription(folder);
  if (!text) return tl::unexpected(text.error());
  ArtifactModel model;
  try {
    model = parsed(nlohmann::json::parse(*text), kind);
  } catch (const std::exception& error) {
    return badInput(
        (folder / "model.json").string() + " describes no such network for metal. Restore the model's files.",
        error.what());
  }
  if (const auto intact = checkWeights(folder, model.weightsSha256); !intact)
    return tl::unexpected(intact.error());
  return model;
}

}  // namespace coxa
