#include "artifact_model.hpp"

#include "correction_bins.hpp"
#include "network_input.hpp"

#include "coxa/base/files.hpp"

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
  if (auto written = writeFileAtomically(folder / "sha256", model.weightsSha256 + "  weights.pt\n"); !written)
    return written;
  return writeFileAtomically(folder / "model.json", json.dump(2) + "\n");
}

Result<ArtifactModel> readArtifactModel(const std::filesystem::path& folder) {
  const auto file = folder / "model.json";
  const auto text = readFile(file);
  if (!text)
    return badInput("There is no model in " + folder.string() +
                        ". Choose the folder that holds model.json and weights.pt.",
                    text.error().message);
  ArtifactModel model;
  try {
    model = parsed(nlohmann::json::parse(*text));
  } catch (const std::exception& error) {
    return badInput(file.string() + " describes no network for metal artifacts. Restore the model's files.",
                    error.what());
  }
  const auto checksum = sha256OfFile(folder / "weights.pt");
  if (!checksum) return tl::unexpected(checksum.error());
  if (*checksum != model.weightsSha256)
    return badInput((folder / "weights.pt").string() +
                    " was changed: its checksum is not the one in model.json. Restore the model's files.");
  return model;
}

}  // namespace coxa
