#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <vector>

namespace coxa {

/// sRGB, 8 bits a channel.
using Rgb = std::array<std::uint8_t, 3>;

/// The planes of the body along the patient's axes (LPS). Radiological convention: axial seen from the feet,
/// coronal from the front, sagittal from the patient's left; right is at the picture's left, anterior at the
/// top (axial) or the left (sagittal), superior at the top.
enum class BodyPlane { Axial, Coronal, Sagittal };

/// A picture of device pixels: rows from top to bottom, four bytes (red, green, blue, alpha) a pixel.
struct Picture {
  int width = 0;
  int height = 0;
  std::vector<std::uint8_t> rgba;

  Picture() = default;
  Picture(int widthPx, int heightPx, Rgb fill = {0, 0, 0})
      : width(widthPx),
        height(heightPx),
        rgba(4 * static_cast<std::size_t>(widthPx) * static_cast<std::size_t>(heightPx)) {
    for (std::size_t n = 0; n < rgba.size(); n += 4) {
      std::copy(fill.begin(), fill.end(), rgba.begin() + static_cast<std::ptrdiff_t>(n));
      rgba[n + 3] = 255;
    }
  }

  bool empty() const { return rgba.empty(); }
  std::uint8_t* pixel(int x, int y) { return rgba.data() + 4 * offset(x, y); }
  const std::uint8_t* pixel(int x, int y) const { return rgba.data() + 4 * offset(x, y); }
  Rgb color(int x, int y) const { return {pixel(x, y)[0], pixel(x, y)[1], pixel(x, y)[2]}; }

 private:
  std::size_t offset(int x, int y) const {
    return static_cast<std::size_t>(y) * static_cast<std::size_t>(width) + static_cast<std::size_t>(x);
  }
};

}  // namespace coxa
