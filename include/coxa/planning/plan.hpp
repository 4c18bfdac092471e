#pragma once

#include "coxa/base/measured.hpp"
#include "coxa/base/notice.hpp"
#include "coxa/geometry/cup_angles.hpp"
#include "coxa/implants/posed.hpp"

#include <optional>
#include <string>
#include <vector>

namespace coxa {

/// What shall be implanted, and where. A plain value: edits (edits.hpp) return a new one.
struct Plan {
  PosedHip hip;
  std::vector<Notice> notices;  ///< what the suggestion had to assume or could not reach
};

struct MeasuredCupAngles {
  CupDefinition definition = CupDefinition::Radiographic;
  PelvicPlane plane = PelvicPlane::Functional;
  Measured inclinationDeg;
  Measured anteversionDeg;
};

/// A rule from the literature, the value it judges and how likely that value keeps it.
struct ZoneStatement {
  std::string name;  ///< "lewinnek", "widmer"
  std::string text;  ///< "Lewinnek: RI 40±10°, RA 15±10° (APP)"
  Measured
      valueDeg;  ///< the judged number where the rule has one; for Lewinnek the distance to the zone's edge
  double probability = 0.0;  ///< 0 to 1 that the rule is kept, given the landmarks' uncertainty
};

/// Everything a plan is judged by. Every `sd` is that of a Monte-Carlo over the landmarks' own standard
/// deviations (independent, normal), with the implants held where they are; where a surface or the canal
/// matters, the surface's own sd is added (see docs/plan.md). Nothing where a landmark is missing.
struct PlanMeasures {
  std::vector<MeasuredCupAngles> cupAngles;  ///< all three definitions in FPP, then in APP where it is known

  /// Positive: the leg gets longer, or the femur goes lateral. Against now, and what remains between this
  /// side after the operation and the other side as it is.
  std::optional<Measured> legLengthChangeMm;
  std::optional<Measured> offsetChangeMm;
  std::optional<Measured> legLengthAgainstOtherSideMm;
  std::optional<Measured> offsetAgainstOtherSideMm;

  Measured coveragePercent;              ///< of the cup's hemisphere, by bone within 5 mm outwards
  std::optional<Measured> medialWallMm;  ///< bone left between the cup and the inside of the pelvis
  Measured anteriorOverhangMm;           ///< of the cup's rim beyond the anterior bone; 0 when covered

  std::optional<Measured> stemVersionDeg;    ///< of the neck in the femur frame; positive anteverted
  std::optional<Measured> stemVarusDeg;      ///< against the femoral shaft; positive varus
  std::optional<Measured> canalFillPercent;  ///< width of the stem over width of the canal, mean of levels
  std::optional<Measured> canalClearanceMm;  ///< least gap of stem and cortex, 15 mm below its top and deeper
  std::vector<ZoneStatement> zones;

  const MeasuredCupAngles* angles(CupDefinition definition, PelvicPlane plane) const;
};

}  // namespace coxa
