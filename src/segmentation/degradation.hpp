#pragma once

#include "coxa/image/image.hpp"

#include <cstdint>
#include <vector>

namespace coxa {

/// What makes a CT harder to read.
enum class Degradation { None, Noise, ThickSlices, Atrophy, CutOff };
constexpr Degradation kDegradations[] = {Degradation::None, Degradation::Noise, Degradation::ThickSlices,
                                         Degradation::Atrophy, Degradation::CutOff};
const char* name(Degradation degradation);

/// A CT and its labels (structures' values, same grid) made harder. Noise: 80 HU, white. Thick slices: mean
/// over 9 mm. Atrophy: muscles nearly half fat, in patches. Cut off: nothing seen beyond 130 mm from the
/// middle of the labelled body; the labels end there too.
struct DegradedCase {
  Volume ct;
  LabelMap labels;
};
DegradedCase degraded(const Volume& ct, const LabelMap& labels, Degradation degradation,
                      const std::vector<bool>& isMuscle, std::uint64_t seed);

}  // namespace coxa
