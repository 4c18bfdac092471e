#pragma once

#include <cmath>
#include <cstdint>
#include <initializer_list>

namespace coxa {

/// A small random generator (splitmix64, Steele et al. 2014) keyed by several numbers, so that every draw of
/// a long run can be repeated from its seed and its place alone, without stored state.
class Random {
 public:
  Random(std::initializer_list<std::uint64_t> keys) {
    for (const auto key : keys) state_ = mixed(state_ ^ mixed(key + kStep));
  }

  std::uint64_t next() { return mixed(state_ += kStep); }
  /// Uniform in [0, 1).
  double uniform() { return static_cast<double>(next() >> 11) * 0x1.0p-53; }
  double uniform(double from, double to) { return from + (to - from) * uniform(); }
  /// Uniform in 0..count-1.
  std::size_t index(std::size_t count) {
    return static_cast<std::size_t>(uniform() * static_cast<double>(count));
  }
  bool chance(double probability) { return uniform() < probability; }
  /// Normal with mean 0 (Box-Muller).
  double normal(double sd = 1.0) {
    const double radius = std::sqrt(-2.0 * std::log(1.0 - uniform()));
    return sd * radius * std::cos(6.283185307179586 * uniform());
  }

 private:
  static constexpr std::uint64_t kStep = 0x9e3779b97f4a7c15ULL;
  static std::uint64_t mixed(std::uint64_t z) {
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
    return z ^ (z >> 31);
  }
  std::uint64_t state_ = 0;
};

}  // namespace coxa
