#include "virtual_surgery.hpp"

#include "planning_input.hpp"

#include "coxa/planning/plan_file.hpp"
#include "coxa/planning/suggest.hpp"

#include <nlohmann/json.hpp>

namespace coxa::cli {

namespace {

using Json = nlohmann::ordered_json;

// Sides and their deviations and screws get numbers of their own.
std::uint64_t seedFor(std::uint64_t seed, Side side, std::uint64_t purpose) {
  return (seed * 2 + (side == Side::Left ? 1 : 0)) * 16 + purpose;
}

Json jsonOf(const Vec3& v) {
  return {v.x(), v.y(), v.z()};
}

Json screwsJson(const std::vector<AcetabularScrew>& screws) {
  Json list = Json::array();
  for (const AcetabularScrew& screw : screws)
    list.push_back({{"head", jsonOf(screw.head)},
                    {"tip", jsonOf(screw.tip)},
                    {"diameterMm", screw.diameterMm},
                    {"lengthMm", (screw.tip - screw.head).norm()}});
  return list;
}

Json materialsJson(const HipMaterials& materials) {
  return {{"cup", name(materials.cup)},
          {"liner", name(Material::Polyethylene)},
          {"head", name(materials.head)},
          {"stem", name(materials.stem)},
          {"screws", name(Material::Titanium)}};
}

// The keys of plan.json for what was implanted, poses as in the CT after the operation.
Json outcomeJson(const HipReplacement& replacement, const PlanContext& before, const Plan& plan) {
  const Plan outcome{replacement.hip, {}};
  Json json = Json::parse(toJson(outcome, measure(outcome, before)));
  const PosedHip after = reduced(replacement.hip);
  json["head"]["center"] = jsonOf(after.headCenter());
  json["stem"]["origin"] = jsonOf(after.world_from_stem.translation());
  for (int row = 0; row < 3; ++row)
    json["stem"]["worldFromStem"][static_cast<std::size_t>(row)][3] = after.world_from_stem(row, 3);
  json["materials"] = materialsJson(replacement.materials);
  json["screws"] = screwsJson(replacement.screws);
  json["planned"] = Json::parse(toJson(plan, measure(plan, before)));
  return json;
}

struct Replaced {
  HipReplacement replacement;
  Json json;
};

Result<Replaced> replaced(const VirtualPatient& patient, Side side, const VirtualSurgeryOptions& options,
                          const Catalogue& catalogue, const StructureTable& table, std::uint64_t seed,
                          const Job& job) {
  auto hipBone = boneSurface(patient.labels, table, "hip", side);
  if (!hipBone) return tl::unexpected(hipBone.error());
  auto femur = boneSurface(patient.labels, table, "femur", side);
  if (!femur) return tl::unexpected(femur.error());
  const PlanningInput input{side, patient.landmarks, std::move(*hipBone), std::move(*femur), &patient.ct};
  const auto context = PlanContext::build(input, job.part(0.0, 0.6));
  if (!context) return tl::unexpected(context.error());
  const auto plan = suggestPlan(*context, catalogue, job.part(0.6, 0.9));
  if (!plan) return tl::unexpected(plan.error());
  const auto hip = carriedOut(plan->hip, patient.landmarks, options.spread, seedFor(seed, side, 1));
  if (!hip) return tl::unexpected(hip.error());
  HipReplacement replacement{
      *hip, options.materials,
      acetabularScrews(*hip, options.screws, patient.labels, table, seedFor(seed, side, 2))};
  Json json = outcomeJson(replacement, *context, *plan);
  return Replaced{std::move(replacement), std::move(json)};
}

}  // namespace

Result<VirtualSurgery> operateVirtually(const VirtualPatient& patient, const VirtualSurgeryOptions& options,
                                        std::uint64_t seed, const Job& job) {
  const auto catalogue = loadDefaultCatalogue();
  if (!catalogue) return tl::unexpected(catalogue.error());
  const auto table = StructureTable::loadDefault();
  if (!table) return tl::unexpected(table.error());
  VirtualSurgery surgery;
  Json sides = Json::array();
  for (const Side side : options.sides) {
    auto one = replaced(patient, side, options, *catalogue, *table, seed, job);
    if (!one) return tl::unexpected(one.error());
    surgery.replacements.push_back(std::move(one->replacement));
    sides.push_back(std::move(one->json));
  }
  const Json document = {
      {"schema", "coxa.implant/1"},
      {"seed", seed},
      {"values", {{"cup", 1}, {"liner", 2}, {"head", 3}, {"stem", 4}, {"screws", 5}, {"addedOnTheLeft", 10}}},
      {"sides", std::move(sides)}};
  surgery.json = document.dump(2);
  return surgery;
}

}  // namespace coxa::cli
