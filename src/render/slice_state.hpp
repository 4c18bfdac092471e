#pragma once

#include "canvas.hpp"
#include "mesh_section.hpp"
#include "slice_frame.hpp"

namespace coxa {

/// A model with its pose and, once drawn, its cut with the current slice.
struct PlacedModel {
  Model model;
  RigidTransform world_from_model = RigidTransform::Identity();
  bool visible = true;
  std::optional<std::vector<Segment>> section;
};

/// Everything a slice picture shows, and from where.
struct SliceState {
  BodyPlane plane = BodyPlane::Axial;
  std::shared_ptr<const Volume> volume;
  std::shared_ptr<const Volume> comparison;  ///< shown right of the border
  double comparisonBorder = 0.0;             ///< share of the width
  std::shared_ptr<const LabelMap> labels;
  std::map<std::uint8_t, LabelStyle> styles;
  std::shared_ptr<const ScalarImage> uncertainty;
  double uncertaintyMaximum = 1.0;
  SliceOverlay overlay = SliceOverlay::None;
  double labelOpacity = 0.25;
  double uncertaintyOpacity = 0.75;
  WindowLevel windowLevel;
  std::map<std::string, PlacedModel> models;
  Vec3 crosshair = Vec3::Zero();
  bool crosshairVisible = true;

  Vec3 center = Vec3::Zero();  ///< of the picture; its part along the normal is the slice's position
  double pixelsPerMm = 1.0;
  int width = 0;
  int height = 0;
  double scale = 1.0;  ///< device pixels per logical pixel

  SliceFrame frame() const;
  int borderPx() const;  ///< columns from the left that show the volume; all without a comparison
  DisplayPoint displayFromWorld(const Vec3& world) const;
  std::vector<DisplaySegment> displaySection(const PlacedModel& model) const;
};

}  // namespace coxa
