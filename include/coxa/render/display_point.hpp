#pragma once

namespace coxa {

/// A position on a scene's picture in device pixels, from the top left corner, y downwards.
struct DisplayPoint {
  double x = 0.0;
  double y = 0.0;
};

}  // namespace coxa
