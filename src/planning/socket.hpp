#pragma once

#include "bone_mask.hpp"

namespace coxa {

/// Directions of a right hip's pelvis in the world.
struct PelvicDirections {
  Vec3 anterior;
  Vec3 medial;
};

/// A cup as bone sees it: the hemisphere of its outer surface.
struct CupPlacement {
  Vec3 center;
  Vec3 axis;  ///< opening, unit
  double radiusMm = 0.0;
};

/// Bone that lies at the hemisphere or within this distance outwards of it covers it; so the acetabular
/// fossa, which a cup bridges, counts as cover.
constexpr double kCoverMm = 5.0;

/// Share of the hemisphere's area that bone covers, in percent.
double coveragePercent(const BoneMask& bone, const CupPlacement& cup);

/// Least distance from the hemisphere to the inside of the pelvis, along rays from the cup's centre within
/// 25° of medial; negative where the cup breaks through. Nothing when no such ray meets bone.
std::optional<double> medialWallMm(const BoneMask& bone, const CupPlacement& cup, const Vec3& medial);

/// Share of the hemisphere, in percent, where the cup has gone through a wall: a ray from its centre enters
/// bone and leaves it again within the cup.
double brokenThroughPercent(const BoneMask& bone, const CupPlacement& cup);

/// The longest uncovered way from the rim down the cup's surface within 60° of anterior; 0 when the anterior
/// rim is covered.
double anteriorOverhangMm(const BoneMask& bone, const CupPlacement& cup, const Vec3& anterior);

}  // namespace coxa
