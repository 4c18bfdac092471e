#pragma once

#include "coxa/render/color_maps.hpp"

#include <cstdint>
#include <vector>

namespace coxa {

/// A picture of device pixels: rows from top to bottom, four bytes (red, green, blue, alpha) a pixel, opaque.
struct Picture {
  int width = 0;
  int height = 0;
  std::vector<std::uint8_t> rgba;

  Picture() = default;
  Picture(int widthPx, int heightPx, Rgb fill = {0, 0, 0});

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
