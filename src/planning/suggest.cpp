#include "coxa/planning/suggest.hpp"

#include "cup_suggestion.hpp"
#include "plan_model.hpp"
#include "stem_angles.hpp"
#include "stem_suggestion.hpp"

#include <cmath>
#include <cstdio>

namespace coxa {

namespace {

constexpr double kLeastCoveragePercent = 65.0;  // Habor 2021, J Pers Med 11:817
constexpr double kOffsetToleranceMm = 5.0, kCutToleranceMm = -0.5, kLegLengthToleranceMm = 8.0;

std::string rounded(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.0f", value);
  return text;
}

/// By how much the other leg stays longer where that is more than is advised; empty where it is not, or where
/// the other side is unknown.
std::string legLengthLeft(const PlanModel& model) {
  if (!model.frames.ownSide || !model.frames.otherSide) return {};
  const double wanted = wantedChange(model).legLengthMm;
  const double left = model.frames.otherSide->legLengthMm - model.frames.ownSide->legLengthMm - wanted;
  if (std::abs(left) <= kLegLengthToleranceMm) return {};
  const std::string which = left > 0.0 ? " mm shorter" : " mm longer";
  const std::string why = wanted == 0.0
                              ? " than the other: the difference is within twice its own uncertainty, so it "
                                "was left alone. Check the landmarks of both sides."
                              : " than the other: a suggestion changes it by 8 mm at most. If more is wanted "
                                "and the nerves bear it, place cup and stem by hand.";
  return "The leg stays " + rounded(std::abs(left)) + which + why;
}

std::vector<Notice> noticesOf(const PlanModel& model, const CupSuggestion& cup, const StemSuggestion& stem) {
  std::vector<Notice> notices = model.notices;
  const auto warn = [&](const char* code, const std::string& message) {
    notices.push_back({Notice::Severity::Warning, code, message, {}});
  };
  if (!cup.keepsWalls)
    warn("planning.thin-wall",
         "No cup size and place keeps the acetabular walls whole with a safe margin medially; place the cup "
         "by "
         "hand.");
  if (cup.coveragePercent < kLeastCoveragePercent)
    warn("planning.low-coverage",
         "Bone covers only " + rounded(cup.coveragePercent) + " % of the cup (65 % wanted).");
  if (stem.clearanceMm < kCutToleranceMm)
    warn("planning.canal-too-narrow", "No stem of the catalogue keeps within the canal; " + stem.stem.name +
                                          " is the nearest. Check it in the slices.");
  if (std::abs(stem.offsetErrorMm) > kOffsetToleranceMm)
    warn("planning.offset-not-reached", "The offset misses the wanted one by " +
                                            rounded(std::abs(stem.offsetErrorMm)) +
                                            " mm; no stem and head of the catalogue come nearer.");
  if (const std::string left = legLengthLeft(model); !left.empty())
    warn("planning.leg-length-not-reached", left);
  return notices;
}

}  // namespace

Result<Plan> suggestPlan(const PlanContext& context, const Catalogue& catalogue, const Job& job) {
  const PlanModel& model = context.model();
  const auto alignment = stemAlignment(model);
  if (!alignment)
    return badInput(
        "Too little of the femoral shaft is in the scan to align a stem with its canal; at least 80 mm below "
        "the "
        "head's centre are needed.");
  Mat3 world_from_stem;
  world_from_stem << alignment->medial, alignment->axis.direction.cross(alignment->medial),
      alignment->axis.direction;
  const double version = versionDeg(model.frames.femur_from_world.linear(), world_from_stem);

  job.report(0.1, "Placing the cup");
  const CupSuggestion cup = suggestCup(model, catalogue, suggestedCupAxis(model, version));
  if (job.cancelled()) return cancelled();
  const auto heads = headDiametersFor(catalogue, cup.cup);
  if (heads.empty()) return badInput("The catalogue has no liner and head for the cup " + cup.cup.name + ".");

  job.report(0.7, "Placing the stem");
  const StemSuggestion stem = suggestStem(model, catalogue, *alignment, cup.placement.center, heads.back());
  if (job.cancelled()) return cancelled();

  PosedHip hip;
  hip.side = model.side;
  hip.cup = cup.cup;
  hip.liner = *linerFor(catalogue, cup.cup, heads.back());
  hip.head = stem.head;
  hip.stem = stem.stem;
  hip.world_from_cup = cupPose(cup.placement.center, cup.placement.axis, model.frames.superior());
  hip.world_from_stem = stem.world_from_stem;
  job.report(1.0);
  return Plan{asRight(hip), noticesOf(model, cup, stem)};
}

Result<Plan> suggestPlan(const PlanningInput& input, const Catalogue& catalogue, const Job& job) {
  const auto context = PlanContext::build(input, job.part(0.0, 0.6));
  if (!context) return tl::unexpected(context.error());
  return suggestPlan(*context, catalogue, job.part(0.6, 1.0));
}

}  // namespace coxa
