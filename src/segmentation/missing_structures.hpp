#pragma once

#include "coxa/anatomy/structure_summary.hpp"
#include "coxa/anatomy/structures.hpp"

#include <string>
#include <vector>

namespace coxa {

/// Names of structures that were found on the other side alone: at least 2 ml there and less than a tenth of
/// it here. No sample sees such a structure, so no uncertainty tells of it. None where the scan shows one
/// side of the body: where less than 70 % of the paired structures were found on both sides.
std::vector<std::string> missingStructures(const std::vector<StructureSummary>& found,
                                           const StructureTable& table);

}  // namespace coxa
