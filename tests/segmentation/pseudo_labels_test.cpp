#include "coxa/segmentation/pseudo_labels.hpp"

#include "coxa/segmentation/training.hpp"

#include <gtest/gtest.h>

namespace coxa {
namespace {

Grid row(int length) {
  Grid grid;
  grid.size = {length, 1, 1};
  return grid;
}

StructureSummary summaryOf(const char* name, std::uint8_t value, double agreement) {
  StructureSummary summary;
  summary.name = name;
  summary.value = value;
  summary.agreement = agreement;
  return summary;
}

TEST(PseudoLabels, KeepsWhatIsSureAndForgetsTheRest) {
  LabelMap labels(row(6));
  labels.voxels = {0, 0, 1, 1, 2, 2};
  ScalarImage entropy(labels.grid);
  entropy.voxels = {0.1F, 0.6F, 0.6F, 0.1F, 0.1F, 0.1F};

  const auto found =
      pseudoLabels(labels, entropy, {summaryOf("hip_left", 1, 0.9), summaryOf("hip_right", 2, 0.7)});

  ASSERT_TRUE(found);
  const std::vector<std::uint8_t> expected = {0, kUnknownValue, kUnknownValue,
                                              1, kUnknownValue, kUnknownValue};
  EXPECT_EQ(found->labels.voxels, expected);
  EXPECT_EQ(found->leftOut, std::vector<std::string>{"hip_right"});
  EXPECT_DOUBLE_EQ(found->unknownShare, 1.0);  // four unknown for four labelled
}

TEST(PseudoLabels, RefusesAnEntropyOfAnotherGrid) {
  const auto found = pseudoLabels(LabelMap(row(6)), ScalarImage(row(5)), {});
  ASSERT_FALSE(found);
  EXPECT_EQ(found.error().code, ErrorCode::BadInput);
}

}  // namespace
}  // namespace coxa
