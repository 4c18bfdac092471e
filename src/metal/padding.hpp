#pragma once

#include <cstdint>
#include <vector>

namespace coxa {

/// What lies outside the reconstructed field of a slice: scanners fill it, the corners first, with one value
/// below air's. By pixel, non-zero for those with the first pixel's value, below air's, that hang together
/// with the picture's border; dark streaks that end at the same value lie within.
template <class Value>
std::vector<std::uint8_t> paddingOf(const Value* pixels, int width, int height) {
  constexpr Value kAirHu = -1010;  // air with noise may be a little lower than -1000
  std::vector<std::uint8_t> padding(static_cast<std::size_t>(width) * static_cast<std::size_t>(height), 0);
  if (padding.empty() || pixels[0] >= kAirHu) return padding;
  std::vector<std::size_t> front;
  const auto visit = [&](int i, int j) {
    if (i < 0 || j < 0 || i >= width || j >= height) return;
    const std::size_t n =
        static_cast<std::size_t>(j) * static_cast<std::size_t>(width) + static_cast<std::size_t>(i);
    if (padding[n] != 0 || pixels[n] != pixels[0]) return;
    padding[n] = 1;
    front.push_back(n);
  };
  for (int i = 0; i < width; ++i)
    for (const int j : {0, height - 1}) visit(i, j);
  for (int j = 0; j < height; ++j)
    for (const int i : {0, width - 1}) visit(i, j);
  while (!front.empty()) {
    const int i = static_cast<int>(front.back()) % width, j = static_cast<int>(front.back()) / width;
    front.pop_back();
    for (const int step : {-1, 1}) {
      visit(i + step, j);
      visit(i, j + step);
    }
  }
  return padding;
}

}  // namespace coxa
