#pragma once

#include "coxa/geometry/mesh.hpp"
#include "coxa/image/image.hpp"
#include "coxa/image/picture.hpp"

#include <array>
#include <map>

namespace coxa {

struct SliceOutline {
  const TriangleMesh* mesh = nullptr;  ///< world, mm
  Rgb rgb{};
};

/// What a slice picture shows. Everything in world coordinates (LPS, mm).
struct SlicePictureView {
  BodyPlane plane = BodyPlane::Axial;
  Vec3 center = Vec3::Zero();  ///< middle of the picture, in the slice
  double widthMm = 200.0;
  double heightMm = 200.0;
  double pixelsPerMm = 4.0;
  double windowCenterHu = 300.0;
  double windowWidthHu = 1500.0;
  double labelOpacity = 0.35;
};

/// A CT slice in radiological convention (axial and coronal: the patient's right on the picture's left;
/// sagittal: anterior on the left; superior up), with square pixels in mm whatever the voxels' shape,
/// coloured labels (`colours` by label value; others stay unpainted; `labels` may be empty), outlines of
/// meshes, orientation letters and a scale bar.
Picture slicePicture(const Volume& volume, const LabelMap& labels, const std::map<std::uint8_t, Rgb>& colours,
                     const std::vector<SliceOutline>& outlines, const SlicePictureView& view);

}  // namespace coxa
