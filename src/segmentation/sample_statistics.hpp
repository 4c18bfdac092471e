#pragma once

#include "coxa/base/measured.hpp"
#include "coxa/image/image.hpp"

#include <array>
#include <vector>

namespace coxa {

/// What the Monte-Carlo samples say of every value of a label map.
struct SampleStatistics {
  std::size_t count = 0;                 ///< of samples
  std::array<double, 256> volumeSdMl{};  ///< over the samples
  std::array<double, 256> agreement{};   ///< mean Dice of a sample with the labels; 1 where both lack it
  std::array<Measured, 256> meanHu{};    ///< within the labels; sd of the samples' means
};

/// Means of a map over the voxels of every value; 0 where there are none. One grid.
std::array<double, 256> meansOver(const LabelMap& labels, const ScalarImage& map);

/// All images on one grid.
SampleStatistics sampleStatistics(const std::vector<LabelMap>& samples, const LabelMap& labels,
                                  const Volume& ct);

}  // namespace coxa
