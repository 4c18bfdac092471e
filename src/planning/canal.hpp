#pragma once

#include "bone_mask.hpp"

#include "coxa/anatomy/landmarks.hpp"
#include "coxa/implants/meshes.hpp"

#include <vector>

namespace coxa {

/// The medullary canal of a right femur in polar form: in planes across the shaft axis, the distance from the
/// axis to the inner wall of the cortex.
struct Canal {
  static constexpr int kDirections = 72;
  static constexpr double kLevelStepMm = 2.0;
  using Ring = std::array<double, kDirections>;  ///< mm, first along +x (lateral), then towards +y

  RigidTransform canal_from_world =
      RigidTransform::Identity();  ///< z proximal along the shaft; z = 0 at the head
  double topMm = 0.0;              ///< z of the first ring; the others below it
  std::vector<Ring> inner;
  bool fromCt = false;    ///< else the cortex is assumed
  double wallSdMm = 0.0;  ///< of the inner wall's position

  double bottomMm() const { return topMm - kLevelStepMm * static_cast<double>(inner.size() - 1); }
  /// Inner radius in the direction of a point (canal frame); nothing above or below the rings.
  std::optional<double> radiusAt(const Vec3& inCanal) const;
  /// Width of the canal at a level along a direction across the axis (canal frame, unit), through the axis.
  std::optional<double> widthAt(double z, const Vec3& direction) const;
};

/// What the canal is read from.
struct FemurSource {
  const BoneMask& bone;
  const Volume* ct = nullptr;  ///< in the world it was scanned in
  RigidTransform canal_from_world;
  bool reflected = false;  ///< the CT's x is minus the world's x
};

/// From 10 mm below the head's centre to where the bone ends, at most 220 mm. With a CT, the inner wall of
/// the cortex is where the HU, from outside inwards, fall below half way between the cortex' peak and the
/// marrow; without it the wall is the outer surface times the share that cortical bone leaves at that height.
Canal findCanal(const FemurSource& source);

/// The canal's middle line over a range of heights (canal frame, z proximal); nothing when the range is
/// empty.
std::optional<Line> middleLine(const Canal& canal, double topMm, double bottomMm);

/// Least gap between a stem's body, from 15 mm below its proximal end, and the cortex; negative where it cuts
/// in. The part of the stem outside the known canal is not judged; nothing when all of it is.
std::optional<double> clearanceMm(const Canal& canal, const Stem& stem,
                                  const RigidTransform& canal_from_stem);

/// Width of the stem's body over that of the canal in the plane of the neck, mean of the lower two thirds of
/// the body, in percent.
std::optional<double> fillPercent(const Canal& canal, const Stem& stem,
                                  const RigidTransform& canal_from_stem);

}  // namespace coxa
