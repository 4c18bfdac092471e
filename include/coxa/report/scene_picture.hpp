#pragma once

#include "coxa/report/slice_picture.hpp"

namespace coxa {

struct SceneSurface {
  const TriangleMesh* mesh = nullptr;  ///< world, mm
  Rgb rgb{};
  double opacity = 1.0;
};

/// An orthographic view of surfaces, everything in sight.
struct ScenePictureView {
  Vec3 toward = Vec3(0.0, 1.0, 0.0);  ///< viewing direction in LPS; +y looks at the patient from the front
  Vec3 up = Vec3::UnitZ();
  int width = 1200;
  int height = 900;
};

/// A shaded picture computed in software (z-buffer, supersampled), so that a machine without OpenGL has it
/// too. Translucent surfaces are blended over the opaque ones, far to near.
Picture scenePicture(const std::vector<SceneSurface>& surfaces, const ScenePictureView& view);

}  // namespace coxa
