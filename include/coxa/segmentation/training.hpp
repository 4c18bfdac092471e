#pragma once

#include "coxa/base/job.hpp"
#include "coxa/base/result.hpp"
#include "coxa/image/filters.hpp"
#include "coxa/learning/runtime.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace coxa {

/// Value of voxels whose structure is not known: they do not count in training.
constexpr std::uint8_t kUnknownValue = 255;

/// A labelled CT to learn from.
struct TrainingCase {
  std::string name;
  Volume ct;
  LabelMap labels;  ///< values of resources/structures.json, on any grid; sides do not matter
  /// Stationary velocities in mm whose exponentials carry this patient's points into the shapes of other
  /// patients; may be empty. Training then sees the CT in shapes along these ways too.
  std::vector<VectorImage> ways;
  int weight = 1;  ///< how often it is seen compared with others
};

/// A case folder holds `ct.nrrd` (or .nii.gz, .mha), `labels.nrrd` (or .nii.gz, .mha) and, where the label
/// values are not those of resources/structures.json, `names.json`: {"1": "hip", "2": "femur", …} from value
/// to a structure's name or kind; the name "unknown" is kUnknownValue's. Values it does not name are
/// background. `way-*.nrrd` are its ways. Errors BadInput.
Result<TrainingCase> readTrainingCase(const std::filesystem::path& folder);

struct TrainingOptions {
  /// One subfolder per case; one that is linked there again (symbolic links) counts as often. Used when
  /// `cases` is empty.
  std::filesystem::path dataFolder;
  std::vector<TrainingCase> cases;    ///< given directly, for example read from DICOM by the caller
  std::filesystem::path modelFolder;  ///< receives weights.pt, model.json and sha256
  std::filesystem::path
      workFolder;  ///< receives checkpoint.pt and log.csv; training resumes from what is there
  std::filesystem::path startModel;  ///< folder of a model to begin with; empty: from nothing
  std::string modelName = "hip-ct";
  std::uint64_t steps = 6000;
  std::uint64_t seed = 1;
  int batchSize = 8;
  int filters = 32;            ///< of the encoder, see NetworkShape; a start model keeps its own
  int batchesAhead = 1;        ///< prepared while the network learns, each by a thread of its own
  double learningRate = 2e-3;  ///< at its peak; falls as a half cosine to zero at `steps`
  std::uint64_t stepsPerCheckpoint = 200;
  Device device = Device::Auto;
};

struct TrainingReport {
  std::uint64_t steps = 0;
  std::uint64_t resumedFromStep = 0;
  double loss = 0.0;               ///< mean over the last steps
  std::vector<std::string> cases;  ///< their names
  std::string weightsSha256;
};

/// The case as training sees it: the CT on the network's grid, cropped to the body and the table under it,
/// the labels cropped with it. A twentieth of the size, for training on another machine.
TrainingCase compacted(const TrainingCase& whole);

/// Trains the network and writes the model. May be killed at any moment and started again with the same
/// options: it goes on from the last checkpoint and ends with the same weights on the same machine and thread
/// count. Raising `steps` of a finished training continues it. Errors: BadInput for unreadable cases, a
/// checkpoint of another network or a start model that is no model of these structures; Cancelled (after
/// writing a checkpoint).
Result<TrainingReport> train(const TrainingOptions& options, const Job& job);

}  // namespace coxa
