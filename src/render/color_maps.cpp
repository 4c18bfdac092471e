#include "coxa/render/color_maps.hpp"

#include <algorithm>
#include <cmath>

namespace coxa {
namespace {

std::uint8_t mix(std::uint8_t a, std::uint8_t b, double t) {
  return static_cast<std::uint8_t>(std::lround(a + t * (b - a)));
}

double linearFromSrgb(std::uint8_t channel) {
  const double c = channel / 255.0;
  return c <= 0.04045 ? c / 12.92 : std::pow((c + 0.055) / 1.055, 2.4);
}

}  // namespace

const ColorMap& ColorMap::cividis() {
  static const ColorMap map({{0x00, 0x22, 0x4e},
                             {0x12, 0x35, 0x70},
                             {0x3b, 0x49, 0x6c},
                             {0x57, 0x5d, 0x6d},
                             {0x70, 0x71, 0x73},
                             {0x8a, 0x86, 0x78},
                             {0xa5, 0x9c, 0x74},
                             {0xc3, 0xb3, 0x69},
                             {0xe1, 0xcc, 0x55},
                             {0xfe, 0xe8, 0x38}});
  return map;
}

const ColorMap& ColorMap::viridis() {
  static const ColorMap map({{0x44, 0x01, 0x54},
                             {0x48, 0x24, 0x75},
                             {0x41, 0x44, 0x87},
                             {0x35, 0x5f, 0x8d},
                             {0x2a, 0x78, 0x8e},
                             {0x21, 0x91, 0x8c},
                             {0x22, 0xa8, 0x84},
                             {0x44, 0xbf, 0x70},
                             {0x7a, 0xd1, 0x51},
                             {0xbd, 0xdf, 0x26},
                             {0xfd, 0xe7, 0x25}});
  return map;
}

Rgb ColorMap::at(double t) const {
  const double last = static_cast<double>(controlPoints_.size() - 1);
  // Not-a-number goes to the dark end.
  const double position = t > 0.0 ? std::min(t, 1.0) * last : 0.0;
  const std::size_t lower = static_cast<std::size_t>(std::min(std::floor(position), last - 1.0));
  const Rgb& a = controlPoints_[lower];
  const Rgb& b = controlPoints_[lower + 1];
  const double fraction = position - static_cast<double>(lower);
  return {mix(a[0], b[0], fraction), mix(a[1], b[1], fraction), mix(a[2], b[2], fraction)};
}

double cieLightness(Rgb color) {
  const double y = 0.2126 * linearFromSrgb(color[0]) + 0.7152 * linearFromSrgb(color[1]) +
                   0.0722 * linearFromSrgb(color[2]);
  constexpr double kDelta = 6.0 / 29.0;
  const double f = y > kDelta * kDelta * kDelta ? std::cbrt(y) : y / (3.0 * kDelta * kDelta) + 4.0 / 29.0;
  return 116.0 * f - 16.0;
}

}  // namespace coxa
