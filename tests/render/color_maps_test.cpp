#include "coxa/render/color_maps.hpp"

#include <gmock/gmock.h>

#include <cmath>

namespace coxa {
namespace {

using testing::ElementsAre;

// Reference values of CIE L*: any colour calculator, for example Lindbloom's.
TEST(ColorMaps, LightnessOfKnownColours) {
  EXPECT_NEAR(cieLightness({0, 0, 0}), 0.0, 1e-9);
  EXPECT_NEAR(cieLightness({255, 255, 255}), 100.0, 0.01);
  EXPECT_NEAR(cieLightness({119, 119, 119}), 50.03, 0.05);
  EXPECT_NEAR(cieLightness({255, 0, 0}), 53.24, 0.05);
  EXPECT_NEAR(cieLightness({0, 0, 255}), 32.30, 0.05);
}

TEST(ColorMaps, LightnessRisesEvenly) {
  for (const ColorMap* map : {&ColorMap::cividis(), &ColorMap::viridis()}) {
    const double range = cieLightness(map->at(1.0)) - cieLightness(map->at(0.0));
    EXPECT_GT(range, 60.0);
    constexpr int kSteps = 64;
    for (int i = 0; i < kSteps; ++i) {
      const double rise = cieLightness(map->at((i + 1.0) / kSteps)) - cieLightness(map->at(i * 1.0 / kSteps));
      EXPECT_GT(rise, 0.0) << i;
      EXPECT_LT(rise, 2.5 * range / kSteps) << i;
    }
  }
}

TEST(ColorMaps, EndsAsPublished) {
  EXPECT_THAT(ColorMap::cividis().at(0.0), ElementsAre(0x00, 0x22, 0x4e));
  EXPECT_THAT(ColorMap::cividis().at(1.0), ElementsAre(0xfe, 0xe8, 0x38));
  EXPECT_THAT(ColorMap::viridis().at(0.0), ElementsAre(0x44, 0x01, 0x54));
  EXPECT_THAT(ColorMap::viridis().at(1.0), ElementsAre(0xfd, 0xe7, 0x25));
}

TEST(ColorMaps, ClampsAndSurvivesNotANumber) {
  EXPECT_EQ(ColorMap::cividis().at(-3.0), ColorMap::cividis().at(0.0));
  EXPECT_EQ(ColorMap::cividis().at(7.0), ColorMap::cividis().at(1.0));
  EXPECT_EQ(ColorMap::cividis().at(std::nan("")), ColorMap::cividis().at(0.0));
}

}  // namespace
}  // namespace coxa
