#pragma once

#include "coxa/base/result.hpp"
#include "coxa/learning/network.hpp"

#include <filesystem>
#include <string>

namespace coxa {

/// `model.json` beside the weights.
struct ArtifactModel {
  NetworkShape network;
  std::string weightsSha256;
};

/// A new model's network.
NetworkShape artifactNetworkShape(int filters);

Result<void> writeArtifactModel(const std::filesystem::path& folder, const ArtifactModel& model);
/// Errors BadInput: it is missing or malformed, or the weights do not have the checksum it names.
Result<ArtifactModel> readArtifactModel(const std::filesystem::path& folder);

}  // namespace coxa
