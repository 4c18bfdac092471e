#pragma once

#include "coxa/anatomy/structure_summary.hpp"
#include "coxa/base/job.hpp"
#include "coxa/base/resources.hpp"
#include "coxa/image/image.hpp"
#include "coxa/learning/runtime.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace coxa {

struct SegmentationOptions {
  std::filesystem::path modelFolder = modelPath("hip-ct");
  int samples = 20;  ///< Monte-Carlo passes; 1 is one pass without dropout and without uncertainty
  std::uint64_t seed = 1;
  Device device = Device::Auto;
};

struct Segmentation {
  LabelMap labels;          ///< values of resources/structures.json, on the CT's grid
  ScalarImage uncertainty;  ///< variance of the class probabilities over the samples, summed over the
                            ///< classes (0 to 1), on the CT's grid
  ScalarImage entropy;      ///< of the mean class probabilities, in nats, on the CT's grid
  std::vector<LabelMap>
      samples;  ///< the label map of every Monte-Carlo sample, sided, not cleaned, on the
                ///< network's grid: what a measure's spread is computed from; none for one pass
  SegmentationSummary summary;
};

/// Bones and muscles of the hip with their uncertainty. Monte-Carlo dropout (Gal 2016; Hiasa 2020, IEEE TMI
/// 39:1030): every sample is one thinned network applied to the whole CT; the label is the argmax of the mean
/// probability. Left and right come from the mid-sagittal plane of the bones and the world's LPS axes.
/// The same CT, options and model give the same bytes. Errors: BadInput for a model folder that is missing,
/// malformed or whose weights do not match their checksum, for a CT without hip bones or one whose anatomy
/// contradicts its orientation; Cancelled.
Result<Segmentation> segment(const Volume& ct, const SegmentationOptions& options, const Job& job);

/// Writes labels.nrrd (with names, colours and codes, see label_files.hpp), uncertainty.nrrd, entropy.nrrd,
/// sample-NN.nrrd and structures.json into `folder`, which is made if needed.
Result<void> writeSegmentation(const std::filesystem::path& folder, const Segmentation& segmentation);

}  // namespace coxa
