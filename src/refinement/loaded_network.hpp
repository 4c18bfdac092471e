#pragma once

#include "artifact_model.hpp"

#include "coxa/learning/predictor.hpp"

namespace coxa {

/// A network of this room, ready to predict.
struct LoadedNetwork {
  NetworkShape shape;
  Predictor predictor;
};

/// `folder` holds model.json and weights.pt. Errors as readArtifactModel and Predictor::load.
Result<LoadedNetwork> loadNetwork(const std::filesystem::path& folder, const NetworkKind& kind,
                                  Device device);

}  // namespace coxa
