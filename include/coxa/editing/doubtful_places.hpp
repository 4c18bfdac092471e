#pragma once

#include "coxa/image/image.hpp"

#include <vector>

namespace coxa {

/// A connected region (6 neighbours) of high uncertainty in a structure or on the layer of voxels around it.
struct DoubtfulPlace {
  Vec3 point = Vec3::Zero();  ///< world; its voxel nearest to its centre of mass weighted by uncertainty
  double volumeMm3 = 0.0;
  double doubtMm3 = 0.0;  ///< uncertainty summed over its volume: what places are ranked by
};

struct DoubtOptions {
  float threshold = 0.1F;        ///< a voxel is doubtful from here on
  double leastVolumeMm3 = 50.0;  ///< smaller regions are no place to stop at
};

/// Most doubtful first. Both images lie on one grid.
std::vector<DoubtfulPlace> doubtfulPlaces(const LabelMap& labels, const ScalarImage& uncertainty,
                                          std::uint8_t value, const DoubtOptions& options = {});

}  // namespace coxa
