#include "json_parts.hpp"

#include "coxa/planning/outcome.hpp"

#include <cmath>

namespace coxa {

namespace {

constexpr const char* kSchema = "coxa.outcome/1";

template <class Found, class Product>
Json size(const Product& planned, const Found& found, const Product& achieved, bool known) {
  Json json = {{"planned", planned.id}, {"achieved", known ? Json(achieved.id) : Json(nullptr)}};
  if (found.own) json["ownMesh"] = found.own->name;
  return json;
}

Json sizesJson(const PlanOutcome& outcome) {
  const PosedHip &planned = outcome.planned, &achieved = outcome.achieved;
  const FoundHip& found = outcome.found;
  const bool stemKnown = found.stem->product.has_value();
  Json cup = size(planned.cup, *found.cup, achieved.cup, found.cup->product.has_value());
  cup["plannedDiameterMm"] = planned.cup.outerDiameterMm;
  cup["achievedDiameterMm"] = achieved.cup.outerDiameterMm;
  cup["differenceMm"] = achieved.cup.outerDiameterMm - planned.cup.outerDiameterMm;
  Json head = size(planned.head, *found.head, achieved.head, stemKnown && found.head->product);
  head["plannedDiameterMm"] = planned.head.diameterMm;
  head["achievedDiameterMm"] = achieved.head.diameterMm;
  head["differenceMm"] = achieved.head.diameterMm - planned.head.diameterMm;
  Json stem = size(planned.stem, *found.stem, achieved.stem, stemKnown);
  if (stemKnown) stem["differenceSizes"] = achieved.stem.size - planned.stem.size;
  return {{"cup", cup}, {"head", head}, {"stem", stem}};
}

Json registrationJson(const BoneRegistration& bone) {
  const auto& covariance = bone.fit.covariance;
  return {{"residualMm", bone.fit.scaleMm},
          {"shiftMmSd", std::sqrt(covariance.topLeftCorner<3, 3>().trace())},
          {"turnDegSd", degFromRad(std::sqrt(covariance.bottomRightCorner<3, 3>().trace()))},
          {"beforeFromAfter", jsonOf(bone.before_from_after)}};
}

Json rowJson(const OutcomeRow& row) {
  Json json = {{"measure", row.measure}};
  if (row.definition) json["definition"] = name(*row.definition);
  json["frame"] = row.frame;
  json["unit"] = row.unit;
  json["planned"] = row.planned;
  json["achieved"] = row.achieved;
  put(json, "difference", row.difference);
  return json;
}

}  // namespace

std::string toJson(const PlanOutcome& outcome) {
  Json rows = Json::array();
  for (const OutcomeRow& row : outcome.rows) rows.push_back(rowJson(row));
  const Json json = {
      {"schema", kSchema},
      {"side", name(outcome.side)},
      {"sizes", sizesJson(outcome)},
      {"rows", rows},
      {"registration",
       {{"pelvis", registrationJson(outcome.pelvis)}, {"femur", registrationJson(outcome.femur)}}},
      {"notices", noticesJson(outcome.found.notices)}};
  return json.dump(2);
}

}  // namespace coxa
