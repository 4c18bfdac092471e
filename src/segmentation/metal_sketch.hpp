#pragma once

#include "coxa/learning/random.hpp"

#include <span>
#include <vector>

namespace coxa {

/// An implant in a stack of slices and the bright and dark rays it throws: what the network must not be led
/// astray by. A sketch, not a simulation (see the rooms physics and metal for that): an ellipse near one of
/// the hips, and HU that depend on the direction from it and fade with the distance.
class MetalSketch {
 public:
  /// A slice of width × height pixels of pixelMm, whose middle is near the body's.
  MetalSketch(Random& random, int width, int height, double pixelMm);

  /// Draws into a slice in HU.
  void draw(std::span<float> hu) const;

 private:
  std::vector<float> addedHu_;  // by the rays, per pixel; infinite in the implant
};

}  // namespace coxa
