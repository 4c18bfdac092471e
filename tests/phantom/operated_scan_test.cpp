#include "coxa/phantom/operated_scan.hpp"

#include "replaced_hips.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace coxa {
namespace {

// The virtual patient before the operation as if it were a patient's own CT with an expert's labels.
Result<OperatedScan> operatedScan(const std::vector<HipReplacement>& replacements) {
  return operateScan(before().ct, before().labels, replacements, HuScale::Clipped12Bit, 3, Job());
}

const OperatedScan& right() {
  static const OperatedScan scan = operatedScan({replacements().front()}).value();
  return scan;
}

double dice(const LabelMap& a, const LabelMap& b, std::uint8_t value) {
  double both = 0, sum = 0;
  for (std::size_t n = 0; n < a.voxels.size(); ++n) {
    both += a.voxels[n] == value && b.voxels[n] == value;
    sum += (a.voxels[n] == value) + (b.voxels[n] == value);
  }
  return 2.0 * both / sum;
}

TEST(OperatedScan, WithoutReplacementsIsTheScanItself) {
  const auto scan = operatedScan({});
  ASSERT_TRUE(scan) << scan.error().message;
  EXPECT_EQ(scan->ct.voxels, before().ct.voxels);
  EXPECT_EQ(scan->labels.voxels, before().labels.voxels);
}

TEST(OperatedScan, IsTheVirtualPatientsOwnOperation) {
  const PostoperativePatient patient =
      makePostoperativePatient(model(), coarse(), {replacements().front()}, HuScale::Clipped12Bit, Job())
          .value();
  EXPECT_EQ(right().implants.voxels, patient.implants.voxels);
  // One samples the labels of 2.4 mm again, the other the atlas.
  for (const char* kind : {"hip", "femur", "gluteus_maximus"})
    EXPECT_GT(dice(right().labels, patient.patient.labels, valueOf(kind, Side::Right)), 0.93) << kind;
}

TEST(OperatedScan, TextureFarFromTheOperationStays) {
  const Volume& ct = right().ctWithoutArtifact;
  const double cup = replacements().front().hip.cupCenter().x();
  std::size_t beyond = 0, changed = 0;
  for (std::size_t n = 0; n < ct.voxels.size(); ++n) {
    const auto i = static_cast<int>(n % static_cast<std::size_t>(ct.grid.size.x()));
    // The right hip lies at smaller x; beyond the middle of the body nothing moved.
    if (ct.grid.origin.x() + i * ct.grid.spacing.x() < cup + 120.0) continue;
    ++beyond;
    changed += ct.voxels[n] != before().ct.voxels[n];
  }
  ASSERT_GT(beyond, ct.voxels.size() / 4);
  EXPECT_EQ(changed, 0U);
}

TEST(OperatedScan, ArtifactsAreThoseOfMetalAndTheSideIsRight) {
  double right_ = 0, left = 0;
  const LabelMap& labels = right().labels;
  for (const Side side : {Side::Right, Side::Left}) {
    const std::uint8_t muscle = valueOf("obturator_internus", side);
    double sum = 0, count = 0;
    for (std::size_t n = 0; n < labels.voxels.size(); ++n)
      if (labels.voxels[n] == muscle) {
        sum += std::abs(right().ct.voxels[n] - right().ctWithoutArtifact.voxels[n]);
        ++count;
      }
    (side == Side::Right ? right_ : left) = sum / count;
  }
  EXPECT_GT(right_, 10.0);
  EXPECT_GT(right_, 2.0 * left);
}

TEST(OperatedScan, UnknownStaysUnknown) {
  constexpr std::uint8_t kUnknown = 255;
  const std::uint8_t muscle = valueOf("rectus_abdominis", Side::Left);
  LabelMap labels = before().labels;
  std::replace(labels.voxels.begin(), labels.voxels.end(), muscle, kUnknown);
  const auto scan =
      operateScan(before().ct, labels, {replacements().front()}, HuScale::Clipped12Bit, 3, Job());
  ASSERT_TRUE(scan) << scan.error().message;
  EXPECT_GT(std::count(scan->labels.voxels.begin(), scan->labels.voxels.end(), kUnknown), 100);
  EXPECT_EQ(std::count(scan->labels.voxels.begin(), scan->labels.voxels.end(), muscle), 0);
}

TEST(OperatedScan, RefusesLabelsOfAnotherGrid) {
  LabelMap labels = before().labels;
  labels.grid.origin.x() += 5.0;
  const auto scan = operateScan(before().ct, labels, {}, HuScale::Clipped12Bit, 3, Job());
  ASSERT_FALSE(scan);
  EXPECT_EQ(scan.error().code, ErrorCode::BadInput);
}

}  // namespace
}  // namespace coxa
