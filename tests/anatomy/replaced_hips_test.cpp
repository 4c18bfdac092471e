#include "coxa/anatomy/replaced_hips.hpp"

#include <gtest/gtest.h>

namespace coxa {
namespace {

// Two hip bones, the left one at larger x, and a block of metal beside one of them.
struct Scene {
  Volume ct;
  LabelMap labels;

  Scene(Side side, int edge) {
    Grid grid;
    grid.size = {120, 60, 40};
    grid.spacing = {2.0, 2.0, 3.0};
    grid.origin = {-119.0, -59.0, 0.0};
    ct = Volume(grid, 40);
    labels = LabelMap(grid);
    const StructureTable table = StructureTable::loadDefault().value();
    for (int k = 10; k < 30; ++k)
      for (int j = 20; j < 40; ++j)
        for (int i = 20; i < 40; ++i) {
          labels.at(i, j, k) = table.find("hip", Side::Right)->value;
          labels.at(119 - i, j, k) = table.find("hip", Side::Left)->value;
        }
    for (int k = 0; k < edge; ++k)
      for (int j = 0; j < edge; ++j)
        for (int i = 0; i < edge; ++i) ct.at(side == Side::Right ? 10 + i : 109 - i, j, k) = 3071;
  }
  std::vector<Side> replaced() const {
    return replacedSides(ct, labels, StructureTable::loadDefault().value());
  }
};

TEST(ReplacedSides, AreThoseWithMoreThanFiveMillilitresOfMetal) {
  EXPECT_EQ(Scene(Side::Right, 10).replaced(), std::vector<Side>{Side::Right});  // 12 ml
  EXPECT_EQ(Scene(Side::Left, 10).replaced(), std::vector<Side>{Side::Left});
  EXPECT_TRUE(Scene(Side::Left, 5).replaced().empty());  // 1.5 ml
}

TEST(LeaveOutReplacedHips, TakesWhatIsCutAwayAndKeepsThePelvis) {
  LandmarkSet landmarks;
  for (const Side side : {Side::Left, Side::Right}) {
    landmarks.side(side).asis = PointLandmark{};
    landmarks.side(side).femoralHead = SphereLandmark{};
    landmarks.side(side).femoralNeck = AxisLandmark{};
    landmarks.side(side).lesserTrochanter = PointLandmark{};
  }
  leaveOutReplacedHips(landmarks, {Side::Right});
  EXPECT_FALSE(landmarks.right.femoralHead);
  EXPECT_FALSE(landmarks.right.femoralNeck);
  EXPECT_FALSE(landmarks.right.lesserTrochanter);
  EXPECT_TRUE(landmarks.right.asis);
  EXPECT_TRUE(landmarks.left.femoralHead);
  ASSERT_EQ(landmarks.notices.size(), 1U);
  EXPECT_EQ(landmarks.notices.front().code, "landmarks.replaced-hip");
  EXPECT_NE(landmarks.notices.front().message.find("right"), std::string::npos);
}

}  // namespace
}  // namespace coxa
