#include "coxa/phantom/tissue_traits.hpp"

#include "random.hpp"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <set>

namespace coxa {

namespace {

constexpr std::uint64_t kOwnStream = 0x7469737375657321ULL;

Result<void> inRange(const std::string& what, double value, double least, double most) {
  if (value >= least && value <= most) return {};
  const auto text = [](double number) { return nlohmann::json(number).dump(); };
  return fail(ErrorCode::Usage, "The " + what + " must lie between " + text(least) + " and " + text(most) +
                                    "; it is " + text(value) + ".");
}

template <class Name>
std::string listOf(const StructureTable& table, StructureGroup group, const Name& nameOf) {
  std::string list, last;
  for (const Structure& structure : table.all()) {
    if (structure.group != group || nameOf(structure) == last) continue;
    last = nameOf(structure);
    list += (list.empty() ? "" : ", ") + last;
  }
  return list;
}

Result<void> checkMuscles(const TissueTraits& traits, const StructureTable& table) {
  for (const auto& [name, muscle] : traits.muscles) {
    const Structure* structure = table.find(name);
    if (!structure || structure->group != StructureGroup::Muscle)
      return fail(ErrorCode::Usage,
                  "There is no muscle " + name + ". There are: " +
                      listOf(table, StructureGroup::Muscle, [](const Structure& each) { return each.name; }) +
                      ".");
    if (auto checked = inRange("volume of " + name, muscle.volume, 0.5, 1.2); !checked) return checked;
    if (auto checked = inRange("share of fat in " + name, muscle.fatShare, 0.0, 0.6); !checked)
      return checked;
  }
  return {};
}

Result<void> checkBones(const TissueTraits& traits, const StructureTable& table) {
  std::set<std::string> kinds;
  for (const Structure& structure : table.all())
    if (structure.group == StructureGroup::Bone) kinds.insert(structure.kind);
  for (const auto& [kind, factor] : traits.boneDensity) {
    if (kinds.count(kind) == 0)
      return fail(ErrorCode::Usage,
                  "There is no bone " + kind + ". There are: " +
                      listOf(table, StructureGroup::Bone, [](const Structure& each) { return each.kind; }) +
                      ".");
    if (auto checked = inRange("density of " + kind, factor, 0.4, 1.5); !checked) return checked;
  }
  return {};
}

/// How much fat a kind of muscle has in the middle of patients: gluteus medius and minimus as measured, the
/// others assumed less with the distance from the hip.
double medianFatShare(const std::string& kind) {
  static const std::map<std::string, double> shares = {
      {"gluteus_medius", 0.14},       {"gluteus_minimus", 0.14}, {"gluteus_maximus", 0.12},
      {"tensor_fasciae_latae", 0.12}, {"piriformis", 0.10},      {"erector_spinae", 0.12}};
  const auto found = shares.find(kind);
  return found != shares.end() ? found->second : 0.06;
}

struct BadSide {
  Side side = Side::Right;
  double volume = 1.0;   // of its muscles against the other side's
  double moreFat = 0.0;  // share
};

BadSide drawnBadSide(std::optional<Side> side, Random& random) {
  BadSide bad;
  const Side drawn = random.uniform(0.0, 1.0) < 0.5 ? Side::Right : Side::Left;
  bad.side = side.value_or(drawn);
  bad.volume = random.normal(1.0 - 0.163, 0.08);
  bad.moreFat = random.normal(0.055, 0.025);
  return bad;
}

void drawMuscles(TissueTraits& traits, const StructureTable& table, std::optional<Side> badSide,
                 Random& random) {
  const BadSide bad = drawnBadSide(badSide, random);
  const double build = random.normal(0.95, 0.1), fatness = random.normal(0.0, 0.8);
  for (const Structure& structure : table.all()) {
    if (structure.group != StructureGroup::Muscle) continue;
    const bool ill = structure.side == bad.side;
    const double own = random.normal(0.0, 0.6);
    MuscleTraits muscle;
    muscle.volume = build * random.normal(1.0, 0.05) * (ill ? bad.volume : 1.0);
    muscle.fatShare =
        medianFatShare(structure.kind) * std::exp(0.65 * (fatness + own)) + (ill ? bad.moreFat : 0.0);
    traits.muscles[structure.name] = {std::clamp(muscle.volume, 0.5, 1.2),
                                      std::clamp(muscle.fatShare, 0.0, 0.6)};
  }
}

void drawBones(TissueTraits& traits, const StructureTable& table, Random& random) {
  const double everywhere = random.normal(0.9, 0.13);
  for (const Structure& structure : table.all())
    if (structure.group == StructureGroup::Bone && traits.boneDensity.count(structure.kind) == 0)
      traits.boneDensity[structure.kind] = std::clamp(everywhere * random.normal(1.0, 0.04), 0.4, 1.5);
}

VesselTraits drawnVessels(Random& random) {
  VesselTraits vessels;
  vessels.diameter = random.normal(1.0, 0.12);
  const double phase = random.uniform(0.0, 1.0);
  const double blood = random.normal(45.0, 4.0), arterial = random.normal(250.0, 50.0),
               venous = random.normal(140.0, 20.0);
  vessels.arteryHu = phase < 0.5 ? blood : phase < 0.75 ? arterial : venous;
  vessels.veinHu = phase < 0.75 ? blood : venous;
  return vessels;
}

}  // namespace

MuscleTraits TissueTraits::muscle(const std::string& structure) const {
  const auto found = muscles.find(structure);
  return found != muscles.end() ? found->second : MuscleTraits{};
}

double TissueTraits::densityOf(const std::string& boneKind) const {
  const auto found = boneDensity.find(boneKind);
  return found != boneDensity.end() ? found->second : 1.0;
}

Result<void> checkTissueTraits(const TissueTraits& traits, const StructureTable& table) {
  if (auto checked = checkMuscles(traits, table); !checked) return checked;
  if (auto checked = checkBones(traits, table); !checked) return checked;
  if (traits.vessels) {
    const VesselTraits& vessels = *traits.vessels;
    if (auto checked = inRange("factor on the vessels' diameters", vessels.diameter, 0.6, 1.4); !checked)
      return checked;
    if (auto checked = inRange("HU of arteries", vessels.arteryHu, 0.0, 1000.0); !checked) return checked;
    if (auto checked = inRange("HU of veins", vessels.veinHu, 0.0, 1000.0); !checked) return checked;
  }
  if (traits.skinMm)
    if (auto checked = inRange("thickness of the skin", *traits.skinMm, 0.5, 6.0); !checked) return checked;
  return inRange("factor on bowel gas", traits.bowelGas, 0.0, 5.0);
}

TissueTraits drawnTissueTraits(std::uint64_t seed, const StructureTable& table, std::optional<Side> badSide) {
  Random random(seed ^ kOwnStream);
  TissueTraits traits;
  drawMuscles(traits, table, badSide, random);
  drawBones(traits, table, random);
  traits.vessels = drawnVessels(random);
  traits.skinMm = random.normal(2.2, 0.35);
  traits.bowelGas = random.uniform(0.0, 2.5);
  return traits;
}

std::string toJson(const TissueTraits& traits, const StructureTable& table) {
  nlohmann::ordered_json document;
  for (const Structure& structure : table.all()) {
    if (structure.group == StructureGroup::Muscle) {
      const MuscleTraits muscle = traits.muscle(structure.name);
      document["muscles"][structure.name] = {{"volume", muscle.volume}, {"fatShare", muscle.fatShare}};
    }
    if (structure.group == StructureGroup::Bone)
      document["boneDensity"][structure.kind] = traits.densityOf(structure.kind);
  }
  document["vessels"] = nullptr;
  if (const auto& vessels = traits.vessels)
    document["vessels"] = {
        {"diameter", vessels->diameter}, {"arteryHu", vessels->arteryHu}, {"veinHu", vessels->veinHu}};
  document["skinMm"] = nullptr;
  if (traits.skinMm) document["skinMm"] = *traits.skinMm;
  document["bowelGas"] = traits.bowelGas;
  document["table"] = traits.table;
  return document.dump();
}

}  // namespace coxa
