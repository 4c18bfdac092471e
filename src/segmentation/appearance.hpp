#pragma once

#include "metal_sketch.hpp"
#include "model_config.hpp"

#include "coxa/learning/random.hpp"

#include <cstdint>
#include <span>
#include <vector>

namespace coxa {

/// A random patient's tissues and a random scanner: HU shifts per structure (fatty muscle, porous bone),
/// muscles with patches of fat, contrast agent thinned out, implants with their rays, noise, blur, window.
class Appearance {
 public:
  /// For slices of width × height pixels.
  Appearance(Random& random, const ModelConfig& config, int width, int height);

  /// Changes slice `number` of a stack in place from HU to the network's input; `kinds` are its pixels'
  /// classes.
  void apply(std::span<float> hu, std::span<const std::uint8_t> kinds, std::uint64_t number) const;

 private:
  float tissue(float hu, std::uint8_t kind) const;
  void addFat(std::span<float> hu, std::span<const std::uint8_t> kinds) const;

  // Fat between a muscle's fascicles: a share of it, which swings across the slice in two waves.
  struct FatPatches {
    float share = 0.0F, swing = 0.0F;
    float waves[2][3] = {};  // radians per column, per row, and at the start
  };

  std::vector<float> shiftHu_;  // per class
  std::vector<float> gain_;     // per class, about 40 HU
  std::vector<bool> isMuscle_;  // per class
  FatPatches fat_;
  std::vector<MetalSketch> metal_;
  float contrast_ = 1.0F;  // share of the contrast agent that stays
  float noiseSdHu_ = 0.0F;
  bool blurred_ = false;
  float lowHu_;
  float highHu_;
  std::uint64_t noiseKey_;
  int width_;
};

}  // namespace coxa
