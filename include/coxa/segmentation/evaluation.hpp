#pragma once

#include "coxa/base/job.hpp"
#include "coxa/base/result.hpp"
#include "coxa/image/image.hpp"

#include <cstdint>
#include <optional>
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
  /// Average symmetric surface distance and 95th percentile of the distances between the surfaces, see
  /// surfaceDistance(). Nothing where one of the maps lacks the structure.
  std::optional<double> asdMm;
  std::optional<double> hd95Mm;
};

/// Means over the structures of one group that are in the reference.
struct GroupAgreement {
  int structures = 0;  ///< in the reference
  int missing = 0;     ///< of these, not in the labels: their Dice 0 counts, their distance cannot
  double meanDice = 0.0;
  std::optional<double> meanAsdMm;  ///< of those in both maps
};

/// Volume of sided structures beyond the body's middle, found in the reference (see bodyMiddle): right ones
/// in the left half and left ones in the right half. Muscles that meet in the middle cross it a little even
/// in the reference, whose own figure is the measure to compare with.
struct CrossedVolume {
  double labelsMl = 0.0;
  double referenceMl = 0.0;
};

struct LabelAgreement {
  std::vector<StructureAgreement> structures;  ///< present in either map, in the order of their values
  GroupAgreement muscles;
  GroupAgreement bones;                     ///< hip bones, femora and sacrum
  std::optional<StructureAgreement> worst;  ///< of the reference's structures the one with the lowest Dice
  std::optional<CrossedVolume> crossed;     ///< nothing where the reference has no bone that shows the middle
};

/// Compares two label maps with the values of resources/structures.json, structure by structure. Errors
/// BadInput: the maps lie on different grids; Cancelled.
Result<LabelAgreement> compareLabels(const LabelMap& labels, const LabelMap& reference, const Job& job = {});

}  // namespace coxa
