#pragma once

#include "coxa/anatomy/structures.hpp"
#include "coxa/learning/network.hpp"
#include "coxa/segmentation/dice_model.hpp"

#include <optional>
#include <string>
#include <vector>

namespace coxa {

/// How a model's own uncertainty relates to its error, measured on cases it has not learnt from
/// (`coxa-cli calibrate`).
struct Calibration {
  double temperature = 1.0;     ///< of the softmax
  DiceModel dice;               ///< Dice with an expert's outline to expect
  double doubtfulBelow = 0.7;   ///< an expected Dice below this flags a structure
  int observations = 0;         ///< structures × cases it rests on
  double volumeSdFactor = 1.0;  ///< the samples' spread of a volume, times this, holds 68 % of its errors
};

/// What a network expects of its input and means by its output; `model.json` beside the weights.
struct ModelConfig {
  std::string name;
  Vec3 spacingMm{2.0, 2.0, 3.0};  ///< of the axis-aligned grid it works on
  std::vector<double> sliceOffsetsMm{-18.0, -6.0, 0.0, 6.0,
                                     18.0};  ///< of the input channels from the slice, along z
  double windowLowHu = -160.0;               ///< becomes -1
  double windowHighHu = 340.0;               ///< becomes +1
  std::vector<std::string> kinds;            ///< of the classes; 0 is "background"
  NetworkShape network;
  std::optional<Calibration> calibration;
  std::string weightsSha256;
};

/// A new model for the kinds of the table.
ModelConfig newModelConfig(const std::string& name, const StructureTable& table);

Result<void> writeModelConfig(const std::filesystem::path& folder, const ModelConfig& config);
/// Errors BadInput: `model.json` is missing or malformed, or weights.pt does not have the checksum it names.
Result<ModelConfig> readModelConfig(const std::filesystem::path& folder);

}  // namespace coxa
