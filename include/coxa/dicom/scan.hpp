#pragma once

#include "coxa/base/job.hpp"
#include "coxa/base/notice.hpp"
#include "coxa/base/result.hpp"
#include "coxa/dicom/patient.hpp"

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace coxa {

/// How the slices of a series lie in the patient. Oblique: more than 30° from every body plane. Mixed:
/// several orientations in one series. Unknown: the files do not say.
enum class SlicePlane { Unknown, Axial, Coronal, Sagittal, Oblique, Mixed };
const char* name(SlicePlane plane);  ///< "axial", …

/// One DICOM series as the headers of its files describe it.
struct SeriesInfo {
  std::string uid;
  std::string studyUid;
  std::string modality;  ///< "CT", "MR", "DX", …
  std::string description;
  int number = 0;
  int imageCount = 0;  ///< frames, of multi-frame files each one
  int rows = 0;        ///< of the first image
  int columns = 0;
  std::string transferSyntaxUid;  ///< of the first image
  std::string sopClassUid;        ///< of the first image
  std::string kernel;             ///< convolution kernel, empty when not given
  double sliceThicknessMm = 0.0;  ///< 0 when not given
  SlicePlane plane = SlicePlane::Unknown;
  bool localizersOnly = false;  ///< every image is a localizer (scout, topogram)
  bool derived = false;         ///< ImageType says DERIVED: a reformat, not what the scanner reconstructed
  std::vector<std::filesystem::path> files;  ///< sorted by path
};

struct StudyInfo {
  std::string uid;
  std::string description;
  std::vector<SeriesInfo> series;  ///< by number, then uid
};

struct PatientInfo {
  PersonName name;
  std::string pseudonym;  ///< for the case folder, see pseudonymFor()
  std::vector<StudyInfo> studies;
};

struct DicomIndex {
  std::vector<PatientInfo> patients;
  int dicomFiles = 0;
  int foreignFiles = 0;         ///< not DICOM, passed over
  std::vector<Notice> notices;  ///< files that begin as DICOM and cannot be read
};

/// Reads the headers of every DICOM file under `folder` (or of one file), nested folders included, on all
/// cores and without the pixels. Links are not followed out of the folder. Errors BadInput: the folder is
/// missing, unreadable or holds no DICOM file.
Result<DicomIndex> scanFolder(const std::filesystem::path& folder, const Job& job = {});

struct SeriesChoice {
  SeriesInfo series;
  PersonName patientName;
  std::string pseudonym;
  std::string reason;              ///< a sentence: which series was taken and why
  std::vector<SeriesInfo> others;  ///< every other series in the folder
};

/// Picks the CT to plan on. `selector`: a series UID or a series number. Without it: among CT image series
/// that are not localizers, axial before other planes, original before derived, then most images, then
/// thinnest, then lowest number. Errors BadInput, each listing the series there are: no CT, no match or more
/// than one for the selector, CTs of several patients without a selector.
Result<SeriesChoice> chooseCtSeries(const DicomIndex& index, const std::optional<std::string>& selector = {});

/// One line that tells series apart: number, modality, description, images, plane, matrix, kernel.
std::string summary(const SeriesInfo& series);

}  // namespace coxa
