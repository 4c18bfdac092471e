#pragma once

#include "coxa/base/result.hpp"
#include "coxa/geometry/types.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace coxa {

enum class Sex { Unspecified, Female, Male };
const char* name(Sex sex);  ///< "unspecified", "female", "male"

/// How one hip differs from the one that the seed makes. Angles are changes in degrees, the same sign on both
/// sides. docs/phantom.md has the definitions, planes and limits.
struct HipTraits {
  double femoralVersionDeg = 0.0;     ///< more anteversion of the neck, seen along the shaft
  double neckShaftAngleDeg = 0.0;     ///< larger angle (valgus) between neck and shaft, in their own plane
  double acetabularVersionDeg = 0.0;  ///< more anatomic anteversion (Murray 1993) in the APP
  double acetabularInclinationDeg = 0.0;  ///< more anatomic inclination (Murray 1993) in the APP
  double dysplasiaDeg = 0.0;              ///< smaller lateral centre-edge angle; negative: more coverage
  /// How far the femoral head lies too high, as a share of its diameter (Crowe 1979).
  double dislocation = 0.0;
  /// Least distance of femur and hip bone; nothing: as the seed makes it.
  std::optional<double> jointSpaceMm;
  int osteophytes = 0;  ///< 0 none to 3 large (grades of Altman and Gold 2007)
};

/// The shape of a virtual patient beyond what the atlas' modes say. By default nothing is changed.
struct ShapeTraits {
  Sex sex = Sex::Unspecified;
  double size = 1.0;           ///< factor on all lengths, on top of the sex'
  double pelvicTiltDeg = 0.0;  ///< more anterior tilt; the femora stay
  HipTraits left;
  HipTraits right;

  HipTraits& side(Side s) { return s == Side::Left ? left : right; }
  const HipTraits& side(Side s) const { return s == Side::Left ? left : right; }
};

/// The patient's size against the atlas': that of the sex (statures of ANSUR II, 2012) times `size`.
double sizeFactor(const ShapeTraits& traits);

/// Crowe's grade of a dislocation: 1 below half the head's diameter, 2 below three quarters, 3 below all of
/// it, 4 beyond; 0 when the head is not too high.
int croweGrade(double dislocation);
/// The dislocation that stands for a grade from 0 to 4: 0, 0.35, 0.625, 0.875, 1.1.
double dislocationOf(int croweGrade);

/// Errors Usage: a trait beyond what the deformations bear without folds; the message names it and its
/// limits.
Result<void> checkTraits(const ShapeTraits& traits);

/// All traits by seed, from the distributions of docs/phantom.md for a patient of that sex; Unspecified draws
/// the sex too. The same numbers with every standard library.
ShapeTraits drawnShapeTraits(std::uint64_t seed, Sex sex = Sex::Unspecified);

/// The object "shape" of truth/traits.json; docs/phantom.md lists its keys.
std::string toJson(const ShapeTraits& traits);

}  // namespace coxa
