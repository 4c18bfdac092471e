#pragma once

#include "coxa/anatomy/structure_summary.hpp"
#include "coxa/base/result.hpp"
#include "coxa/image/image.hpp"

#include <string>
#include <vector>

namespace coxa {

/// How sure a segmentation must be to be learnt from as if an expert had drawn it.
struct PseudoLabelLimits {
  double highestEntropy = 0.5;   ///< of a voxel, in nats: 0.69 is one half for each of two structures
  double lowestAgreement = 0.8;  ///< of a structure: mean Dice of the samples with the label
};

struct PseudoLabels {
  LabelMap labels;                   ///< kUnknownValue where the segmentation is not sure enough
  std::vector<std::string> leftOut;  ///< structures that are unknown as a whole
  double unknownShare = 0.0;         ///< unknown voxels against those labelled before
};

/// Labels to learn from without an expert (self-training; Hiasa et al. 2020 take confident pixels as labels
/// and ask the expert for the others). `entropy` lies on the labels' grid. Errors BadInput: another grid.
Result<PseudoLabels> pseudoLabels(const LabelMap& labels, const ScalarImage& entropy,
                                  const std::vector<StructureSummary>& structures,
                                  const PseudoLabelLimits& limits = {});

}  // namespace coxa
