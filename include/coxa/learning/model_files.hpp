#pragma once

#include "coxa/base/result.hpp"

#include <filesystem>
#include <string>

namespace coxa {

/// The text of `model.json` in a model's folder. Error BadInput: there is none.
Result<std::string> readModelDescription(const std::filesystem::path& folder);

/// Error BadInput: `weights.pt` in the folder is missing or has another checksum (64 hexadecimal digits).
Result<void> checkWeights(const std::filesystem::path& folder, const std::string& weightsSha256);

/// Writes `model.json`, and `sha256` with the checksum of `weights.pt`. Error BadInput: the place cannot be
/// written.
Result<void> writeModelDescription(const std::filesystem::path& folder, const std::string& json,
                                   const std::string& weightsSha256);

}  // namespace coxa
