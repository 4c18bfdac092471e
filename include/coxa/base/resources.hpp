#pragma once

#include <filesystem>

namespace coxa {

/// The folder that holds `resources/` and `models/`: $COXA_HOME when set, else <program>/../share/coxa when
/// it is there (installed), else the source tree the program was built from.
std::filesystem::path homeFolder();

inline std::filesystem::path resourcePath(const std::filesystem::path& name) {
  return homeFolder() / "resources" / name;
}
inline std::filesystem::path modelPath(const std::filesystem::path& name) {
  return homeFolder() / "models" / name;
}

/// The program's version, for provenance.
const char* version();

}  // namespace coxa
