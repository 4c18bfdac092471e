#pragma once

#include "coxa/base/job.hpp"
#include "coxa/base/notice.hpp"
#include "coxa/base/result.hpp"
#include "coxa/dicom/scan.hpp"
#include "coxa/image/image.hpp"

#include <optional>
#include <string>
#include <vector>

namespace coxa {

/// How a CT was acquired and of whom, without anything that names the patient.
struct AcquisitionFacts {
  std::optional<double> tubeVoltageKv;
  std::optional<double> sliceThicknessMm;
  std::string kernel;
  std::string manufacturer;
  std::string model;
  std::string patientPosition;  ///< DICOM: "HFS" head first supine, "FFP" feet first prone, …
  std::string sex;              ///< "M", "F", "O" or empty
  std::optional<double> ageYears;
  std::string transferSyntaxUid;
  bool lossyCompressed = false;
};

struct CtImage {
  Volume volume;  ///< HU; slices ascend along (row direction) x (column direction)
  AcquisitionFacts facts;
  std::vector<Notice> notices;  ///< what was skipped, filled, resampled or clamped
};

/// Reads a CT series: decoded on all cores, straight into the volume. Place and order come from
/// ImagePositionPatient and ImageOrientationPatient alone, values from each slice's own slope and intercept.
/// docs/dicom.md lists the notices and errors (`detail` of an error begins with its code) and what to do
/// about each. Errors BadInput: not a CT, too few slices, a damaged file, geometry that no honest volume can
/// be made from.
Result<CtImage> readCt(const SeriesInfo& series, const Job& job = {});

}  // namespace coxa
