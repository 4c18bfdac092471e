#include "plan_warnings.hpp"

#include "format.hpp"

#include <QCoreApplication>
#include <cmath>

namespace coxa {
namespace {

struct PlanWarnings {
  Q_DECLARE_TR_FUNCTIONS(PlanWarnings)
};

constexpr double kLeastCoveragePercent = 65.0;
constexpr double kMostOverhangMm = 12.0;
constexpr double kLeastMedialWallMm = 1.0;
constexpr double kMostLegLengthMm = 8.0;

}  // namespace

QStringList planWarnings(const PlanMeasures& m) {
  QStringList warnings;
  if (m.medialWallMm && m.medialWallMm->value < kLeastMedialWallMm)
    warnings << PlanWarnings::tr("The cup nearly breaks through the medial wall: %1 mm of bone is left.")
                    .arg(measuredText(*m.medialWallMm, 1));
  if (m.canalClearanceMm && m.canalClearanceMm->value < 0.0)
    warnings << PlanWarnings::tr("The stem cuts %1 mm into the cortex.")
                    .arg(measuredText({-m.canalClearanceMm->value, m.canalClearanceMm->sd}, 1));
  if (m.coveragePercent.value < kLeastCoveragePercent)
    warnings << PlanWarnings::tr("Bone covers only %1 % of the cup; at least 65 % is advised.")
                    .arg(measuredText(m.coveragePercent, 0));
  if (m.anteriorOverhangMm.value >= kMostOverhangMm)
    warnings << PlanWarnings::tr("The cup stands out in front by %1 mm; under 12 mm is advised.")
                    .arg(measuredText(m.anteriorOverhangMm, 1));
  if (m.legLengthAgainstOtherSideMm && std::abs(m.legLengthAgainstOtherSideMm->value) > kMostLegLengthMm)
    warnings << PlanWarnings::tr("The legs will differ by %1 mm; within 8 mm is advised.")
                    .arg(measuredText(
                        {std::abs(m.legLengthAgainstOtherSideMm->value), m.legLengthAgainstOtherSideMm->sd},
                        1));
  return warnings;
}

}  // namespace coxa
