#include "loaded_network.hpp"

namespace coxa {

Result<LoadedNetwork> loadNetwork(const std::filesystem::path& folder, const NetworkKind& kind,
                                  Device device) {
  const auto model = readArtifactModel(folder, kind);
  if (!model) return tl::unexpected(model.error());
  auto predictor = Predictor::load(folder / "weights.pt", model->network, device);
  if (!predictor) return tl::unexpected(predictor.error());
  return LoadedNetwork{model->network, std::move(*predictor)};
}

}  // namespace coxa
