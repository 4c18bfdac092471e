#pragma once

#include "coxa/dicom/scan.hpp"

#include <optional>
#include <string>

namespace coxa {

/// A concept of a coding scheme: "SCT" (SNOMED CT), "UCUM", or a private one ("99…").
struct DicomCode {
  std::string scheme;
  std::string value;    ///< at most 16 characters
  std::string meaning;  ///< at most 64 characters

  bool operator==(const DicomCode&) const = default;
};

/// Whose result a DICOM object is, and how it was made.
struct DerivedObjectInfo {
  /// The CT it was made from: patient, study and frame of reference are taken over from its files, and every
  /// image is referenced. Without it study and frame of reference get new UIDs that follow from `identity`:
  /// the same for every object of one CT.
  std::optional<SeriesInfo> source;
  std::string pseudonym;  ///< stands for the patient where there is no source
  std::string identity;   ///< of the CT, for instance its checksum
  std::string description;
  std::string algorithm;  ///< name of the model
  std::string version;    ///< of the program
  int seriesNumber = 1;
};

/// The frame of reference in which a series lies. Errors BadInput: unreadable, or the series names none.
Result<std::string> frameOfReferenceUid(const SeriesInfo& series);

}  // namespace coxa
