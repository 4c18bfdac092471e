#include "coxa/planning/edits.hpp"

#include "hip_phantom.hpp"

#include "coxa/anatomy/frames.hpp"
#include "coxa/planning/plan_file.hpp"
#include "coxa/planning/suggest.hpp"

#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

namespace coxa {
namespace {

using testing::HasSubstr;

struct Patient {
  PlanContext context;
  Plan plan;
};

Patient patientOf(Side side) {
  HipPhantom phantom;
  phantom.side = side;
  phantom.landmarkSdMm = 1.0;
  const Volume ct = phantom.ct();
  const PlanContext context = PlanContext::build(inputOf(phantom, &ct), Job()).value();
  return {context, suggestPlan(context, shippedCatalogue(), Job()).value()};
}

/// Made once for each side: a context never changes.
const Patient& patient(Side side) {
  static const Patient left = patientOf(Side::Left), right = patientOf(Side::Right);
  return side == Side::Left ? left : right;
}

class Edits : public testing::TestWithParam<Side> {
 protected:
  const PlanContext& context_ = patient(GetParam()).context;
  const Plan& plan_ = patient(GetParam()).plan;
};

TEST_P(Edits, CupOrientationIsWhatWasAskedFor) {
  for (const auto definition :
       {CupDefinition::Radiographic, CupDefinition::Operative, CupDefinition::Anatomic})
    for (const auto plane : {PelvicPlane::Anterior, PelvicPlane::Functional}) {
      const CupAngles wanted{definition, plane, 45.0, 12.0};
      const Plan turned = setCupOrientation(plan_, wanted, context_.landmarks()).value();
      EXPECT_LT((turned.hip.cupCenter() - plan_.hip.cupCenter()).norm(), 1e-12);
      const PlanMeasures measures = measure(turned, context_);
      const MeasuredCupAngles* angles = measures.angles(definition, plane);
      ASSERT_TRUE(angles);
      EXPECT_NEAR(angles->inclinationDeg.value, 45.0, 1e-9);
      EXPECT_NEAR(angles->anteversionDeg.value, 12.0, 1e-9);
      const auto direct =
          cupAnglesOf(turned.hip.cupAxis(), context_.landmarks(), GetParam(), definition, plane);
      EXPECT_NEAR(direct->anteversionDeg, 12.0, 1e-9);
    }
}

TEST_P(Edits, LinerAndHeadFollowTheCup) {
  const Plan small = setCupSize(plan_, 46.0, shippedCatalogue()).value();
  EXPECT_EQ(small.hip.cup.outerDiameterMm, 46.0);
  EXPECT_EQ(small.hip.head.diameterMm, 28.0) << "36 and 32 no longer fit";
  EXPECT_EQ(small.hip.liner.outerDiameterMm, small.hip.cup.innerDiameterMm());
  EXPECT_EQ(small.hip.liner.headDiameterMm, 28.0);
  EXPECT_EQ(small.hip.head.neckLengthMm, plan_.hip.head.neckLengthMm);
  const auto none = setCupSize(plan_, 47.0, shippedCatalogue());
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().code, ErrorCode::Usage);
  EXPECT_THAT(none.error().message, HasSubstr("44, 46, 48"));
}

TEST_P(Edits, HeadsAreCheckedAgainstTheCup) {
  const Plan plan = setHead(plan_, 28.0, 3.5, shippedCatalogue()).value();
  EXPECT_EQ(plan.hip.head.id, "coxa-head-28+3.5");
  EXPECT_EQ(plan.hip.liner.headDiameterMm, 28.0);
  EXPECT_FALSE(setHead(plan, 28.0, 5.0, shippedCatalogue()));
  const Plan small = setCupSize(plan, 44.0, shippedCatalogue()).value();
  const auto tooLarge = setHead(small, 36.0, 0.0, shippedCatalogue());
  ASSERT_FALSE(tooLarge);
  EXPECT_THAT(tooLarge.error().message, HasSubstr("there are 28."));
}

TEST_P(Edits, StemVersionIsWhatWasAskedFor) {
  for (const double version : {-10.0, 0.0, 35.0}) {
    const Plan turned = setStemVersion(plan_, version, context_.landmarks()).value();
    EXPECT_NEAR(measure(turned, context_).stemVersionDeg->value, version, 1e-6);
    EXPECT_LT((turned.hip.world_from_stem.translation() - plan_.hip.world_from_stem.translation()).norm(),
              1e-12);
    EXPECT_NEAR(turned.hip.world_from_stem.linear().determinant(), 1.0, 1e-9);
  }
}

TEST_P(Edits, StemSizeAndPosition) {
  const Plan plan = setStemSize(plan_, 3, StemOffset::High, shippedCatalogue()).value();
  EXPECT_EQ(plan.hip.stem.id, "coxa-tapered-stem-3-high");
  EXPECT_FALSE(setStemSize(plan_, 77, StemOffset::High, shippedCatalogue()));
  const Vec3 origin(1.0, 2.0, 3.0);
  EXPECT_EQ(setStemPosition(plan, origin).hip.world_from_stem.translation(), origin);
}

TEST_P(Edits, PlansSurviveTheirFile) {
  const std::string json = toJson(plan_, measure(plan_, context_));
  const Plan back = planFromJson(json, shippedCatalogue()).value();
  EXPECT_EQ(back.hip.side, GetParam());
  EXPECT_EQ(back.hip.cup.id, plan_.hip.cup.id);
  EXPECT_EQ(back.hip.stem.id, plan_.hip.stem.id);
  EXPECT_TRUE(back.hip.world_from_cup.isApprox(plan_.hip.world_from_cup, 1e-12));
  EXPECT_TRUE(back.hip.world_from_stem.isApprox(plan_.hip.world_from_stem, 1e-12));
  EXPECT_EQ(back.notices.size(), plan_.notices.size());
  EXPECT_EQ(toJson(back, measure(back, context_)), json);
}

TEST_P(Edits, TheFileHasTheAgreedKeys) {
  const auto json = nlohmann::json::parse(toJson(plan_, measure(plan_, context_)));
  EXPECT_EQ(json.at("side"), name(GetParam()));
  EXPECT_EQ(json.at("cup").at("outerDiameterMm"), plan_.hip.cup.outerDiameterMm);
  EXPECT_EQ(json.at("cup").at("center").at(2), plan_.hip.cupCenter().z());
  const auto& radiographic = json.at("cup").at("orientation").at("radiographic");
  EXPECT_EQ(radiographic.at("plane"), "FPP");
  EXPECT_NEAR(radiographic.at("inclinationDeg").get<double>(), 40.0, 1e-9);
  EXPECT_GT(radiographic.at("anteversionDegSd").get<double>(), 0.0);
  EXPECT_TRUE(json.at("cup").at("orientation").contains("operative"));
  EXPECT_TRUE(json.at("cup").at("orientation").contains("anatomic"));
  EXPECT_EQ(json.at("head").at("diameterMm"), plan_.hip.head.diameterMm);
  EXPECT_TRUE(json.at("change").at("legLengthMm").is_number());
  EXPECT_TRUE(json.at("change").at("offsetMm").is_number());
  EXPECT_EQ(json.at("stem").at("size"), plan_.hip.stem.size);
}

TEST_P(Edits, BrokenFilesAreRefused) {
  EXPECT_FALSE(planFromJson("{", shippedCatalogue()));
  EXPECT_FALSE(planFromJson("{\"side\": \"left\"}", shippedCatalogue()));
  std::string json = toJson(plan_, measure(plan_, context_));
  const std::string id = plan_.hip.stem.id;
  json.replace(json.find(id), id.size(), "somebody-elses-stem");
  const auto plan = planFromJson(json, shippedCatalogue());
  ASSERT_FALSE(plan);
  EXPECT_THAT(plan.error().message, HasSubstr("somebody-elses-stem"));
}

INSTANTIATE_TEST_SUITE_P(Sides, Edits, testing::Values(Side::Left, Side::Right),
                         [](const auto& param) { return std::string(name(param.param)); });

}  // namespace
}  // namespace coxa
