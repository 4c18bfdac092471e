#include "coxa/editing/correction.hpp"

#include "phantoms.hpp"

#include <gtest/gtest.h>

namespace coxa {
namespace {

struct Segmented {
  StructureTable table = StructureTable::loadDefault().value();
  std::uint8_t hip = table.find("hip_left")->value;
  std::uint8_t femur = table.find("femur_left")->value;
  std::uint8_t sacrum = table.find("sacrum")->value;
  LabelMap labels{test::cubicGrid(20)};
  ScalarImage uncertainty{labels.grid, 0.2F};
  SegmentationSummary summary;

  Segmented() {
    test::draw(labels, hip, [](const Vec3& p) { return p.x() < 5.0; });
    test::draw(labels, femur, [](const Vec3& p) {
      return p.x() > 10.0 && p.x() < 15.0 && p.y() > 5.0 && p.y() < 15.0 && p.z() > 5.0 && p.z() < 15.0;
    });
    summary.structures = {{"hip_left", hip, {2.0, 0.1}, 0.2, true},
                          {"femur_left", femur, {0.324, 0.05}, 0.2, false}};
    std::sort(summary.structures.begin(), summary.structures.end(),
              [](const auto& a, const auto& b) { return a.value < b.value; });
  }
  const StructureSummary* row(const SegmentationSummary& of, std::uint8_t value) const {
    for (const auto& each : of.structures)
      if (each.value == value) return &each;
    return nullptr;
  }
};

TEST(Correct, MeasuresWhatChangedAndTrustsIt) {
  const Segmented s;
  LabelMap labels = s.labels;
  for (int i = 16; i < 20; ++i) labels.at(i, 10, 10) = s.femur;  // to the edge of the scan
  labels.at(11, 6, 6) = s.sacrum;
  const auto corrected = correct(s.labels, s.uncertainty, s.summary, labels, s.table);
  EXPECT_EQ(corrected.structures.count(), 2U);
  EXPECT_TRUE(corrected.structures[s.femur] && corrected.structures[s.sacrum]);
  EXPECT_EQ(corrected.uncertainty.at(16, 10, 10), 0.0F);
  EXPECT_EQ(corrected.uncertainty.at(12, 10, 10), 0.2F);
  const auto* femur = s.row(corrected.summary, s.femur);
  const double voxels = 4 * 9 * 9 + 4 - 1;
  EXPECT_NEAR(femur->volumeMl.value, voxels / 1000.0, 1e-9);
  EXPECT_EQ(femur->volumeMl.sd, 0.05);
  EXPECT_NEAR(femur->uncertainty, 0.2 * (voxels - 4.0) / voxels, 1e-6);
  EXPECT_TRUE(femur->touchesBorder);
  EXPECT_NEAR(s.row(corrected.summary, s.sacrum)->volumeMl.value, 0.001, 1e-9);
  EXPECT_EQ(s.row(corrected.summary, s.hip)->volumeMl.value, 2.0) << "not touched, not measured anew";
  ASSERT_EQ(corrected.summary.notices.size(), 1U);
  EXPECT_NE(corrected.summary.notices[0].message.find(s.table.find(s.femur)->english), std::string::npos);
}

TEST(Correct, WithoutAChangeNothingIsSaid) {
  const Segmented s;
  const auto same = correct(s.labels, s.uncertainty, s.summary, s.labels, s.table);
  EXPECT_TRUE(same.structures.none());
  EXPECT_TRUE(same.summary.notices.empty());
  EXPECT_EQ(same.uncertainty.voxels, s.uncertainty.voxels);
}

TEST(Correct, AnErasedStructureIsGone) {
  const Segmented s;
  LabelMap labels = s.labels;
  for (auto& voxel : labels.voxels)
    if (voxel == s.femur) voxel = 0;
  EXPECT_EQ(s.row(correct(s.labels, s.uncertainty, s.summary, labels, s.table).summary, s.femur), nullptr);
}

TEST(OutlineChecksums, FollowEachOutlineAlone) {
  const Segmented s;
  const auto before = outlineChecksums(s.labels);
  EXPECT_EQ(before.size(), 2U);
  LabelMap labels = s.labels;
  labels.at(16, 10, 10) = s.femur;
  const auto now = outlineChecksums(labels);
  EXPECT_EQ(now.at(s.hip), before.at(s.hip));
  EXPECT_NE(now.at(s.femur), before.at(s.femur));
  EXPECT_EQ(outlineChecksums(s.labels), before);
}

}  // namespace
}  // namespace coxa
