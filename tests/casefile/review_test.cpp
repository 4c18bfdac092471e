#include "coxa/casefile/review.hpp"

#include "support/temp_folder.hpp"

#include "coxa/casefile/contents.hpp"
#include "coxa/image/files.hpp"

#include <gtest/gtest.h>

#include <fstream>

namespace coxa {
namespace {

namespace fs = std::filesystem;

/// A case with a tiny segmentation of one structure.
struct Segmented {
  StructureTable table = StructureTable::loadDefault().value();
  TempFolder folder;
  Case source = Case::create(folder / "a.coxa", "P").value();
  std::uint8_t femur = table.find("femur_left")->value;
  LabelMap labels;
  ScalarImage uncertainty;

  Segmented() {
    Grid grid;
    grid.size = {6, 5, 4};
    labels = LabelMap(grid);
    labels.at(2, 2, 2) = femur;
    uncertainty = ScalarImage(grid, 0.1F);
    EXPECT_TRUE(putImport(source, Volume(grid, 40), {}));
    put();
    EXPECT_TRUE(putJson(source, Stage::Landmarks, "{}"));
  }
  void put() {
    const SegmentationSummary summary{{{"femur_left", femur, {0.001, 0.0}, 0.1, false}}, {}, {}};
    EXPECT_TRUE(source.put(Stage::Segmentation, {{"model", "drawn"}}, [&](const fs::path& into) {
      return writeImage(into / "labels.nrrd", labels)
          .and_then([&] { return writeImage(into / "uncertainty.nrrd", uncertainty); })
          .and_then([&] { return writeSegmentationSummary(into / "structures.json", summary); });
    }));
  }
  CorrectedSegmentation corrected() const {
    LabelMap changed = labels;
    changed.at(3, 2, 2) = femur;
    return correct(labels, uncertainty, {}, changed, table);
  }
  std::string checksum() const { return source.record(Stage::Segmentation)->checksum(); }
};

TEST(Review, IsKept) {
  Segmented s;
  EXPECT_TRUE(readReview(s.source)->empty());
  const StructureReview flagged{"femur_left", s.femur, ReviewState::Flagged, "2026-11-24T12:00:00Z", "ab"};
  ASSERT_TRUE(putReview(s.source, {flagged}));
  const auto read = readReview(Case::open(s.folder / "a.coxa").value());
  ASSERT_TRUE(read);
  ASSERT_EQ(read->size(), 1U);
  EXPECT_EQ(read->front().structure, "femur_left");
  EXPECT_EQ(read->front().value, s.femur);
  EXPECT_EQ(read->front().state, ReviewState::Flagged);
  EXPECT_EQ(read->front().timeUtc, "2026-11-24T12:00:00Z");
  EXPECT_EQ(read->front().outlineSha256, "ab");
}

TEST(Review, OutdatesNothingAndFollowsTheSegmentationAlone) {
  Segmented s;
  ASSERT_TRUE(putReview(s.source, {}));
  EXPECT_TRUE(s.source.isCurrent(Stage::Landmarks));
  ASSERT_TRUE(putJson(s.source, Stage::Plan, "{}"));
  EXPECT_TRUE(s.source.isCurrent(Stage::Review)) << "a plan is no reason to look again";
  s.labels.at(1, 1, 1) = s.femur;
  s.put();
  EXPECT_FALSE(s.source.isCurrent(Stage::Review));
}

TEST(Review, ADamagedFileIsSaid) {
  Segmented s;
  ASSERT_TRUE(putJson(s.source, Stage::Review, R"({"version": 1, "structures": [{"name": 3}]})"));
  const auto read = readReview(s.source);
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().code, ErrorCode::BadInput);
}

TEST(Correction, BecomesTheSegmentationAndSaysSo) {
  Segmented s;
  const std::string before = s.checksum();
  ASSERT_TRUE(putCorrection(s.source, before, s.corrected(), s.table));
  const auto opened = Case::open(s.folder / "a.coxa").value();
  EXPECT_EQ(readLabels(opened)->at(3, 2, 2), s.femur);
  EXPECT_EQ(readUncertainty(opened)->at(3, 2, 2), 0.0F);
  EXPECT_EQ(readUncertainty(opened)->at(2, 2, 2), 0.1F);
  const auto& parameters = opened.record(Stage::Segmentation)->provenance.parameters;
  EXPECT_EQ(parameters.at("model"), "drawn");
  EXPECT_EQ(parameters.at("corrected"), "femur_left");
  EXPECT_EQ(parameters.at("correctedFrom"), before);
  EXPECT_FALSE(opened.isCurrent(Stage::Landmarks)) << "made from the earlier outline";
}

TEST(Correction, NamesEveryStructureEverCorrected) {
  Segmented s;
  ASSERT_TRUE(putCorrection(s.source, s.checksum(), s.corrected(), s.table));
  auto second = s.corrected();
  second.structures = LabelSet().set(s.table.find("sacrum")->value);
  ASSERT_TRUE(putCorrection(s.source, s.checksum(), second, s.table));
  EXPECT_EQ(s.source.record(Stage::Segmentation)->provenance.parameters.at("corrected"),
            "femur_left, sacrum");
}

TEST(Correction, OfAnEarlierSegmentationIsRefused) {
  Segmented s;
  const std::string before = s.checksum();
  auto other = Case::open(s.folder / "a.coxa").value();
  s.labels.at(1, 1, 1) = s.femur;
  s.put();  // another process segments anew
  const auto refused = putCorrection(other, before, s.corrected(), s.table);
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.error().message.find("anew"), std::string::npos);
  EXPECT_EQ(readLabels(Case::open(s.folder / "a.coxa").value())->at(3, 2, 2), 0);
}

}  // namespace
}  // namespace coxa
