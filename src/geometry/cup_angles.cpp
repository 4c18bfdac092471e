#include "coxa/geometry/cup_angles.hpp"

#include <algorithm>
#include <cmath>

namespace coxa {

namespace {
double asinDeg(double x) {
  return degFromRad(std::asin(std::clamp(x, -1.0, 1.0)));
}
double acosDeg(double x) {
  return degFromRad(std::acos(std::clamp(x, -1.0, 1.0)));
}
double atan2Deg(double y, double x) {
  return degFromRad(std::atan2(y, x));
}
}  // namespace

const char* name(CupDefinition definition) {
  switch (definition) {
    case CupDefinition::Radiographic:
      return "radiographic";
    case CupDefinition::Operative:
      return "operative";
    case CupDefinition::Anatomic:
      return "anatomic";
  }
  return "";
}

const char* name(PelvicPlane plane) {
  return plane == PelvicPlane::Anterior ? "APP" : "FPP";
}

Vec3 cupAxisFrom(const CupAngles& angles) {
  const double inclination = radFromDeg(angles.inclinationDeg);
  const double anteversion = radFromDeg(angles.anteversionDeg);
  const double si = std::sin(inclination), ci = std::cos(inclination);
  const double sa = std::sin(anteversion), ca = std::cos(anteversion);
  switch (angles.definition) {
    case CupDefinition::Radiographic:
      return {ca * si, sa, -ca * ci};
    case CupDefinition::Operative:
      return {si, ci * sa, -ci * ca};
    case CupDefinition::Anatomic:
      return {si * ca, si * sa, -ci};
  }
  return Vec3::Zero();
}

CupAngles cupAnglesFrom(const Vec3& axisInHipFrame, CupDefinition definition, PelvicPlane plane) {
  const Vec3 n = axisInHipFrame.normalized();
  switch (definition) {
    case CupDefinition::Radiographic:
      return {definition, plane, atan2Deg(n.x(), -n.z()), asinDeg(n.y())};
    case CupDefinition::Operative:
      return {definition, plane, asinDeg(n.x()), atan2Deg(n.y(), -n.z())};
    case CupDefinition::Anatomic:
      return {definition, plane, acosDeg(-n.z()), atan2Deg(n.y(), n.x())};
  }
  return {};
}

CupAngles converted(const CupAngles& angles, CupDefinition definition) {
  return cupAnglesFrom(cupAxisFrom(angles), definition, angles.plane);
}

}  // namespace coxa
