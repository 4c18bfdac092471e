#include "coxa/base/resources.hpp"

#include <cstdlib>

namespace coxa {

namespace fs = std::filesystem;

fs::path homeFolder() {
  if (const char* home = std::getenv("COXA_HOME")) return home;
  std::error_code error;
  const fs::path program = fs::read_symlink("/proc/self/exe", error);
  if (!error) {
    fs::path installed = program.parent_path().parent_path() / "share" / "coxa";
    if (fs::exists(installed, error)) return installed;
  }
  return COXA_SOURCE_DIR;
}

const char* version() {
  return COXA_VERSION;
}

}  // namespace coxa
