#pragma once

#include "coxa/image/image.hpp"

#include <vector>

namespace coxa {

/// What renderings of implants share: a voxel shows the metal's share of its box, blurred within the slice.
constexpr double kSoftEdgeMm = 0.6;
constexpr double kBesideMetalHu = 150.0;  // bone, scar and polyethylene: all far below metal
constexpr double kWorstMisfitHu = 1500.0;
/// HU that a rendering may take.
struct HuRange {
  double least = 2500.0, most = 30000.0;

  constexpr bool contains(double hu) const { return hu >= least && hu <= most; }
};
/// Of metal as scans show it, titanium to cobalt-chrome in thick slices.
constexpr HuRange kMetalHuRange{7000.0, 28000.0};

/// Where a voxel's value comes from, about its centre (mm): its box and a blur of 0.5 mm within the slice.
std::vector<Vec3> voxelSpread(const Grid& grid);

/// The share of a place that a body fills whose surface is that far (negative inside).
double shareAt(double distanceMm);

/// HU of a voxel of which metal fills that share and something else the rest, on a scale that ends.
double renderedHu(double share, double metalHu, double besideHu, double clipHu);

}  // namespace coxa
