#pragma once

#include "coxa/base/result.hpp"
#include "coxa/image/picture.hpp"

#include <filesystem>

namespace coxa {

/// PNG, atomically. Error BadInput: the place cannot be written.
Result<void> writePng(const std::filesystem::path& path, const Picture& picture);
/// PNG or JPEG. Error BadInput: missing or not a picture.
Result<Picture> readPicture(const std::filesystem::path& path);

}  // namespace coxa
