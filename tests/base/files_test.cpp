#include "coxa/base/files.hpp"

#include "support/temp_folder.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace coxa {
namespace {

namespace fs = std::filesystem;

std::size_t entries(const fs::path& folder) {
  return static_cast<std::size_t>(std::distance(fs::directory_iterator(folder), fs::directory_iterator()));
}

TEST(Files, AtomicWriteReplacesAndLeavesNothingElse) {
  const TempFolder folder;
  ASSERT_TRUE(writeFileAtomically(folder / "a.json", "old"));
  ASSERT_TRUE(writeFileAtomically(folder / "a.json", "new"));
  EXPECT_EQ(readFile(folder / "a.json").value(), "new");
  EXPECT_EQ(entries(folder.path()), 1U);
}

TEST(Files, FailedWriterKeepsTheOldFile) {
  const TempFolder folder;
  ASSERT_TRUE(writeFileAtomically(folder / "a.json", "old"));
  const auto failed = writeFileAtomically(
      folder / "a.json", [](const fs::path&) -> Result<void> { return internalError("no"); });
  EXPECT_FALSE(failed);
  EXPECT_EQ(readFile(folder / "a.json").value(), "old");
  EXPECT_EQ(entries(folder.path()), 1U);
}

TEST(Files, MissingFolderIsBadInputThatNamesThePath) {
  const auto written = writeFileAtomically("/nonexistent-folder/x.json", "data");
  ASSERT_FALSE(written);
  EXPECT_EQ(written.error().code, ErrorCode::BadInput);
  EXPECT_NE(written.error().message.find("/nonexistent-folder/x.json"), std::string::npos);
}

TEST(Files, Sha256OfTheStandardsExample) {
  // FIPS 180-2, appendix B.1.
  EXPECT_EQ(sha256("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

}  // namespace
}  // namespace coxa
