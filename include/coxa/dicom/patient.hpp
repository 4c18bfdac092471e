#pragma once

#include <string>
#include <string_view>

namespace coxa {

/// A patient's name (DICOM PN, UTF-8). It is shown on the screen and nowhere else: it cannot be streamed,
/// compared with a string or turned into one except by the functions below, so that it never reaches a log,
/// a message or a file by accident.
class PersonName {
 public:
  PersonName() = default;
  /// `pn`: up to three groups "alphabetic=ideographic=phonetic", components separated by '^'.
  explicit PersonName(std::string pn);

  bool empty() const { return pn_.empty(); }
  /// For the eyes of the user: the ideographic group when there is one, else the alphabetic one; components
  /// separated by spaces.
  std::string forScreen() const;
  std::string alphabeticForScreen() const;
  std::string ideographicForScreen() const;
  std::string phoneticForScreen() const;
  /// The name as DICOM writes it, for a DICOM file.
  const std::string& forDicomFile() const { return pn_; }

  bool operator==(const PersonName&) const = default;

 private:
  std::string pn_;
};

/// A name for a case that says nothing about the patient: "P-" and the first 24 bits of a SHA-256 in
/// hexadecimal. The same patient gets the same pseudonym. It is not proof against somebody who holds a list
/// of candidates.
std::string pseudonymFor(std::string_view patientId, const PersonName& name);

}  // namespace coxa
