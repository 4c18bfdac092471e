#pragma once

#include "coxa/geometry/types.hpp"

namespace coxa {

/// How a cup's inclination and anteversion are defined (Murray 1993, J Bone Joint Surg Br 75:228).
enum class CupDefinition { Radiographic, Operative, Anatomic };
/// The plane an angle refers to: anterior pelvic plane (both ASIS and pubic tubercles), or functional pelvic
/// plane (ASIS line horizontal, sagittal tilt as lying in the scanner).
enum class PelvicPlane { Anterior, Functional };

const char* name(CupDefinition definition);  ///< "radiographic", "operative", "anatomic"
const char* name(PelvicPlane plane);         ///< "APP", "FPP"

/// A cup orientation that says what it means. Angles in degrees, the same for left and right hips.
struct CupAngles {
  CupDefinition definition = CupDefinition::Radiographic;
  PelvicPlane plane = PelvicPlane::Functional;
  double inclinationDeg = 0.0;
  double anteversionDeg = 0.0;
};

/// The cup's opening axis (unit, out of the cup) in the hip frame of that plane: x lateral, y anterior, z
/// superior.
Vec3 cupAxisFrom(const CupAngles& angles);
/// The angles of an opening axis given in the hip frame of `plane`.
CupAngles cupAnglesFrom(const Vec3& axisInHipFrame, CupDefinition definition, PelvicPlane plane);
/// The same orientation under another definition, in the same plane.
CupAngles converted(const CupAngles& angles, CupDefinition definition);

}  // namespace coxa
