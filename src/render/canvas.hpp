#pragma once

#include "coxa/image/picture.hpp"
#include "coxa/render/slice_scene.hpp"

#include <string>
#include <vector>

namespace coxa {

using DisplaySegment = std::array<DisplayPoint, 2>;

double distanceToSegment(double x, double y, const DisplaySegment& segment);

/// How much of each pixel a text covers, 0 to 255, rows from the top.
struct TextMask {
  int width = 0;
  int height = 0;
  std::vector<std::uint8_t> coverage;
};
/// One line of ASCII text in a sans-serif font, `heightPx` from the top of a capital to the bottom of a
/// descender.
TextMask textMask(const std::string& text, int heightPx);

/// Where a text stands at its anchor point.
enum class Anchor { TopLeft, TopCenter, BottomLeft, BottomCenter, MiddleLeft, MiddleRight };

/// Anti-aliased drawing onto a picture. Lengths in device pixels.
class Canvas {
 public:
  explicit Canvas(Picture& picture) : picture_(picture) {}

  void blend(int x, int y, Rgb color, double alpha);
  void line(const DisplaySegment& segment, double width, Rgb color, double alpha = 1.0);
  /// Fills what an even number of times crossed lines enclose; the segments may come in any order.
  void fill(const std::vector<DisplaySegment>& outline, Rgb color, double alpha);
  void rectangle(const DisplayPoint& min, const DisplayPoint& max, Rgb color, double alpha = 1.0);
  /// With a dark rim, so that it reads on bright ground too.
  void text(const TextMask& mask, const DisplayPoint& at, Anchor anchor, Rgb color);

 private:
  void mask(const TextMask& mask, int left, int top, Rgb color, double alpha);
  Picture& picture_;
};

}  // namespace coxa
