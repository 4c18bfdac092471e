#pragma once

#include "coxa/phantom/tissue_traits.hpp"
#include "coxa/phantom/tissue_truth.hpp"

namespace coxa {

/// What a patient was drawn with, on one grid.
struct DrawnTissue {
  const LabelMap& labels;
  const LabelMap& vessels;  ///< empty: none
  const ScalarImage& hu;    ///< blurred, without noise and metal
  const ScalarImage& fat;   ///< shares among fascicles; empty: none
  double boneDensity;       ///< the patient's own factor
};

/// In the order of the table, only what is there; vessels too.
std::vector<StructureTruth> truthOf(const DrawnTissue& tissue, const TissueTraits& traits,
                                    const StructureTable& table);

}  // namespace coxa
