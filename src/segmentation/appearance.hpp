#pragma once

#include "model_config.hpp"

#include "coxa/learning/random.hpp"

#include <cstdint>
#include <span>

namespace coxa {

/// A random patient's tissues and a random scanner: HU shifts per structure (fatty muscle, porous bone),
/// contrast agent thinned out, noise, blur, window.
class Appearance {
 public:
  Appearance(Random& random, const ModelConfig& config);

  /// Changes slice `number` of a stack in place from HU to the network's input; `kinds` are its pixels'
  /// classes.
  void apply(std::span<float> hu, std::span<const std::uint8_t> kinds, int width, std::uint64_t number) const;

 private:
  float tissue(float hu, std::uint8_t kind) const;

  std::vector<float> shiftHu_;  // per class
  std::vector<float> gain_;     // per class, about 40 HU
  float contrast_ = 1.0F;       // share of the contrast agent that stays
  float noiseSdHu_ = 0.0F;
  bool blurred_ = false;
  float lowHu_;
  float highHu_;
  std::uint64_t noiseKey_;
};

}  // namespace coxa
