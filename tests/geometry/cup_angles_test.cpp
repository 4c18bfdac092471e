#include "coxa/geometry/cup_angles.hpp"

#include <gtest/gtest.h>

namespace coxa {
namespace {

constexpr auto kPlane = PelvicPlane::Anterior;

TEST(CupAngles, MurraysConversions) {
  // Murray 1993: radiographic 40/15 and 45/20 in the other two definitions.
  const CupAngles forty{CupDefinition::Radiographic, kPlane, 40, 15};
  EXPECT_NEAR(converted(forty, CupDefinition::Anatomic).inclinationDeg, 42.3, 0.05);
  EXPECT_NEAR(converted(forty, CupDefinition::Anatomic).anteversionDeg, 22.6, 0.05);
  EXPECT_NEAR(converted(forty, CupDefinition::Operative).inclinationDeg, 38.4, 0.05);
  EXPECT_NEAR(converted(forty, CupDefinition::Operative).anteversionDeg, 19.3, 0.05);
  const CupAngles fortyFive{CupDefinition::Radiographic, kPlane, 45, 20};
  EXPECT_NEAR(converted(fortyFive, CupDefinition::Anatomic).inclinationDeg, 48.4, 0.05);
  EXPECT_NEAR(converted(fortyFive, CupDefinition::Anatomic).anteversionDeg, 27.2, 0.05);
  EXPECT_NEAR(converted(fortyFive, CupDefinition::Operative).inclinationDeg, 41.6, 0.05);
  EXPECT_NEAR(converted(fortyFive, CupDefinition::Operative).anteversionDeg, 27.2, 0.05);
}

TEST(CupAngles, RoundTripsAndOrderOfInclinations) {
  for (double inclination = 5; inclination < 85; inclination += 7)
    for (double anteversion = -30; anteversion < 60; anteversion += 9) {
      const CupAngles ra{CupDefinition::Radiographic, kPlane, inclination, anteversion};
      const CupAngles ai = converted(ra, CupDefinition::Anatomic);
      const CupAngles oi = converted(ra, CupDefinition::Operative);
      EXPECT_GE(ai.inclinationDeg, ra.inclinationDeg - 1e-9);
      EXPECT_GE(ra.inclinationDeg, oi.inclinationDeg - 1e-9);
      for (const CupAngles& way : {ai, oi}) {
        const CupAngles back = converted(way, CupDefinition::Radiographic);
        EXPECT_NEAR(back.inclinationDeg, inclination, 1e-9);
        EXPECT_NEAR(back.anteversionDeg, anteversion, 1e-9);
      }
    }
}

TEST(CupAngles, PelvicTiltAddsToOperativeAnteversion) {
  const CupAngles upright{CupDefinition::Operative, kPlane, 38, 19};
  const Mat3 posteriorTilt = Eigen::AngleAxisd(radFromDeg(6.0), Vec3::UnitX()).toRotationMatrix();
  const CupAngles tilted =
      cupAnglesFrom(posteriorTilt * cupAxisFrom(upright), CupDefinition::Operative, kPlane);
  EXPECT_NEAR(tilted.inclinationDeg, 38, 1e-9);
  EXPECT_NEAR(tilted.anteversionDeg, 25, 1e-9);
}

}  // namespace
}  // namespace coxa
