#pragma once

#include <cmath>
#include <cstdint>
#include <random>

namespace coxa {

/// SplitMix64 (Steele 2014): a good hash of a counter, so that voxels can be filled in any order.
inline std::uint64_t hashed(std::uint64_t x) {
  x += 0x9E3779B97F4A7C15ULL;
  x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9ULL;
  x = (x ^ (x >> 27)) * 0x94D049BB133111EBULL;
  return x ^ (x >> 31);
}

/// Numbers from a seed that are the same with every standard library (its distributions are not).
class Random {
 public:
  explicit Random(std::uint64_t seed) : engine_(seed) {}
  double uniform(double from, double to) {
    return from + (to - from) * (static_cast<double>(engine_() >> 11) * 0x1.0p-53);
  }
  /// Within two standard deviations.
  double normal(double mean, double sd) {
    for (;;) {
      const double radius = std::sqrt(-2.0 * std::log(uniform(1e-12, 1.0)));
      const double value = radius * std::cos(uniform(0.0, 6.283185307179586));
      if (std::abs(value) < 2.0) return mean + sd * value;
    }
  }
  std::uint64_t seed() { return engine_(); }

 private:
  std::mt19937_64 engine_;
};

}  // namespace coxa
