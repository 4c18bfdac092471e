#include "rendered_voxels.hpp"

#include <algorithm>
#include <cmath>

namespace coxa {

namespace {

constexpr int kSamples = 120;
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
  for (int n = 1; n <= kSamples / 4; ++n) {
    const double radius = kBlurMm * std::sqrt(-2.0 * std::log(halton(n, 2)));
    const double turn = 2.0 * kPi * halton(n, 3);
    const Vec3 at(radius * std::cos(turn) + (halton(n, 7) - 0.5) * grid.spacing.x(),
                  radius * std::sin(turn) + (halton(n, 11) - 0.5) * grid.spacing.y(),
                  (halton(n, 5) - 0.5) * grid.spacing.z());
    // Mirrored, so that their mean is the voxel's centre, and left and right hips are alike.
    for (const double x : {at.x(), -at.x()})
      for (const double sign : {1.0, -1.0})
        spread.push_back(grid.direction * Vec3(x, sign * at.y(), sign * at.z()));
  }
  return spread;
}

double shareAt(double distanceMm) {
  return std::clamp(0.5 - distanceMm / kSoftEdgeMm, 0.0, 1.0);
}

double renderedHu(double share, double metalHu, double besideHu, double clipHu) {
  return std::min(clipHu, besideHu + share * (metalHu - besideHu));
}

}  // namespace coxa
