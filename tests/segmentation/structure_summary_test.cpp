#include "coxa/anatomy/structure_summary.hpp"

#include "support/temp_folder.hpp"

#include "coxa/base/files.hpp"

#include <gtest/gtest.h>

namespace coxa {

TEST(SegmentationSummary, ComesBackAsWritten) {
  const TempFolder folder;
  SegmentationSummary summary;
  summary.structures.push_back({"hip_left",
                                1,
                                {412.25, 3.5},
                                0.0125,
                                true,
                                Measured{250.5, 4.0},
                                0.25,
                                0.875,
                                Measured{0.75, 0.1},
                                true});
  summary.structures.push_back({"hip_right", 2, {400.0, 3.0}, 0.01, false, {}, 0.0, 1.0, {}, false});
  summary.uncertainty = 0.03;
  summary.provenance = {"hip-ct", "ab12", 7, 20, "cpu"};
  summary.notices.push_back({Notice::Severity::Info, "segmentation.test", "A sentence.", {}});
  ASSERT_TRUE(writeSegmentationSummary(folder / "structures.json", summary));

  const auto read = readSegmentationSummary(folder / "structures.json");
  ASSERT_TRUE(read);
  ASSERT_EQ(read->structures.size(), 2U);
  EXPECT_EQ(read->structures[0].name, "hip_left");
  EXPECT_EQ(read->structures[0].value, 1);
  EXPECT_EQ(read->structures[0].volumeMl.value, 412.25);
  EXPECT_EQ(read->structures[0].volumeMl.sd, 3.5);
  EXPECT_EQ(read->structures[0].uncertainty, 0.0125);
  EXPECT_TRUE(read->structures[0].touchesBorder);
  ASSERT_TRUE(read->structures[0].meanHu);
  EXPECT_EQ(read->structures[0].meanHu->value, 250.5);
  EXPECT_EQ(read->structures[0].meanHu->sd, 4.0);
  EXPECT_EQ(read->structures[0].entropy, 0.25);
  EXPECT_EQ(read->structures[0].agreement, 0.875);
  ASSERT_TRUE(read->structures[0].expectedDice);
  EXPECT_EQ(read->structures[0].expectedDice->sd, 0.1);
  EXPECT_TRUE(read->structures[0].doubtful);
  EXPECT_FALSE(read->structures[1].expectedDice);
  EXPECT_FALSE(read->structures[1].meanHu);
  EXPECT_EQ(read->uncertainty, 0.03);
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
