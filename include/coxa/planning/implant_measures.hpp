#pragma once

#include "coxa/anatomy/landmarks.hpp"
#include "coxa/metal/found_implants.hpp"
#include "coxa/planning/plan.hpp"

#include <optional>
#include <string>
#include <vector>

namespace coxa {

/// Angles of a cup against the scanner's table: x to the patient's side, y anterior, z superior of DICOM LPS.
struct TableCupAngles {
  CupDefinition definition = CupDefinition::Radiographic;
  Measured inclinationDeg;
  Measured anteversionDeg;
};

/// Implanted components against the patient. Every `sd` comes from 200 draws of the landmarks (as a plan's)
/// and of the fit's own covariance. Nothing where a component was not found or a landmark is missing.
struct ImplantMeasures {
  std::vector<MeasuredCupAngles> cupAngles;    ///< all three definitions in FPP and in APP
  std::vector<TableCupAngles> tableCupAngles;  ///< all three definitions; need no landmark
  std::optional<Measured> stemVersionDeg;      ///< of the neck in the femur frame; positive anteverted
  std::optional<Measured> stemVarusDeg;        ///< against the femoral shaft; positive varus
  std::string
      femurRotation;  ///< what stands in for the epicondyles in the femur frame; "" when they are there
  std::optional<Measured> tableStemVersionDeg;  ///< the same two against the table: they turn with the leg
  std::optional<Measured> tableStemVarusDeg;
};

/// `landmarks` may be null. Where the head of that side is no landmark (it is metal), the found one stands
/// in.
ImplantMeasures measureImplants(const FoundHip& hip, const LandmarkSet* landmarks);

/// The JSON of `coxa-cli implants --json`; docs/implants.md explains every key. `landmarks` may be null.
std::string toJson(const FoundImplants& found, const LandmarkSet* landmarks);

}  // namespace coxa
