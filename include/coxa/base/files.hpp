#pragma once

#include "coxa/base/result.hpp"

#include <filesystem>
#include <functional>
#include <string>
#include <string_view>

namespace coxa {

/// Reads a whole file. Error BadInput: it cannot be read.
Result<std::string> readFile(const std::filesystem::path& path);

/// Replaces `path` in one step: temporary file beside it, fsync, rename, fsync of the folder. After a kill at
/// any instant the file is the old one or the new one. Errors: BadInput when the place cannot be written.
Result<void> writeFileAtomically(const std::filesystem::path& path, std::string_view bytes);

/// The same for a writer that needs a path: `write` fills the temporary file (which carries the extension of
/// `path`), then it takes the place of `path`. On an error nothing stays behind.
Result<void> writeFileAtomically(const std::filesystem::path& path,
                                 const std::function<Result<void>(const std::filesystem::path&)>& write);

/// SHA-256 as 64 hexadecimal digits.
std::string sha256(std::string_view bytes);
Result<std::string> sha256OfFile(const std::filesystem::path& path);

}  // namespace coxa
