#pragma once

#include "coxa/base/job.hpp"
#include "coxa/base/result.hpp"
#include "coxa/dicom/patient.hpp"
#include "coxa/image/image.hpp"

#include <cstdint>
#include <filesystem>
#include <string>

namespace coxa {

/// What stands in the header of a written CT. Dates and times are written as given and left empty otherwise.
struct CtSeriesInfo {
  PersonName patientName;
  std::string patientId;
  std::string sex;                      ///< "M", "F", "O" or empty
  int ageYears = -1;                    ///< negative: not given
  std::string patientPosition = "HFS";  ///< how the patient lay; does not move the voxels
  std::string studyDescription;
  std::string seriesDescription;
  int seriesNumber = 1;
  std::string manufacturer = "Coxa";
  std::string kernel;
  double tubeVoltageKv = 120.0;
  double sliceThicknessMm = 0.0;  ///< 0: the spacing of the slices
  std::string date;               ///< YYYYMMDD
  std::string time;               ///< HHMMSS
  std::uint64_t seed = 0;         ///< the UIDs follow from it: the same seed gives the same UIDs
};

/// Writes `folder`/0001.dcm, 0002.dcm, … one per slice of `volume` (HU) in explicit little endian, CT Image
/// Storage. UIDs are of the UUID root 2.25. The folder appears complete or not at all. Errors: Usage when the
/// volume is empty or the folder exists and is not empty; BadInput when the place cannot be written;
/// Cancelled.
Result<void> writeCtSeries(const std::filesystem::path& folder, const Volume& volume,
                           const CtSeriesInfo& info, const Job& job = {});

}  // namespace coxa
