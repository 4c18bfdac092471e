#include "orbit_camera.hpp"

#include <algorithm>

namespace coxa {

Mat3 OrbitCamera::axesFor(StandardView view) {
  const auto axes = [](const Vec3& up, const Vec3& toViewer) {
    Mat3 columns;
    columns << up.cross(toViewer), up, toViewer;
    return columns;
  };
  switch (view) {
    case StandardView::Anterior:
      return axes(Vec3::UnitZ(), -Vec3::UnitY());
    case StandardView::Posterior:
      return axes(Vec3::UnitZ(), Vec3::UnitY());
    case StandardView::Left:
      return axes(Vec3::UnitZ(), Vec3::UnitX());
    case StandardView::Right:
      return axes(Vec3::UnitZ(), -Vec3::UnitX());
    case StandardView::Superior:
      return axes(-Vec3::UnitY(), Vec3::UnitZ());
    case StandardView::Inferior:
      break;
  }
  return axes(-Vec3::UnitY(), -Vec3::UnitZ());
}

void OrbitCamera::fit(const Eigen::AlignedBox3d& box) {
  constexpr double kFilled = 0.92;
  if (box.isEmpty()) return;
  focus = pivot = box.center();
  // Extent of the box on the picture: the absolute axes take each side's share.
  const Vec3 extent = axes.transpose().cwiseAbs() * box.sizes();
  pixelsPerMm = kFilled * std::min(width / std::max(extent.x(), 1.0), height / std::max(extent.y(), 1.0));
}

void OrbitCamera::orbit(double dxPx, double dyPx) {
  // Across the shorter side of the picture is half a turn.
  const double radPerPixel = kPi / std::max(1, std::min(width, height));
  const Mat3 turn = (Eigen::AngleAxisd(-dxPx * radPerPixel, axes.col(1).eval()) *
                     Eigen::AngleAxisd(-dyPx * radPerPixel, axes.col(0).eval()))
                        .toRotationMatrix();
  axes = Eigen::Quaterniond(turn * axes).normalized().toRotationMatrix();
  focus = pivot + turn * (focus - pivot);
}

void OrbitCamera::pan(double dxPx, double dyPx) {
  focus -= worldDelta(dxPx, dyPx);
}

Vec3 OrbitCamera::worldDelta(double dxPx, double dyPx) const {
  return (dxPx * axes.col(0) - dyPx * axes.col(1)) / pixelsPerMm;
}

DisplayPoint OrbitCamera::displayFromWorld(const Vec3& world) const {
  const Vec3 seen = axes.transpose() * (world - focus) * pixelsPerMm;
  return {0.5 * width + seen.x(), 0.5 * height - seen.y()};
}

Vec3 OrbitCamera::worldFromDisplay(const DisplayPoint& point) const {
  return focus + worldDelta(point.x - 0.5 * width, point.y - 0.5 * height);
}

}  // namespace coxa
