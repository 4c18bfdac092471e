#pragma once

#include "coxa/base/job.hpp"
#include "coxa/base/result.hpp"
#include "coxa/learning/runtime.hpp"
#include "coxa/segmentation/dice_model.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace coxa {

struct CalibrationOptions {
  std::filesystem::path modelFolder;  ///< receives the calibration in its model.json
  std::filesystem::path dataFolder;  ///< one subfolder per case, as for training, with sided labels, that the
                                     ///< model has not learnt from; at least two. `operated` in it: the same
                                     ///< patient after hip replacement, as `coxa-cli operate` writes
  int samples = 10;
  std::uint64_t seed = 1;
  Device device = Device::Auto;
};

/// One structure of one case, found on a CT that is as it is or made harder.
struct CalibrationRow {
  std::string caseName;
  std::string degradation;  ///< "none", "noise", "thick-slices", "atrophy", "metal" or "cut-off"
  std::string structure;
  bool judged = false;  ///< of the half that judges; the other half fits
  double dice = 0.0;
  double uncertainty = 0.0;  ///< predictive structure-wise variance
  double entropy = 0.0;
  double agreement = 0.0;
  double volumeMl = 0.0, volumeSdMl = 0.0;  ///< sd over the samples, as they are
  double referenceVolumeMl = 0.0;
  double otherSideMl = 0.0;  ///< found of the same structure on the other side; 0 without sides
};

/// One bin of a reliability diagram.
struct ReliabilityBin {
  double confidence = 0.0;  ///< mean probability of the most probable class
  double accuracy = 0.0;    ///< share of voxels where it is right
  double share = 0.0;       ///< of all voxels
};

struct CalibrationReport {
  std::vector<CalibrationRow> rows;
  int missed = 0;  ///< structures of the reference, over 1 ml, of which nothing was found: in no figure
  /// Of the half that judges:
  double pearsonUncertaintyDice = 0.0;  ///< of the predictive structure-wise variance
  double pearsonSpreadDice = 0.0;       ///< of its square root
  double pearsonEntropyDice = 0.0;
  double pearsonAgreementDice = 0.0;
  double pearsonExpectedDice = 0.0;
  double auroc = 0.0;        ///< of the expected Dice for a Dice below 0.7
  double sensitivity = 0.0;  ///< of the flag, for a Dice below 0.7
  double specificity = 0.0;
  double expectedCalibrationError = 0.0;        ///< of voxels, at the temperature chosen
  double expectedCalibrationErrorBefore = 0.0;  ///< at temperature 1
  double volumeCoverage = 0.0;     ///< share of volumes within one calibrated sd of the truth; 0.68 is wanted
  double medianVolumeRatio = 1.0;  ///< found against true: above 1, structures are drawn too large
  std::vector<ReliabilityBin> reliability;  ///< at the temperature chosen
  /// Chosen on the other half:
  double temperature = 1.0;
  DiceModel dice;
  double doubtfulBelow = 0.7;
  double volumeSdFactor = 1.0;  ///< by which the samples' sd is widened to hold 68 % of the errors
};

/// Measures how the model's uncertainty relates to its error and writes it into model.json. Every case is
/// segmented as it is and with noise, thick slices, fatty muscles, metal and a cut-off field of view. Cases
/// in the order of their names: the odd ones fit, the even ones judge. Voxels count where label or reference
/// is a structure; structures from 1 ml on. The model stays as it was after an error: BadInput for fewer than
/// two cases, for fewer than ten structures found in either half, or as segment; Cancelled.
Result<CalibrationReport> calibrate(const CalibrationOptions& options, const Job& job);

}  // namespace coxa
