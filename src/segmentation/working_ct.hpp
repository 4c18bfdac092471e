#pragma once

#include "model_config.hpp"

#include "coxa/image/resample.hpp"

namespace coxa {

/// A CT as the network sees it: axes along LPS, the model's spacing, only the body.
struct WorkingCt {
  Volume ct;      ///< HU; -1024 outside the body
  Volume whole;   ///< with the table and all else
  IndexBox body;  ///< bounds of the body
};

/// Resampled with the mean over each target voxel, so that fine scans are not aliased.
Volume resampleMean(const Volume& source, const Grid& target, std::int16_t outside = -1024);

/// The patient without table and blankets: the largest part above -300 HU once thin bridges are cut. 0 or 1.
LabelMap bodyMask(const Volume& ct);

WorkingCt workingCt(const Volume& ct, const ModelConfig& config);

}  // namespace coxa
