#pragma once

#include "coxa/render/slice_scene.hpp"

namespace coxa {

/// Unit vectors (LPS) of a slice plane: along the picture's rows, down its columns, and the direction in
/// which positive scroll steps go.
struct SliceAxes {
  Vec3 right;
  Vec3 down;
  Vec3 normal;
};
SliceAxes axesOf(BodyPlane plane);

/// Where a picture's pixels lie in the world: point (x, y) of the picture (device pixels, the middle of the
/// first pixel is (0.5, 0.5)) is at origin + x · perX + y · perY.
struct SliceFrame {
  int width = 0;
  int height = 0;
  Vec3 origin = Vec3::Zero();
  Vec3 perX = Vec3::UnitX();
  Vec3 perY = Vec3::UnitY();

  Vec3 world(double x, double y) const { return origin + x * perX + y * perY; }
};

}  // namespace coxa
