#pragma once

#include "coxa/geometry/types.hpp"

#include <cmath>
#include <cstdint>

namespace coxa {

/// Random numbers of one ray, from the seed and the ray's number alone. SplitMix64 (Steele, Lea and Flood
/// 2014).
class RayRandom {
 public:
  RayRandom(std::uint64_t seed, std::uint64_t ray) : state_(mixed(mixed(seed) ^ ray)) {}

  /// In (0, 1).
  double uniform() {
    state_ += 0x9E3779B97F4A7C15ULL;
    return (static_cast<double>(mixed(state_) >> 11) + 0.5) * 0x1p-53;
  }
  double normal() { return std::sqrt(-2.0 * std::log(uniform())) * std::cos(2.0 * kPi * uniform()); }
  /// By multiplication (Knuth) for few quanta; for many, the rounded normal distribution of equal mean and
  /// variance.
  double poisson(double mean) {
    constexpr double kMany = 50.0;
    if (mean > kMany) return std::round(mean + std::sqrt(mean) * normal());
    const double end = std::exp(-mean);
    double product = uniform();
    int count = 0;
    while (product > end) {
      product *= uniform();
      ++count;
    }
    return count;
  }

 private:
  static std::uint64_t mixed(std::uint64_t x) {
    x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9ULL;
    x = (x ^ (x >> 27)) * 0x94D049BB133111EBULL;
    return x ^ (x >> 31);
  }
  std::uint64_t state_;
};

}  // namespace coxa
