#include "rendered_voxels.hpp"

#include <algorithm>
#include <cmath>

namespace coxa {

namespace {

constexpr int kSamples = 40;
constexpr double kBlurMm = 0.5;

double halton(int n, int base) {
  double fraction = 1.0, sum = 0.0;
  for (; n > 0; n /= base) {
    fraction /= base;
    sum += fraction * (n % base);
  }
  return sum;
}

}  // namespace

std::vector<Vec3> voxelSpread(const Grid& grid) {
  std::vector<Vec3> spread;
  for (int n = 1; n <= kSamples / 2; ++n) {
    const double radius = kBlurMm * std::sqrt(-2.0 * std::log(halton(n, 2)));
    const double turn = 2.0 * kPi * halton(n, 3);
    const Vec3 at(radius * std::cos(turn) + (halton(n, 7) - 0.5) * grid.spacing.x(),
                  radius * std::sin(turn) + (halton(n, 11) - 0.5) * grid.spacing.y(),
                  (halton(n, 5) - 0.5) * grid.spacing.z());
    spread.push_back(grid.direction * at);
    spread.push_back(grid.direction * Vec3(-at.x(), at.y(), at.z()));  // left and right hips alike
  }
  return spread;
}

double shareAt(double distanceMm) {
  return std::clamp(0.5 - distanceMm / kSoftEdgeMm, 0.0, 1.0);
}

double renderedHu(double share, double metalHu, double clipHu) {
  return std::min(clipHu, kBesideMetalHu + share * (metalHu - kBesideMetalHu));
}

}  // namespace coxa
