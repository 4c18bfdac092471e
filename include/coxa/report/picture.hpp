#pragma once

#include "coxa/base/result.hpp"

#include <cstdint>
#include <filesystem>
#include <vector>

namespace coxa {

/// RGBA, 8 bits each, rows from the top.
struct Picture {
  int width = 0;
  int height = 0;
  std::vector<std::uint8_t> rgba;

  bool empty() const { return rgba.empty(); }
};

/// PNG, atomically. Error BadInput: the place cannot be written.
Result<void> writePng(const std::filesystem::path& path, const Picture& picture);
/// PNG or JPEG. Error BadInput: missing or not a picture.
Result<Picture> readPicture(const std::filesystem::path& path);

}  // namespace coxa
