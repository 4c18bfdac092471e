#include "coxa/planning/plan_file.hpp"

#include "json_parts.hpp"

namespace coxa {

namespace {

constexpr const char* kSchema = "coxa.plan/1";

Json orientations(const PlanMeasures& measures, PelvicPlane plane) {
  Json all = Json::object();
  for (const MeasuredCupAngles& angles : measures.cupAngles) {
    if (angles.plane != plane) continue;
    Json& one = all[name(angles.definition)];
    one["plane"] = name(plane);
    put(one, "inclinationDeg", angles.inclinationDeg);
    put(one, "anteversionDeg", angles.anteversionDeg);
  }
  return all;
}

Json cupJson(const PosedHip& hip, const PlanMeasures& measures) {
  Json cup = {{"product", hip.cup.id},
              {"name", hip.cup.name},
              {"outerDiameterMm", hip.cup.outerDiameterMm},
              {"center", jsonOf(hip.cupCenter())},
              {"axis", jsonOf(hip.cupAxis())},
              {"orientation", orientations(measures, PelvicPlane::Functional)}};
  if (Json app = orientations(measures, PelvicPlane::Anterior); !app.empty())
    cup["orientationAnteriorPlane"] = std::move(app);
  put(cup, "coveragePercent", measures.coveragePercent);
  put(cup, "medialWallMm", measures.medialWallMm);
  put(cup, "anteriorOverhangMm", measures.anteriorOverhangMm);
  cup["worldFromCup"] = jsonOf(hip.world_from_cup);
  return cup;
}

Json stemJson(const PosedHip& hip, const PlanMeasures& measures) {
  Json stem = {{"product", hip.stem.id},
               {"name", hip.stem.name},
               {"size", hip.stem.size},
               {"offset", name(hip.stem.offset)},
               {"neckShaftAngleDeg", hip.stem.neckShaftAngleDeg},
               {"origin", jsonOf(hip.world_from_stem.translation())},
               {"axis", jsonOf(hip.world_from_stem.linear().col(2))},
               {"medial", jsonOf(hip.world_from_stem.linear().col(0))}};
  put(stem, "versionDeg", measures.stemVersionDeg);
  put(stem, "varusDeg", measures.stemVarusDeg);
  put(stem, "canalFillPercent", measures.canalFillPercent);
  put(stem, "canalClearanceMm", measures.canalClearanceMm);
  stem["worldFromStem"] = jsonOf(hip.world_from_stem);
  return stem;
}

Json changeJson(const PosedHip& hip, const PlanMeasures& measures) {
  Json change = Json::object();
  put(change, "legLengthMm", measures.legLengthChangeMm);
  put(change, "offsetMm", measures.offsetChangeMm);
  put(change, "legLengthAgainstOtherSideMm", measures.legLengthAgainstOtherSideMm);
  put(change, "offsetAgainstOtherSideMm", measures.offsetAgainstOtherSideMm);
  change["femurShift"] = jsonOf(hip.reduction());
  return change;
}

Json zonesJson(const PlanMeasures& measures) {
  Json zones = Json::object();
  for (const ZoneStatement& zone : measures.zones) {
    zones[zone.name]["text"] = zone.text;
    put(zones[zone.name], "valueDeg", zone.valueDeg);
    zones[zone.name]["probability"] = zone.probability;
  }
  return zones;
}

RigidTransform poseFrom(const Json& rows) {
  RigidTransform pose = RigidTransform::Identity();
  for (int row = 0; row < 3; ++row)
    for (int column = 0; column < 4; ++column)
      pose(row, column) =
          rows.at(static_cast<std::size_t>(row)).at(static_cast<std::size_t>(column)).get<double>();
  return pose;
}

bool isRotation(const Mat3& m) {
  return (m * m.transpose() - Mat3::Identity()).norm() < 1e-4 && m.determinant() > 0.0;
}

Result<Plan> planFrom(const Json& json, const Catalogue& catalogue) {
  const auto product = [&](const char* part) { return json.at(part).at("product").get<std::string>(); };
  const Cup* cup = catalogue.cup(product("cup"));
  const Liner* liner = catalogue.liner(product("liner"));
  const Head* head = catalogue.head(product("head"));
  const Stem* stem = catalogue.stem(product("stem"));
  if (!cup || !liner || !head || !stem)
    return badInput("The plan names a product that the implant catalogue does not have: " +
                    product(!cup     ? "cup"
                            : !liner ? "liner"
                            : !head  ? "head"
                                     : "stem") +
                    ". Add its family to the catalogue or plan anew.");
  const auto side = json.at("side").get<std::string>();
  if (side != "left" && side != "right")
    return badInput("The plan's \"side\" must be \"left\" or \"right\".");
  Plan plan;
  plan.hip = {side == "left" ? Side::Left : Side::Right,
              *cup,
              *liner,
              *head,
              *stem,
              poseFrom(json.at("cup").at("worldFromCup")),
              poseFrom(json.at("stem").at("worldFromStem"))};
  if (!isRotation(plan.hip.world_from_cup.linear()) || !isRotation(plan.hip.world_from_stem.linear()))
    return badInput("The plan's \"worldFromCup\" or \"worldFromStem\" is not a rigid pose. Plan anew.");
  for (const Json& notice : json.value("notices", Json::array()))
    plan.notices.push_back(
        {notice.at("severity") == "info" ? Notice::Severity::Info : Notice::Severity::Warning,
         notice.at("code"),
         notice.at("message"),
         {}});
  return plan;
}

}  // namespace

std::string toJson(const Plan& plan, const PlanMeasures& measures) {
  const PosedHip& hip = plan.hip;
  const Json json = {
      {"schema", kSchema},
      {"side", name(hip.side)},
      {"cup", cupJson(hip, measures)},
      {"liner",
       {{"product", hip.liner.id}, {"name", hip.liner.name}, {"thicknessMm", hip.liner.thicknessMm()}}},
      {"head",
       {{"product", hip.head.id},
        {"name", hip.head.name},
        {"diameterMm", hip.head.diameterMm},
        {"neckLengthMm", hip.head.neckLengthMm},
        {"center", jsonOf(hip.headCenter())}}},
      {"stem", stemJson(hip, measures)},
      {"change", changeJson(hip, measures)},
      {"zones", zonesJson(measures)},
      {"notices", noticesJson(plan.notices)}};
  return json.dump(2);
}

Result<Plan> planFromJson(const std::string& text, const Catalogue& catalogue) {
  const Json json = Json::parse(text, nullptr, false);
  if (json.is_discarded()) return badInput("The plan is not valid JSON. Plan anew.");
  try {
    return planFrom(json, catalogue);
  } catch (const nlohmann::json::exception& error) {
    return badInput("The plan lacks a key or has a wrong value. Plan anew.", error.what());
  }
}

}  // namespace coxa
