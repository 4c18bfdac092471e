#include "hip_phantom.hpp"

#include "coxa/planning/edits.hpp"
#include "coxa/planning/suggest.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace coxa {
namespace {

PlanContext contextOf(const HipPhantom& phantom) {
  const Volume ct = phantom.ct();
  return PlanContext::build(inputOf(phantom, &ct), Job()).value();
}

/// The phantom most tests use, made once.
const PlanContext& standardContext() {
  static const PlanContext context = contextOf({});
  return context;
}

/// The suggestion with its cup back in the middle of the socket, opening as the socket does.
Plan centeredPlan(const PlanContext& context, const HipPhantom& phantom) {
  const Plan plan = suggestPlan(context, shippedCatalogue(), Job()).value();
  return setCupOrientation(setCupCenter(plan, phantom.socketCenter()),
                           {CupDefinition::Radiographic, PelvicPlane::Functional, 40.0, 15.0},
                           context.landmarks())
      .value();
}

// Two hemispheres about one centre whose axes differ by θ share all but a lune of θ/180°.
TEST(Measure, CoverageOfATiltedCupIsTheLune) {
  const HipPhantom phantom;
  const PlanContext& context = standardContext();
  const Plan plan = centeredPlan(context, phantom);
  EXPECT_NEAR(measure(plan, context).coveragePercent.value, 100.0, 1.0);
  for (const double tilt : {10.0, 20.0, 40.0}) {
    Plan tilted = plan;
    tilted.hip.world_from_cup.rotate(Eigen::AngleAxisd(radFromDeg(tilt), Vec3::UnitX()));
    EXPECT_NEAR(measure(tilted, context).coveragePercent.value, 100.0 * (1.0 - tilt / 180.0), 1.5);
  }
}

// Outer wall at 33 mm from the centre, cup radius 26.
TEST(Measure, MedialWallIsWhatTheShellLeaves) {
  const HipPhantom phantom;
  const PlanContext& context = standardContext();
  const Plan plan = centeredPlan(context, phantom);
  ASSERT_EQ(plan.hip.cup.outerDiameterMm, 52.0);
  EXPECT_NEAR(measure(plan, context).medialWallMm->value, 7.0, 0.4);
  const Plan deeper = setCupCenter(plan, phantom.socketCenter() - 4.0 * lateral(phantom.side));
  EXPECT_NEAR(measure(deeper, context).medialWallMm->value, 3.0, 0.4);
}

// Turning the opening away from the front by θ lifts the anterior rim out by θ along the cup's surface.
TEST(Measure, AnteriorOverhangIsTheArcBeyondTheRim) {
  const HipPhantom phantom;
  const PlanContext& context = standardContext();
  const Plan plan = centeredPlan(context, phantom);
  EXPECT_NEAR(measure(plan, context).anteriorOverhangMm.value, 0.0, 1.0);
  const Vec3 anterior(0.0, -1.0, 0.0), z = plan.hip.cupAxis();
  const Vec3 front = (anterior - z.dot(anterior) * z).normalized();
  Plan turned = plan;
  turned.hip.world_from_cup.linear() =
      Eigen::AngleAxisd(radFromDeg(20.0), front.cross(z)) * plan.hip.world_from_cup.linear();
  ASSERT_LT(turned.hip.cupAxis().dot(front), 0.0);
  EXPECT_NEAR(measure(turned, context).anteriorOverhangMm.value, radFromDeg(20.0) * 26.0, 1.5);
}

// Murray 1993: RI/RA 40/15 is AI/AA 42.3/22.6 and OI/OA 38.4/19.3; APP and FPP agree in the phantom.
TEST(Measure, AllSixCupOrientationsAgreeWithMurray) {
  const HipPhantom phantom;
  const PlanContext& context = standardContext();
  const PlanMeasures measures = measure(centeredPlan(context, phantom), context);
  EXPECT_EQ(measures.cupAngles.size(), 6U);
  const MeasuredCupAngles* anatomic = measures.angles(CupDefinition::Anatomic, PelvicPlane::Anterior);
  const MeasuredCupAngles* operative = measures.angles(CupDefinition::Operative, PelvicPlane::Functional);
  ASSERT_TRUE(anatomic && operative);
  EXPECT_NEAR(anatomic->inclinationDeg.value, 42.3, 0.05);
  EXPECT_NEAR(anatomic->anteversionDeg.value, 22.6, 0.05);
  EXPECT_NEAR(operative->inclinationDeg.value, 38.4, 0.05);
  EXPECT_NEAR(operative->anteversionDeg.value, 19.3, 0.05);
}

// Moving the cup proximally by 5 mm shortens the leg by as much; laterally, it adds offset.
TEST(Measure, ChangeFollowsTheCup) {
  const HipPhantom phantom;
  const PlanContext& context = standardContext();
  const Plan plan = centeredPlan(context, phantom);
  const PlanMeasures before = measure(plan, context);
  const Vec3 moved = plan.hip.cupCenter() + Vec3(0.0, 0.0, 5.0) + 3.0 * lateral(phantom.side);
  const PlanMeasures after = measure(setCupCenter(plan, moved), context);
  EXPECT_NEAR(after.legLengthChangeMm->value - before.legLengthChangeMm->value, -5.0, 1e-6);
  EXPECT_NEAR(after.offsetChangeMm->value - before.offsetChangeMm->value, 3.0, 1e-6);
}

// A longer neck of the same stem: 135° gives equal parts of length and offset.
TEST(Measure, ChangeFollowsTheNeck) {
  const HipPhantom phantom;
  const PlanContext& context = standardContext();
  const Plan plan = centeredPlan(context, phantom);
  const double diameter = plan.hip.head.diameterMm;
  const Plan stem = setStemSize(plan, plan.hip.stem.size, StemOffset::Standard, shippedCatalogue()).value();
  const PlanMeasures shorter = measure(setHead(stem, diameter, 0.0, shippedCatalogue()).value(), context);
  const PlanMeasures longer = measure(setHead(stem, diameter, 7.0, shippedCatalogue()).value(), context);
  EXPECT_NEAR(longer.legLengthChangeMm->value - shorter.legLengthChangeMm->value, 7.0 / std::sqrt(2.0), 0.05);
  EXPECT_NEAR(longer.offsetChangeMm->value - shorter.offsetChangeMm->value, 7.0 / std::sqrt(2.0), 0.05);
}

// In a round canal about the stem's axis the fill is the mean quotient of two diameters.
TEST(Measure, CanalFillAndClearance) {
  const HipPhantom phantom;
  const PlanContext& context = standardContext();
  const Plan plan = centeredPlan(context, phantom);
  const Stem& stem = plan.hip.stem;
  const double top = plan.hip.world_from_stem.translation().z() - phantom.socketCenter().z();
  double sum = 0.0, least = 100.0;
  int levels = 0;
  for (double depth = 0.0; depth < stem.lengthMm; depth += 0.5) {
    const StemSection section = stemSection(stem, depth);
    const double canal = phantom.canalRadiusAt(top - depth);
    if (depth >= 15.0) least = std::min(least, canal - section.centerMm - section.halfWidthMm);
    if (depth < stem.lengthMm / 3.0 || depth > stem.lengthMm - stem.distalDiameterMm) continue;
    sum += section.halfWidthMm / canal;
    ++levels;
  }
  const PlanMeasures measures = measure(plan, context);
  EXPECT_NEAR(measures.canalFillPercent->value, 100.0 * sum / levels, 4.0);
  EXPECT_NEAR(measures.canalClearanceMm->value, least, 0.5);
}

TEST(Measure, ExactLandmarksLeaveNoDoubtAndDoubtfulOnesDo) {
  HipPhantom phantom;
  const PlanContext exact = contextOf(phantom);
  const Plan plan = centeredPlan(exact, phantom);
  const PlanMeasures sure = measure(plan, exact);
  EXPECT_LT(sure.legLengthChangeMm->sd, 1e-9);
  EXPECT_LT(sure.cupAngles[0].anteversionDeg.sd, 1e-9);
  EXPECT_EQ(sure.coveragePercent.sd, 0.0);
  phantom.landmarkSdMm = 2.0;
  const PlanMeasures doubt = measure(plan, contextOf(phantom));
  // Inclination in the frontal plane errs as the ASIS line turns: two ends of 2 mm over 240 mm.
  const double turn = degFromRad(std::sqrt(2.0) * 2.0 / 240.0);
  EXPECT_NEAR(doubt.cupAngles[0].inclinationDeg.sd, turn, 0.3 * turn);
  // The epicondyles err likewise, 80 mm apart.
  const double version = degFromRad(std::sqrt(2.0) * 2.0 / 80.0);
  EXPECT_NEAR(doubt.stemVersionDeg->sd, version, 0.2 * version);
  EXPECT_GT(doubt.coveragePercent.sd, 0.0);
  EXPECT_GT(doubt.legLengthAgainstOtherSideMm->sd, 2.0);
}

TEST(Measure, ZonesGiveAProbability) {
  HipPhantom phantom;
  phantom.landmarkSdMm = 1.5;
  const PlanContext context = contextOf(phantom);
  const Plan plan = centeredPlan(context, phantom);
  const auto zone = [&](double inclination, double anteversion) {
    const CupAngles angles{CupDefinition::Radiographic, PelvicPlane::Anterior, inclination, anteversion};
    return measure(setCupOrientation(plan, angles, context.landmarks()).value(), context).zones.front();
  };
  EXPECT_EQ(zone(40.0, 15.0).name, "lewinnek");
  EXPECT_NEAR(zone(40.0, 15.0).valueDeg.value, 10.0, 1e-6);
  EXPECT_GT(zone(40.0, 15.0).probability, 0.99);
  EXPECT_NEAR(zone(40.0, 25.0).probability, 0.5, 0.15) << "on the edge";
  EXPECT_LT(zone(65.0, 15.0).probability, 0.01);
}

}  // namespace
}  // namespace coxa
