#pragma once

#include "model_config.hpp"
#include "working_ct.hpp"

#include "coxa/base/job.hpp"
#include "coxa/learning/predictor.hpp"

#include <cstdint>
#include <vector>

namespace coxa {

/// What the network says of a CT, on the part of the working grid around the body.
struct Probabilities {
  Grid grid;
  std::size_t classes = 0;
  std::vector<std::uint16_t> mean;  ///< in 1/65535, [voxel][class]
  LabelMap kinds;                   ///< class of the highest mean
  ScalarImage variance;             ///< over the samples, summed over the classes
  ScalarImage entropy;              ///< of the means, in nats
  std::vector<LabelMap> samples;    ///< most probable class of each sample

  const std::uint16_t* at(std::size_t voxel) const { return mean.data() + voxel * classes; }
  /// Makes a voxel background for certain.
  void clear(std::size_t voxel);
};

/// Runs the network over all slices, some at a time. Errors: Cancelled.
Result<Probabilities> predictVolume(const WorkingCt& ct, const ModelConfig& config,
                                    const Predictor& predictor, const Sampling& sampling, const Job& job);
/// The same samples at each of several temperatures, instead of the sampling's own.
Result<std::vector<Probabilities>> predictVolumeAt(const std::vector<double>& temperatures,
                                                   const WorkingCt& ct, const ModelConfig& config,
                                                   const Predictor& predictor, const Sampling& sampling,
                                                   const Job& job);

/// The classes on another grid: argmax of the trilinearly interpolated means, among the classes that are the
/// most probable at one of the eight voxels around.
LabelMap upsampledKinds(const Probabilities& probabilities, const Grid& target);

}  // namespace coxa
