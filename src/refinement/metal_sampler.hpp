#pragma once

#include "coxa/learning/random.hpp"
#include "coxa/learning/trainer.hpp"
#include "coxa/physics/scan_geometry.hpp"

#include <array>
#include <cstdint>
#include <vector>

namespace coxa {

/// What the network that tells metal from streaks sees of a pixel, each about -1 to 1: HU from air to the end
/// of 12 bits, in a window of tissue and in one of metal; and whether it is as bright as metal.
constexpr int kMetalChannels = 4;
constexpr int kMetalClasses = 2;  ///< streak, metal
std::array<float, kMetalChannels> metalInputOf(float hu, bool bright);

/// A slice to learn from.
struct MetalSlice {
  Slice scan;                        ///< HU
  std::vector<std::uint8_t> bright;  ///< as bright as metal
  std::vector<std::uint8_t> metal;   ///< truly metal
};

/// Draws parts of slices around something bright, turned, mirrored and scaled, each a function of seed, step
/// and place in the batch. Every second part shows a slice with streaks as bright as metal, as long as there
/// are such.
class MetalSampler {
 public:
  MetalSampler(std::vector<MetalSlice> slices, std::uint64_t seed, int batchSize);

  TrainingBatch operator()(std::uint64_t step) const;

  static constexpr int kSize = 96;  ///< pixels of a part, along both axes

 private:
  void draw(Random random, float* image, std::uint8_t* target) const;

  std::vector<MetalSlice> slices_;
  std::vector<std::size_t> withStreaks_;
  std::uint64_t seed_;
  int batchSize_;
};

}  // namespace coxa
