#pragma once

#include "coxa/implants/catalogue.hpp"
#include "coxa/planning/context.hpp"

namespace coxa {

/// A hip made of solids whose answers are known. The socket is a hemispherical shell that opens at RI 40° and
/// RA 15° (APP and FPP agree), with walls of even thickness; the femur is a body of revolution about a
/// vertical shaft, its canal a funnel that ends in a cylinder.
struct HipPhantom {
  Side side = Side::Right;
  double socketRadiusMm = 25.0;
  double wallMm = 8.0;
  double canalRadiusMm = 5.6;     ///< of the cylindrical part
  double nativeOffsetMm = 42.0;   ///< head from shaft axis
  double versionDeg = 20.0;       ///< of the native neck
  double otherLegLongerMm = 0.0;  ///< the other femur's head to lesser trochanter is that much longer
  double landmarkSdMm = 0.0;
  Vec3 shift = Vec3::Zero();  ///< of the whole phantom in the world

  Vec3 socketCenter() const;
  double canalRadiusAt(double aboveHeadMm) const;
  LandmarkSet landmarks() const;
  TriangleMesh hipBone() const;
  TriangleMesh femur() const;
  Volume ct() const;  ///< cortex 1200 HU, marrow 0 HU, soft tissue 40 HU
};

/// The planner's input from a phantom; `ct` may be null.
PlanningInput inputOf(const HipPhantom& phantom, const Volume* ct);

const Catalogue& shippedCatalogue();

}  // namespace coxa
