#include "coxa/render/picture.hpp"

namespace coxa {

Picture::Picture(int widthPx, int heightPx, Rgb fill) : width(widthPx), height(heightPx) {
  rgba.resize(4 * static_cast<std::size_t>(widthPx) * static_cast<std::size_t>(heightPx));
  for (std::size_t i = 0; i < rgba.size(); i += 4) {
    rgba[i] = fill[0];
    rgba[i + 1] = fill[1];
    rgba[i + 2] = fill[2];
    rgba[i + 3] = 255;
  }
}

}  // namespace coxa
