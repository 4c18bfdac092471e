#pragma once

#include "shapes.hpp"

#include "coxa/anatomy/landmarks.hpp"

#include <algorithm>

namespace coxa {

/// A schematic right hip made of spheres and capsules, LPS, in mm; its landmarks are known by construction.
namespace hip_phantom {

inline const Vec3 kHead(-90, 0, 0);
constexpr double kHeadRadius = 24, kSocketRadius = 26;
inline const Vec3 kOpening = Vec3(-0.75, -0.25, -0.61).normalized();
inline const Vec3 kShaftTop(-130, 10, -45), kShaftEnd(-130, 10, -205);
inline const Vec3 kGreaterTop(-138, 14, -20);  // its sphere of 16 mm reaches z = -4
inline const Vec3 kLesser(-118, 25, -62);
inline const Vec3 kAsis(-115, -45, 75);
inline const Vec3 kTubercle(-27, -45, -35);

inline double toSegment(const Vec3& p, const Vec3& a, const Vec3& b) {
  const double along = std::clamp((p - a).dot(b - a) / (b - a).squaredNorm(), 0.0, 1.0);
  return (p - a - along * (b - a)).norm();
}

inline bool inFemur(const Vec3& p) {
  return (p - kHead).norm() < kHeadRadius || toSegment(p, kHead, kShaftTop) < 13 ||
         toSegment(p, kShaftTop, kShaftEnd) < 14 || toSegment(p, kShaftTop, kGreaterTop) < 16 ||
         (p - kLesser).norm() < 8;
}

inline bool inHipBone(const Vec3& p) {
  const double distance = (p - kHead).norm();
  if (distance < kSocketRadius) return false;
  if (distance < kSocketRadius + 7) return (p - kHead).dot(kOpening) < 0;
  return toSegment(p, Vec3(-85, 0, 30), kAsis) < 6 || toSegment(p, kAsis, Vec3(-100, 20, 110)) < 6 ||
         toSegment(p, Vec3(-65, -15, -12), kTubercle) < 6 ||
         toSegment(p, kTubercle, Vec3(-9, -41, -50)) < 6 ||
         toSegment(p, Vec3(-9, -41, -50), Vec3(-60, 20, -85)) < 8;
}

inline Vec3 onRight(const Vec3& p) {
  return p.x() < 0 ? p : Vec3(-p.x(), p.y(), p.z());
}

/// Both hips on `grid`, with the values of the structure table.
inline LabelMap labels(const Grid& grid) {
  LabelMap map(grid);
  for (int k = 0; k < grid.size.z(); ++k)
    for (int j = 0; j < grid.size.y(); ++j)
      for (int i = 0; i < grid.size.x(); ++i) {
        const Vec3 world = grid.worldFromIndex(Vec3(i, j, k));
        const Vec3 p = onRight(world);
        const int left = world.x() > 0 ? 0 : 1;
        if (inHipBone(p)) map.at(i, j, k) = static_cast<std::uint8_t>(1 + left);
        if (inFemur(p)) map.at(i, j, k) = static_cast<std::uint8_t>(3 + left);
      }
  return map;
}

/// 1.5×1.5×2 mm voxels over both hips.
inline Grid grid() {
  Grid grid;
  grid.size = {216, 84, 172};
  grid.spacing = Vec3(1.5, 1.5, 2);
  grid.origin = Vec3(-161.25, -62, -215);
  return grid;
}

}  // namespace hip_phantom
}  // namespace coxa
