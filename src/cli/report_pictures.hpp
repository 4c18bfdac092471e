#pragma once

#include "coxa/anatomy/structures.hpp"
#include "coxa/image/image.hpp"
#include "coxa/implants/posed.hpp"
#include "coxa/planning/context.hpp"
#include "coxa/report/report.hpp"

#include <vector>

namespace coxa::cli {

/// The plan in slices through the cup's centre and in 3-D with the implants in the bones.
std::vector<ReportPicture> planPictures(const Volume& ct, const LabelMap& labels, const StructureTable& table,
                                        const PlanningInput& bones, const PosedHip& hip);

}  // namespace coxa::cli
