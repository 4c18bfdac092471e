#pragma once

#include "coxa/planning/plan.hpp"

#include <QStringList>

namespace coxa {

/// What a surgeon should look at in a plan, one sentence each, most serious first; empty when nothing stands
/// out. Bounds after Habor et al. 2021 (J Pers Med 11:817): coverage at least 65 %, anterior overhang below
/// 12 mm, at least 1 mm of medial wall, leg length within 8 mm of the other side.
QStringList planWarnings(const PlanMeasures& measures);

}  // namespace coxa
