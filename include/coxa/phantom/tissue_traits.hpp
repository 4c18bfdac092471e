#pragma once

#include "coxa/anatomy/structures.hpp"

#include <map>
#include <optional>
#include <string>

namespace coxa {

/// One muscle on one side.
struct MuscleTraits {
  double volume = 1.0;    ///< of the outline against the patient's shape, 0.5 to 1.2
  double fatShare = 0.0;  ///< share of the outline's volume that is fat among the fascicles, 0 to 0.6
};

/// Arteries and veins of groin and pelvis, filled evenly.
struct VesselTraits {
  double diameter = 1.0;   ///< factor on the diameters of the atlas, 0.6 to 1.4
  double arteryHu = 45.0;  ///< blood without contrast agent
  double veinHu = 45.0;
};

/// What a virtual patient is made of, apart from its shape. The defaults change nothing.
struct TissueTraits {
  std::map<std::string, MuscleTraits> muscles;  ///< by structure ("gluteus_medius_right")
  std::map<std::string, double>
      boneDensity;                      ///< by kind ("femur"): factor on what is above water, 0.4 to 1.5
  std::optional<VesselTraits> vessels;  ///< nothing: no vessel is drawn
  std::optional<double> skinMm;         ///< thickness, 0.5 to 6; nothing: a rim of about 1.9 mm
  double bowelGas = 1.0;                ///< factor on the gas' share of the bowel, 0 to 5
  bool table = true;                    ///< the scanner's, below the patient

  MuscleTraits muscle(const std::string& structure) const;
  double densityOf(const std::string& boneKind) const;
};

/// Errors Usage: a number outside of its range, or a muscle or bone that the table has not; the message lists
/// those that it has.
Result<void> checkTissueTraits(const TissueTraits& traits, const StructureTable& table);

/// Traits of a random patient with a bad hip; docs/phantom.md states the distributions and their sources.
/// `badSide` is that hip's; nothing: drawn too. The same seed draws the same, and nothing else that the seed
/// draws depends on it.
TissueTraits drawnTissueTraits(std::uint64_t seed, const StructureTable& table,
                               std::optional<Side> badSide = std::nullopt);

/// The object "tissue" of truth/traits.json: every muscle and bone of the table, neutral ones too.
std::string toJson(const TissueTraits& traits, const StructureTable& table);

}  // namespace coxa
