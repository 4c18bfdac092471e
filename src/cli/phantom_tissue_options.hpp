#pragma once

#include "coxa/phantom/tissue_traits.hpp"

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

namespace coxa::cli {

/// What the command line says of a virtual patient's tissue. What is not said is drawn with `draw`, and
/// neutral without.
struct TissueArguments {
  bool draw = false;
  std::vector<std::string> muscleVolumes;  ///< NAME=FACTOR
  std::vector<std::string> fatShares;      ///< NAME=SHARE
  std::vector<std::string> boneDensities;  ///< NAME=FACTOR or FACTOR
  bool vessels = false;
  std::vector<double> contrastHu;  ///< of arteries and veins, or of both
  std::optional<double> skinMm;
  std::optional<double> bowelGas;
  bool noTable = false;
  bool meshes = false;
};

void addTissueOptions(CLI::App& command, TissueArguments& arguments);

/// The traits of the patient of a seed; `badSide` as drawnTissueTraits. Errors Usage: a malformed pair, an
/// unknown name, a number out of range.
Result<TissueTraits> tissueTraitsOf(const TissueArguments& arguments, std::uint64_t seed,
                                    std::optional<Side> badSide, const StructureTable& table);

}  // namespace coxa::cli
