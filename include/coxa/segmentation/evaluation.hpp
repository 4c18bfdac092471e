#pragma once

#include "coxa/base/result.hpp"
#include "coxa/image/image.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace coxa {

/// Agreement of one structure between two label maps.
struct StructureAgreement {
  std::uint8_t value = 0;
  std::string name;
  double dice = 0.0;  ///< 2·|A∩B| / (|A|+|B|)
  double volumeMl = 0.0;
  double referenceVolumeMl = 0.0;
};

/// One row per structure present in either map, in the order of their values. Errors BadInput: the maps lie
/// on different grids.
Result<std::vector<StructureAgreement>> compareLabels(const LabelMap& labels, const LabelMap& reference);

}  // namespace coxa
