#pragma once

#include "class_sums.hpp"
#include "cpu_network.hpp"

#include "coxa/learning/predictor.hpp"

namespace coxa {

/// Monte-Carlo samples on the CPU, slices on all cores of TBB's arena. One thread computes a slice in a fixed
/// order, so that neither threads nor batches change a byte of the result.
class CpuPredictor {
 public:
  explicit CpuPredictor(const NetworkWeights& weights);

  /// As Predictor::predictAt.
  Result<std::vector<SlicePrediction>> predictAt(const std::vector<double>& temperatures,
                                                 const SliceBatch& slices, const Sampling& sampling,
                                                 const Job& job) const;

 private:
  struct Slice {
    EncodedMaps plain, mirrored;
    std::vector<ClassSums> sums;  ///< at each temperature
  };
  std::vector<Slice> encoded(const std::vector<double>& temperatures, const SliceBatch& slices,
                             bool mirrors) const;
  CpuDecoder decoderOf(const Sampling& sampling, int sample) const;

  CpuEncoder encoder_;
  DecoderWeights decoder_;
  Head head_;
};

}  // namespace coxa
