#pragma once

#include "coxa/base/result.hpp"
#include "coxa/learning/network.hpp"

#include <filesystem>
#include <string>

namespace coxa {

/// The networks of this room differ in what they see and say.
struct NetworkKind {
  const char* type;  ///< as model.json names it
  int inputChannels;
  int classes;
  int levels;  ///< of a new one
};
NetworkKind artifactNetworkKind();
NetworkKind metalNetworkKind();

/// `model.json` beside the weights.
struct ArtifactModel {
  NetworkShape network;
  std::string weightsSha256;
};

/// A new model's network.
NetworkShape newNetworkShape(const NetworkKind& kind, int filters);

Result<void> writeArtifactModel(const std::filesystem::path& folder, const NetworkKind& kind,
                                const ArtifactModel& model);
/// Errors BadInput: it is missing, malformed or of another kind, or the weights do not have the checksum it
/// names.
Result<ArtifactModel> readArtifactModel(const std::filesystem::path& folder, const NetworkKind& kind);

}  // namespace coxa
