#pragma once

#include <array>
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
  double variance = 0.0;   ///< predictive structure-wise variance
  double volumeMl = 0.0;   ///< of the label, above 0: of small structures more lies at the border
  SideComparison sides;
};

/// Dice to expect: intercept + Σ slope · evidence, of the variance its square root, of the volume its
/// logarithm.
struct DiceModel {
  double intercept = 0.0, agreementSlope = 1.0, entropySlope = 0.0, spreadSlope = 0.0, volumeSlope = 0.0,
         differenceSlope = 0.0, shortfallSlope = 0.0;
  double sd = 0.0;  ///< spread around it

  double expected(const DiceEvidence& evidence) const;
};

/// The model's numbers by the names they have in JSON.
struct DiceModelField {
  const char* key;
  double DiceModel::*number;
};
inline constexpr std::array<DiceModelField, 8> kDiceModelFields{
    {{"diceIntercept", &DiceModel::intercept},
     {"diceSlope", &DiceModel::agreementSlope},
     {"diceEntropySlope", &DiceModel::entropySlope},
     {"diceSpreadSlope", &DiceModel::spreadSlope},
     {"diceVolumeSlope", &DiceModel::volumeSlope},
     {"diceDifferenceSlope", &DiceModel::differenceSlope},
     {"diceShortfallSlope", &DiceModel::shortfallSlope},
     {"diceSd", &DiceModel::sd}}};

/// By least squares; `dice` is as long as `evidence`.
DiceModel fitDiceModel(const std::vector<DiceEvidence>& evidence, const std::vector<double>& dice);

}  // namespace coxa
