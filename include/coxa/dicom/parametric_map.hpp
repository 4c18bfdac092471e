#pragma once

#include "coxa/base/job.hpp"
#include "coxa/dicom/derived_object.hpp"
#include "coxa/image/image.hpp"

#include <filesystem>

namespace coxa {

/// What the numbers of a parametric map are.
struct ParametricQuantity {
  std::string label;        ///< at most 16 characters
  std::string explanation;  ///< at most 64 characters
  DicomCode unit = {"UCUM", "1", "no units"};
};

/// Writes the image as DICOM Parametric Map of 32-bit floating point numbers, explicit little endian, one
/// frame per slice. Errors as writeDicomSegmentation.
Result<void> writeParametricMap(const std::filesystem::path& file, const ScalarImage& image,
                                const ParametricQuantity& quantity, const DerivedObjectInfo& info,
                                const Job& job = {});

}  // namespace coxa
