#include "canvas.hpp"

#include <algorithm>
#include <cmath>

namespace coxa {
namespace {

int firstPixel(double from) {
  return static_cast<int>(std::floor(std::max(from, 0.0)));
}
int lastPixel(double to, int size) {
  return static_cast<int>(std::ceil(std::min(to, static_cast<double>(size)))) - 1;
}

}  // namespace

double distanceToSegment(double x, double y, const DisplaySegment& s) {
  const double dx = s[1].x - s[0].x, dy = s[1].y - s[0].y;
  const double lengthSquared = dx * dx + dy * dy;
  const double along = lengthSquared > 0.0
                           ? std::clamp(((x - s[0].x) * dx + (y - s[0].y) * dy) / lengthSquared, 0.0, 1.0)
                           : 0.0;
  return std::hypot(x - s[0].x - along * dx, y - s[0].y - along * dy);
}

void Canvas::blend(int x, int y, Rgb color, double alpha) {
  std::uint8_t* pixel = picture_.pixel(x, y);
  for (std::size_t c = 0; c < 3; ++c)
    pixel[c] = static_cast<std::uint8_t>(std::lround(pixel[c] + alpha * (color[c] - pixel[c])));
}

void Canvas::line(const DisplaySegment& s, double width, Rgb color, double alpha) {
  const double reach = 0.5 * width + 1.0;
  const int x0 = firstPixel(std::min(s[0].x, s[1].x) - reach);
  const int x1 = lastPixel(std::max(s[0].x, s[1].x) + reach, picture_.width);
  const int y0 = firstPixel(std::min(s[0].y, s[1].y) - reach);
  const int y1 = lastPixel(std::max(s[0].y, s[1].y) + reach, picture_.height);
  for (int y = y0; y <= y1; ++y)
    for (int x = x0; x <= x1; ++x) {
      const double coverage = 0.5 * width + 0.5 - distanceToSegment(x + 0.5, y + 0.5, s);
      if (coverage > 0.0) blend(x, y, color, alpha * std::min(coverage, 1.0));
    }
}

void Canvas::fill(const std::vector<DisplaySegment>& outline, Rgb color, double alpha) {
  std::vector<std::vector<double>> crossings(static_cast<std::size_t>(picture_.height));
  for (const DisplaySegment& s : outline) {
    const DisplayPoint& top = s[0].y < s[1].y ? s[0] : s[1];
    const DisplayPoint& bottom = s[0].y < s[1].y ? s[1] : s[0];
    // Row y is crossed when top <= y + 0.5 < bottom, so that two segments share no row.
    const int first = std::max(0, static_cast<int>(std::ceil(top.y - 0.5)));
    const int end = std::min(picture_.height, static_cast<int>(std::ceil(bottom.y - 0.5)));
    for (int y = first; y < end; ++y)
      crossings[static_cast<std::size_t>(y)].push_back(top.x + (y + 0.5 - top.y) / (bottom.y - top.y) *
                                                                   (bottom.x - top.x));
  }
  for (int y = 0; y < picture_.height; ++y) {
    std::vector<double>& row = crossings[static_cast<std::size_t>(y)];
    std::sort(row.begin(), row.end());
    for (std::size_t i = 0; i + 1 < row.size(); i += 2) {
      const int end = std::min(picture_.width, static_cast<int>(std::ceil(row[i + 1] - 0.5)));
      for (int x = std::max(0, static_cast<int>(std::ceil(row[i] - 0.5))); x < end; ++x)
        blend(x, y, color, alpha);
    }
  }
}

void Canvas::rectangle(const DisplayPoint& min, const DisplayPoint& max, Rgb color, double alpha) {
  for (int y = std::max(0, static_cast<int>(std::lround(min.y)));
       y < std::min(picture_.height, static_cast<int>(std::lround(max.y))); ++y)
    for (int x = std::max(0, static_cast<int>(std::lround(min.x)));
         x < std::min(picture_.width, static_cast<int>(std::lround(max.x))); ++x)
      blend(x, y, color, alpha);
}

void Canvas::text(const TextMask& drawn, const DisplayPoint& at, Anchor anchor, Rgb color) {
  double left = at.x, top = at.y;
  if (anchor == Anchor::TopCenter || anchor == Anchor::BottomCenter) left -= 0.5 * drawn.width;
  if (anchor == Anchor::MiddleRight) left -= drawn.width;
  if (anchor == Anchor::BottomLeft || anchor == Anchor::BottomCenter) top -= drawn.height;
  if (anchor == Anchor::MiddleLeft || anchor == Anchor::MiddleRight) top -= 0.5 * drawn.height;
  const int x = static_cast<int>(std::lround(left)), y = static_cast<int>(std::lround(top));
  for (const auto& [dx, dy] : {std::pair{-1, 0}, {1, 0}, {0, -1}, {0, 1}})
    mask(drawn, x + dx, y + dy, {0, 0, 0}, 0.5);
  mask(drawn, x, y, color, 1.0);
}

void Canvas::mask(const TextMask& drawn, int left, int top, Rgb color, double alpha) {
  for (int y = std::max(0, -top); y < std::min(drawn.height, picture_.height - top); ++y)
    for (int x = std::max(0, -left); x < std::min(drawn.width, picture_.width - left); ++x) {
      const std::uint8_t coverage =
          drawn.coverage[static_cast<std::size_t>(y) * static_cast<std::size_t>(drawn.width) +
                         static_cast<std::size_t>(x)];
      if (coverage > 0) blend(left + x, top + y, color, alpha * coverage / 255.0);
    }
}

}  // namespace coxa
