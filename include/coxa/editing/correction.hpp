#pragma once

#include "coxa/anatomy/structure_summary.hpp"
#include "coxa/anatomy/structures.hpp"
#include "coxa/editing/label_change.hpp"

#include <map>
#include <string>

namespace coxa {

/// A segmentation after corrections by hand.
struct CorrectedSegmentation {
  LabelMap labels;
  ScalarImage uncertainty;  ///< 0 where a label was corrected
  SegmentationSummary summary;
  LabelSet structures;  ///< those that lost or gained voxels, without the background
};

/// Replaces the labels of a segmentation. Volume, uncertainty and border contact of the changed structures
/// are computed anew; the volume's standard deviation stays that of the samples. A notice names the changed
/// structures. All images lie on one grid.
CorrectedSegmentation correct(const LabelMap& original, const ScalarImage& uncertainty,
                              const SegmentationSummary& summary, LabelMap labels,
                              const StructureTable& table);

/// For every structure present, a SHA-256 over the size of the image and the structure's voxels: equal only
/// while the outline is the same.
std::map<std::uint8_t, std::string> outlineChecksums(const LabelMap& labels);

}  // namespace coxa
