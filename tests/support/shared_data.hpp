#pragma once

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>

/// The folder of real CTs and bones for evaluation. It is not part of the repository: $COXA_DATA, else
/// ../shared/data.
inline std::filesystem::path sharedData() {
  if (const char* folder = std::getenv("COXA_DATA")) return folder;
  return std::filesystem::path(COXA_SOURCE_DIR).parent_path() / "shared" / "data";
}

/// Skips the test, and says why, where that folder is missing.
#define COXA_NEEDS_SHARED_DATA()              \
  if (!std::filesystem::exists(sharedData())) \
  GTEST_SKIP() << "the evaluation data is not at " << sharedData() << "; set COXA_DATA to its folder"
