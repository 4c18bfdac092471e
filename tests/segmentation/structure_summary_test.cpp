#include "coxa/anatomy/structure_summary.hpp"

#include "support/temp_folder.hpp"

#include "coxa/base/files.hpp"

#include <gtest/gtest.h>

namespace coxa {

TEST(SegmentationSummary, ComesBackAsWritten) {
  const TempFolder folder;
  SegmentationSummary summary;
  summary.structures.push_back({"hip_left", 1, {412.25, 3.5}, 0.0125, true});
  summary.provenance = {"hip-ct", "ab12", 7, 20, "cpu"};
  summary.notices.push_back({Notice::Severity::Info, "segmentation.test", "A sentence.", {}});
  ASSERT_TRUE(writeSegmentationSummary(folder / "structures.json", summary));

  const auto read = readSegmentationSummary(folder / "structures.json");
  ASSERT_TRUE(read);
  ASSERT_EQ(read->structures.size(), 1U);
  EXPECT_EQ(read->structures[0].name, "hip_left");
  EXPECT_EQ(read->structures[0].value, 1);
  EXPECT_EQ(read->structures[0].volumeMl.value, 412.25);
  EXPECT_EQ(read->structures[0].volumeMl.sd, 3.5);
  EXPECT_EQ(read->structures[0].uncertainty, 0.0125);
  EXPECT_TRUE(read->structures[0].touchesBorder);
  EXPECT_EQ(read->provenance.seed, 7U);
  EXPECT_EQ(read->notices.at(0).code, "segmentation.test");
  EXPECT_EQ(read->notices.at(0).severity, Notice::Severity::Info);
}

TEST(SegmentationSummary, SaysWhichFileIsMalformed) {
  const TempFolder folder;
  ASSERT_TRUE(writeFileAtomically(folder / "structures.json", "{}"));
  const auto read = readSegmentationSummary(folder / "structures.json");
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().code, ErrorCode::BadInput);
  EXPECT_NE(read.error().message.find("structures.json"), std::string::npos);
}

}  // namespace coxa
