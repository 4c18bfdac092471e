#pragma once

#include "coxa/geometry/types.hpp"
#include "coxa/render/anatomy_scene.hpp"

#include <utility>

namespace coxa {

/// A parallel projection that turns about a pivot. World is LPS mm.
struct OrbitCamera {
  /// Columns: right and up on the picture, and towards the viewer; world coordinates.
  Mat3 axes = axesFor(StandardView::Anterior);
  Vec3 focus = Vec3::Zero();  ///< shown in the middle of the picture
  Vec3 pivot = Vec3::Zero();
  double pixelsPerMm = 1.0;
  int width = 1;
  int height = 1;

  static Mat3 axesFor(StandardView view);

  /// All of the box in view, pivot and focus in its middle.
  void fit(const Eigen::AlignedBox3d& box);
  void orbit(double dxPx, double dyPx);
  void pan(double dxPx, double dyPx);
  Vec3 worldDelta(double dxPx, double dyPx) const;
  DisplayPoint displayFromWorld(const Vec3& world) const;
  Vec3 worldFromDisplay(const DisplayPoint& point) const;  ///< in the plane of the focus
};

}  // namespace coxa
