#pragma once

#include "coxa/image/image.hpp"

#include <functional>

namespace coxa {

/// Distance to a body in a cube about a point, on a grid of 1 mm; far away outside of the cube.
class DistanceNear {
 public:
  /// Far away everywhere.
  DistanceNear() = default;
  DistanceNear(const Vec3& center, double reachMm, const std::function<bool(const Vec3&)>& inBody);

  /// In mm, negative inside of the body.
  double at(const Vec3& p) const;

 private:
  ScalarImage distanceMm_;
};

}  // namespace coxa
