#pragma once

#include "coxa/base/notice.hpp"
#include "coxa/base/result.hpp"
#include "coxa/image/image.hpp"

#include <vector>

namespace coxa {

struct MetalOptions {
  double thresholdHu =
      2500.0;  ///< above dense cortical bone, below titanium and below where 12-bit scanners clip (3071)
  double smallestImplantMl = 0.3;  ///< smaller parts are markers, clips or noise
};

/// The metal in a CT, by what can be done about it.
struct MetalFindings {
  LabelMap implants;         ///< 1: metal within the body, to be reduced
  double thresholdHu = 0.0;  ///< that was used: higher than asked for where the metal itself is far brighter
  double brightestHu = 0.0;
  int implantParts = 0;
  double implantMl = 0.0;
  int smallParts = 0;
  double smallMl = 0.0;
  double outsideMl = 0.0;   ///< on or outside the skin
  std::vector<int> slices;  ///< that hold implants
  std::vector<Notice> notices;
};

/// Finds metal by threshold and connection. On scales that reach beyond 12 bits the threshold rises to a
/// quarter of what the metal shows (95th percentile), so that streaks beside it are not taken for metal. A
/// part counts as on or outside the skin when less than 70 % of its surroundings (20 mm) is body. Notices:
/// metal.none, metal.markers, metal.noise, metal.outside-body, metal.cut-by-field-of-view, metal.clipped.
/// Errors BadInput: more than 2 l of "metal": the values are no HU.
Result<MetalFindings> findMetal(const Volume& ct, const MetalOptions& options = {});

}  // namespace coxa
