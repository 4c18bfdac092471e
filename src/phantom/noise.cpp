#include "coxa/phantom/noise.hpp"

#include "random.hpp"

#include "coxa/image/filters.hpp"

#include <tbb/parallel_for.h>

#include <cmath>

namespace coxa {

namespace {

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
