#include "coxa/segmentation/pseudo_labels.hpp"

#include "coxa/segmentation/training.hpp"

#include <algorithm>
#include <array>

namespace coxa {

Result<PseudoLabels> pseudoLabels(const LabelMap& labels, const ScalarImage& entropy,
                                  const std::vector<StructureSummary>& structures,
                                  const PseudoLabelLimits& limits) {
  if (entropy.grid.size != labels.grid.size)
    return badInput("Labels and entropy lie on different grids. Segment the case anew.");
  PseudoLabels result{labels, {}, 0.0};
  std::array<bool, 256> leftOut{};
  for (const auto& structure : structures)
    if (structure.agreement < limits.lowestAgreement) {
      leftOut[structure.value] = true;
      result.leftOut.push_back(structure.name);
    }

  double labelled = 0.0, unknown = 0.0;
  for (std::size_t v = 0; v < labels.voxels.size(); ++v) {
    if (labels.voxels[v] != 0) ++labelled;
    if (!leftOut[labels.voxels[v]] && static_cast<double>(entropy.voxels[v]) <= limits.highestEntropy)
      continue;
    result.labels.voxels[v] = kUnknownValue;
    ++unknown;
  }
  result.unknownShare = unknown / std::max(labelled, 1.0);
  return result;
}

}  // namespace coxa
