#pragma once

#include "coxa/editing/label_change.hpp"

#include <memory>

namespace coxa {

/// Where an edit may change labels. All conditions hold together.
struct EditScope {
  LabelSet replaceable = LabelSet().set();  ///< labels that may lose voxels; 0 is the background
  LabelSet locked;                          ///< structures that neither lose nor gain a voxel
  /// On the labels' grid; when set, only voxels of at least `leastUncertainty` change.
  std::shared_ptr<const ScalarImage> uncertainty;
  float leastUncertainty = 0.0F;

  bool allows(std::size_t voxel, std::uint8_t before, std::uint8_t after) const {
    return before != after && replaceable[before] && !locked[before] && !locked[after] &&
           (uncertainty == nullptr || uncertainty->voxels[voxel] >= leastUncertainty);
  }
};

}  // namespace coxa
