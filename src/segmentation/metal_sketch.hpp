#pragma once

#include "coxa/learning/random.hpp"

#include <array>
#include <span>

namespace coxa {

/// An implant in a stack of slices and the bright and dark rays it throws: what the network must not be led
/// astray by. A sketch, not a simulation (see the rooms physics and metal for that): an ellipse near one of
/// the hips, and HU that depend on the direction from it and fade with the distance.
class MetalSketch {
 public:
  /// A slice of width × height pixels of pixelMm, whose middle is near the body's.
  MetalSketch(Random& random, int width, int height, double pixelMm);

  /// Draws into a slice in HU.
  void draw(std::span<float> hu, int width) const;

 private:
  static constexpr std::size_t kDirections = 256;

  float column_, row_;               // of its centre
  float inverseWide_, inverseHigh_;  // one over its half axes in pixels
  float inverseFall_;                // one over the distance in pixels at which rays have faded to a third
  std::array<float, kDirections> rayHu_;
};

}  // namespace coxa
