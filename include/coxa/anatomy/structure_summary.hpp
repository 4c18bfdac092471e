#pragma once

#include "coxa/base/measured.hpp"
#include "coxa/base/notice.hpp"
#include "coxa/base/result.hpp"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace coxa {

/// What the segmentation found of one structure.
struct StructureSummary {
  std::string name;        ///< of resources/structures.json
  std::uint8_t value = 0;  ///< in the label map
  Measured volumeMl;       ///< sd over the Monte-Carlo samples
  double uncertainty =
      0.0;  ///< predictive structure-wise variance: mean of the uncertainty map over its voxels
  bool touchesBorder = false;  ///< cut off by the edge of the scan: the volume is a part of the structure's
  std::optional<Measured> meanHu =
      std::nullopt;        ///< of the CT within it, sd over the samples; nothing after a correction
  double entropy = 0.0;    ///< mean over its voxels of the mean probabilities' entropy, in nats
  double agreement = 1.0;  ///< mean Dice of the samples' outlines with the label (Roy 2019): 0 to 1
  std::optional<Measured> expectedDice =
      std::nullopt;       ///< with an expert's outline, as calibrated; nothing without
  bool doubtful = false;  ///< expected to fail (Dice below 0.7): look before you use it
};

/// Where a segmentation comes from.
struct SegmentationProvenance {
  std::string model;        ///< name
  std::string modelSha256;  ///< of the weights
  std::uint64_t seed = 0;
  int samples = 0;
  std::string device;  ///< "cpu" or "cuda"
};

struct SegmentationSummary {
  std::vector<StructureSummary> structures;  ///< those found, in the order of their values
  SegmentationProvenance provenance;
  std::vector<Notice> notices;
  double uncertainty = 0.0;  ///< of the case: mean of the map over all labelled voxels
};

/// `structures.json`: {"version", "structures": [{"name", "value", "volumeMl", "volumeSdMl", "uncertainty",
/// "touchesBorder", "meanHu", "meanHuSd", "entropy", "agreement", "expectedDice", "expectedDiceSd",
/// "doubtful"}], "uncertainty", "provenance": {"model", "modelSha256", "seed", "samples", "device"},
/// "notices": [{"severity", "code", "message"}]}. Later versions add keys and rename none.
Result<void> writeSegmentationSummary(const std::filesystem::path& file, const SegmentationSummary& summary);
/// The file with the labels of one Monte-Carlo sample: "sample-01.nrrd" for index 0.
std::string sampleFileName(std::size_t index);

/// Errors BadInput: the file is missing or malformed.
Result<SegmentationSummary> readSegmentationSummary(const std::filesystem::path& file);

}  // namespace coxa
