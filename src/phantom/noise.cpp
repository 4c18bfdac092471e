#include "coxa/phantom/noise.hpp"

#include "coxa/image/filters.hpp"

#include <tbb/parallel_for.h>

#include <cmath>

namespace coxa {

namespace {

// SplitMix64 (Steele 2014): a good hash of a counter, so that slices can be filled in any order.
std::uint64_t hashed(std::uint64_t x) {
  x += 0x9E3779B97F4A7C15ULL;
  x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9ULL;
  x = (x ^ (x >> 27)) * 0x94D049BB133111EBULL;
  return x ^ (x >> 31);
}

// Nearly normal: the standardised sum of four uniform numbers from one hash.
float nearlyNormal(std::uint64_t bits) {
  float sum = 0.0F;
  for (int n = 0; n < 4; ++n) sum += static_cast<float>((bits >> (16 * n)) & 0xFFFF) / 65536.0F;
  return (sum - 2.0F) * 1.7320508F;
}

void standardise(ScalarImage& image) {
  double sum = 0.0, squares = 0.0;
  for (const float v : image.voxels) {
    sum += v;
    squares += static_cast<double>(v) * v;
  }
  const auto count = static_cast<double>(image.voxels.size());
  const double mean = sum / count;
  const double sd = std::sqrt(std::max(squares / count - mean * mean, 1e-12));
  for (float& v : image.voxels) v = static_cast<float>((v - mean) / sd);
}

}  // namespace

ScalarImage correlatedNoise(const Grid& grid, const Vec3& correlationMm, std::uint64_t seed) {
  ScalarImage noise(grid);
  const std::uint64_t base = hashed(seed);
  tbb::parallel_for(0, grid.size.z(), [&](int k) {
    for (std::size_t n = grid.offset(0, 0, k); n < grid.offset(0, 0, k + 1); ++n)
      noise.voxels[n] = nearlyNormal(hashed(base ^ n));
  });
  noise = smoothed(noise, correlationMm);
  standardise(noise);
  return noise;
}

}  // namespace coxa
