#include "slice_state.hpp"

#include <cmath>

namespace coxa {

SliceAxes axesOf(BodyPlane plane) {
  switch (plane) {
    case BodyPlane::Axial:
      return {Vec3::UnitX(), Vec3::UnitY(), Vec3::UnitZ()};
    case BodyPlane::Coronal:
      return {Vec3::UnitX(), -Vec3::UnitZ(), Vec3::UnitY()};
    case BodyPlane::Sagittal:
      break;
  }
  return {Vec3::UnitY(), -Vec3::UnitZ(), Vec3::UnitX()};
}

SliceFrame SliceState::frame() const {
  const SliceAxes axes = axesOf(plane);
  const Vec3 perX = axes.right / pixelsPerMm;
  const Vec3 perY = axes.down / pixelsPerMm;
  return {width, height, center - 0.5 * width * perX - 0.5 * height * perY, perX, perY};
}

int SliceState::borderPx() const {
  return comparison == nullptr ? width : static_cast<int>(std::lround(comparisonBorder * width));
}

DisplayPoint SliceState::displayFromWorld(const Vec3& world) const {
  const SliceAxes axes = axesOf(plane);
  const Vec3 fromCenter = world - center;
  return {0.5 * width + axes.right.dot(fromCenter) * pixelsPerMm,
          0.5 * height + axes.down.dot(fromCenter) * pixelsPerMm};
}

std::vector<DisplaySegment> SliceState::displaySection(const PlacedModel& model) const {
  std::vector<DisplaySegment> outline;
  if (!model.section) return outline;
  outline.reserve(model.section->size());
  for (const Segment& segment : *model.section)
    outline.push_back({displayFromWorld(segment[0]), displayFromWorld(segment[1])});
  return outline;
}

}  // namespace coxa
