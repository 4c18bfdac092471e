#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace coxa {

/// Something the user should know although the operation went on: what was found, in which files, what to do.
struct Notice {
  enum class Severity { Info, Warning };
  Severity severity = Severity::Warning;
  std::string code;     ///< stable and machine-readable, for example "dicom.missing-slices"
  std::string message;  ///< a sentence for the user, without patient data
  std::vector<std::filesystem::path> files;
};

}  // namespace coxa
