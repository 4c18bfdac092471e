#pragma once

#include "coxa/geometry/mesh.hpp"
#include "coxa/render/color_maps.hpp"

#include <memory>

namespace coxa {

/// A mesh that a scene shows beside the anatomy: an implant part, a planned cut, another case's bone. The
/// pose is set apart from it (`setModelPose`), so that dragging costs no more than a transform.
struct Model {
  std::shared_ptr<const TriangleMesh> mesh;  ///< in its own frame, mm
  Rgb color = {184, 196, 208};
  double opacity = 1.0;    ///< 0 to 1; in slices of the fill, the outline is always full
  bool draggable = false;  ///< picked before the anatomy; the views then report its drags
};

}  // namespace coxa
