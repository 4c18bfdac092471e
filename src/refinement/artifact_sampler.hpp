#pragma once

#include "coxa/learning/random.hpp"
#include "coxa/learning/trainer.hpp"

#include <cstdint>
#include <vector>

namespace coxa {

/// A slice to learn from, in blocks (block_means.hpp).
struct ArtifactSlice {
  int width = 0;
  int height = 0;
  std::vector<float> scan, reduced, truth;  ///< HU
  std::vector<std::uint8_t> metal;          ///< as found in the scan
  std::vector<float> nearMetal;             ///< nearnessOf the metal
};

/// Draws parts of slices, mirrored and at another scale every time, each a function of seed, step and
/// place in the batch.
class ArtifactSampler {
 public:
  ArtifactSampler(std::vector<ArtifactSlice> slices, std::uint64_t seed, int batchSize)
      : slices_(std::move(slices)), seed_(seed), batchSize_(batchSize) {}

  TrainingBatch operator()(std::uint64_t step) const;

  static constexpr int kSize = 128;  ///< blocks of a part, along both axes

 private:
  void draw(Random random, float* image, std::uint8_t* target) const;

  std::vector<ArtifactSlice> slices_;
  std::uint64_t seed_;
  int batchSize_;
};

}  // namespace coxa
