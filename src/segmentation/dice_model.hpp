#pragma once

#include <vector>

namespace coxa {

/// How a structure's volume compares with that of its other side, which no sample's uncertainty knows: metal
/// that makes half of a muscle vanish does so in every sample.
struct SideComparison {
  double difference = 0.0;  ///< |ln(here / there)|, at most 2
  double shortfall = 0.0;   ///< ln(there / here), from 0 to 2
};
/// Of volumes in ml. All 0 where there is nothing on the other side: the scan may show one hip alone.
SideComparison compareSides(double here, double there);

/// What tells of a structure's Dice with an expert's outline.
struct DiceEvidence {
  double agreement = 0.0;  ///< mean Dice of the samples with the label
  double entropy = 0.0;    ///< mean over the label, in nats
  SideComparison sides;
};

/// Dice to expect: intercept + Σ slope · evidence.
struct DiceModel {
  double intercept = 0.0, agreementSlope = 1.0, entropySlope = 0.0, differenceSlope = 0.0,
         shortfallSlope = 0.0;
  double sd = 0.0;  ///< spread around it

  double expected(const DiceEvidence& evidence) const;
};

/// By least squares; `dice` is as long as `evidence`.
DiceModel fitDiceModel(const std::vector<DiceEvidence>& evidence, const std::vector<double>& dice);

}  // namespace coxa
