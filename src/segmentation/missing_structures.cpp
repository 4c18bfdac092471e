#include "missing_structures.hpp"

#include <algorithm>

namespace coxa {

std::vector<std::string> missingStructures(const std::vector<StructureSummary>& found,
                                           const StructureTable& table) {
  constexpr double kLeastMl = 2.0, kLeastShare = 0.1, kLeastPaired = 0.7;
  std::array<double, 256> ml{};
  for (const auto& row : found) ml[row.value] = row.volumeMl.value;

  std::vector<std::string> missing;
  double pairs = 0.0, onBothSides = 0.0;
  for (const Structure& structure : table.all()) {
    const double here = ml[structure.value], there = ml[table.mirrored(structure.value)];
    if (!structure.side || std::max(here, there) < kLeastMl) continue;
    ++pairs;
    if (std::min(here, there) >= kLeastShare * std::max(here, there))
      ++onBothSides;
    else if (here < there)
      missing.push_back(structure.name);
  }
  return onBothSides >= kLeastPaired * pairs ? missing : std::vector<std::string>{};
}

}  // namespace coxa
