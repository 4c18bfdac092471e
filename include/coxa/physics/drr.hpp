#pragma once

#include "coxa/image/image.hpp"

namespace coxa {

/// A point source and a flat detector, world (LPS, mm): the picture's row direction, its column direction and
/// the centre of its first pixel.
struct XrayView {
  Vec3 source = Vec3::Zero();
  Vec3 firstPixel = Vec3::Zero();
  Vec3 rowDirection = Vec3::UnitX();      ///< unit vector, towards the next column
  Vec3 columnDirection = -Vec3::UnitZ();  ///< unit vector, towards the next row
  double pixelMm = 1.0;
  int width = 0;
  int height = 0;

  /// A picture of `width` by `height` pixels centred on the ray from the source through `target`: the
  /// detector stands upright to it at `sourceToDetectorMm`, its rows along `right` as far as that can be.
  /// What lies at `target` is magnified by sourceToDetector / |target - source|.
  static XrayView facing(const Vec3& source, const Vec3& target, const Vec3& right, double sourceToDetectorMm,
                         double pixelMm, int width, int height);
  /// Where the detector sees a world point, in pixels (column, row). The point must lie before the source.
  Eigen::Vector2d pixelOf(const Vec3& world) const;
};

/// Digitally reconstructed radiograph: line integrals of attenuation (no unit) from the source to every
/// pixel, as an image one voxel deep that lies where the detector is. HU become attenuation by water's
/// `waterPerMm`; what is below -1000 HU counts as nothing, and so does the space outside the volume. Method:
/// Joseph 1982 in three dimensions. Runs on all cores. A source inside the volume sees what lies before it.
ScalarImage digitalRadiograph(const Volume& ct, const XrayView& view, double waterPerMm);

}  // namespace coxa
