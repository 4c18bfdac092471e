#pragma once

#include "coxa/image/image.hpp"
#include "coxa/implants/posed.hpp"

#include <functional>
#include <vector>

namespace coxa {

/// How the scan of drawn implants looks.
struct ImplantScanOptions {
  Vec3 spacingMm = {0.8, 0.8, 2.0};
  double blurMm = 0.6;  ///< standard deviation within the slices; across them a slice averages its thickness
  double noiseHu = 25.0;
  double titaniumHu = 8000.0;
  double cobaltHu = 20000.0;
  double highestHu = 3071.0;  ///< where the scale ends
  bool screws = true;
};

/// A reduced hip with implants at random sizes and poses: cup RI 30-50°, RA 5-30°, stem version 0-30°, varus
/// and flexion within 4°; the head in the cup. World LPS, joint near (∓90, 0, 0) for right and left.
PosedHip drawnHip(unsigned seed, Side side, const Catalogue& catalogue);

/// Something solid: whether a world point is inside, within a box.
struct Solid {
  Eigen::AlignedBox3d box;
  std::function<bool(const Vec3&)> contains;
  double hu = 0.0;
};
std::vector<Solid> solidsOf(const PosedHip& hip, const ImplantScanOptions& options);
Solid sphere(const Vec3& center, double radiusMm, double hu);
Solid rod(const Vec3& from, const Vec3& to, double radiusMm, double hu);

/// A CT of the solids in soft tissue (40 HU) and air: a body 340 × 240 mm about the z axis from z = `fromZ`
/// to `toZ`; later solids replace earlier ones. Every voxel holds the share of 3 × 3 × 4 samples.
Volume scanOf(const std::vector<Solid>& solids, double fromZ, double toZ, unsigned seed,
              const ImplantScanOptions& options = {});

}  // namespace coxa
