#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>

namespace coxa {

/// The network says by how much HU are to be corrected as a distribution over these values, fine about zero
/// and coarse beyond: classes of a classifier, whose mean is the correction and whose spread its standard
/// deviation. Larger corrections count as the last.
constexpr std::array<float, 29> kCorrectionHu = {-850, -600, -420, -300, -220, -160, -120, -90, -68, -50,
                                                 -36,  -24,  -14,  -6,   0,    6,    14,   24,  36,  50,
                                                 68,   90,   120,  160,  220,  300,  420,  600, 850};

/// The bin whose value is nearest.
constexpr std::uint8_t binOf(float correctionHu) {
  std::size_t bin = 0;
  while (bin + 1 < kCorrectionHu.size() &&
         correctionHu > 0.5F * (kCorrectionHu[bin] + kCorrectionHu[bin + 1]))
    ++bin;
  return static_cast<std::uint8_t>(bin);
}

struct Correction {
  float meanHu = 0.0F;
  float sdHu = 0.0F;
};

/// Mean and standard deviation of a distribution over the bins; `at(bin)` are probabilities that add up to 1.
template <class At>
Correction correctionOf(const At& at) {
  float mean = 0.0F, squares = 0.0F;
  for (std::size_t bin = 0; bin < kCorrectionHu.size(); ++bin) {
    const float probability = at(bin);
    mean += probability * kCorrectionHu[bin];
    squares += probability * kCorrectionHu[bin] * kCorrectionHu[bin];
  }
  return {mean, std::sqrt(std::max(squares - mean * mean, 0.0F))};
}

}  // namespace coxa
