#pragma once

#include "coxa/image/image.hpp"

#include <vector>

namespace coxa {

/// What renderings of implants share: a voxel shows the metal's share of its box, blurred within the slice.
constexpr double kSoftEdgeMm = 0.6;
constexpr double kBesideMetalHu = 150.0;  // bone, scar and polyethylene: all far below metal
constexpr double kWorstMisfitHu = 1500.0;
constexpr double kLeastMetalHu = 2500.0, kMostMetalHu = 30000.0;  // that a rendering may take
/// Of metal as scans show it, titanium to cobalt-chrome in thick slices.
constexpr bool isMetalHu(double hu) {
  return hu >= 7000.0 && hu <= 28000.0;
}

/// Where a voxel's value comes from, about its centre (mm): its box and a blur of 0.5 mm within the slice.
std::vector<Vec3> voxelSpread(const Grid& grid);

/// The share of a place that a body fills whose surface is that far (negative inside).
double shareAt(double distanceMm);

/// HU of a voxel of which metal fills that share, on a scale that ends.
double renderedHu(double share, double metalHu, double clipHu);

}  // namespace coxa
