#include "phantom_tissue_options.hpp"

#include <set>

namespace coxa::cli {

namespace {

struct NamedNumber {
  std::string name;
  double value = 0.0;
};

Result<NamedNumber> namedNumber(const std::string& text) {
  const std::size_t equals = text.find('=');
  const std::string number = equals == std::string::npos ? text : text.substr(equals + 1);
  NamedNumber result;
  result.name = equals == std::string::npos ? "all" : text.substr(0, equals);
  std::size_t read = 0;
  try {
    result.value = std::stod(number, &read);
  } catch (const std::exception&) {
    read = 0;
  }
  if (read == number.size() && !number.empty()) return result;
  return fail(ErrorCode::Usage, "\"" + text + "\" is no NAME=NUMBER. Write for example all=0.8.");
}

/// Which of a group's structures a name means: one, both sides of a kind, or all.
Result<std::vector<const Structure*>> structuresOf(const std::string& name, StructureGroup group,
                                                   const StructureTable& table) {
  std::vector<const Structure*> meant;
  std::set<std::string> kinds;
  for (const Structure& structure : table.all()) {
    if (structure.group != group) continue;
    kinds.insert(structure.kind);
    if (name == "all" || name == structure.kind || name == structure.name) meant.push_back(&structure);
  }
  if (!meant.empty()) return meant;
  std::string list;
  for (const std::string& kind : kinds) list += ", " + kind;
  return fail(ErrorCode::Usage, "\"" + name + "\" is unknown here. There are: all" + list +
                                    "; one side of what has sides as NAME_left or NAME_right.");
}

/// Calls `set` with every structure that the pairs name, and the number.
template <class Set>
Result<void> forEachPair(const std::vector<std::string>& pairs, StructureGroup group,
                         const StructureTable& table, const Set& set) {
  for (const std::string& pair : pairs) {
    const auto number = namedNumber(pair);
    if (!number) return tl::unexpected(number.error());
    const auto structures = structuresOf(number->name, group, table);
    if (!structures) return tl::unexpected(structures.error());
    for (const Structure* structure : *structures) set(*structure, number->value);
  }
  return {};
}

}  // namespace

void addTissueOptions(CLI::App& command, TissueArguments& arguments) {
  command
      .add_option("--muscle-volume", arguments.muscleVolumes,
                  "NAME=FACTOR, 0.5 to 1.2: of a muscle, a kind of muscle or all; later ones win")
      ->type_name("NAME=FACTOR");
  command
      .add_option("--fatty-infiltration", arguments.fatShares,
                  "NAME=SHARE, 0 to 0.6: how much of the muscle is fat; later ones win")
      ->type_name("NAME=SHARE");
  command
      .add_option("--bone-density", arguments.boneDensities,
                  "FACTOR for all bones or NAME=FACTOR for a kind, 0.4 to 1.5")
      ->type_name("FACTOR");
  command.add_flag("--vessels", arguments.vessels, "Draw iliac and femoral arteries and veins");
  command
      .add_option("--contrast", arguments.contrastHu,
                  "HU of the blood, of arteries and of veins if two; draws the vessels")
      ->expected(1, 2)
      ->type_name("HU");
  command.add_option("--skin", arguments.skinMm, "Thickness of the skin in mm, 0.5 to 6");
  command.add_option("--bowel-gas", arguments.bowelGas, "Factor on the gas in the bowel, 0 to 5");
  command.add_flag("--no-table", arguments.noTable, "Without the scanner's table");
  command.add_flag("--meshes", arguments.meshes, "Write truth/meshes/STRUCTURE.stl");
}

Result<TissueTraits> tissueTraitsOf(const TissueArguments& arguments, std::uint64_t seed,
                                    std::optional<Side> badSide, const StructureTable& table) {
  TissueTraits traits = arguments.draw ? drawnTissueTraits(seed, table, badSide) : TissueTraits{};
  if (auto done = forEachPair(
          arguments.muscleVolumes, StructureGroup::Muscle, table,
          [&](const Structure& muscle, double volume) { traits.muscles[muscle.name].volume = volume; });
      !done)
    return tl::unexpected(done.error());
  if (auto done = forEachPair(
          arguments.fatShares, StructureGroup::Muscle, table,
          [&](const Structure& muscle, double share) { traits.muscles[muscle.name].fatShare = share; });
      !done)
    return tl::unexpected(done.error());
  if (auto done =
          forEachPair(arguments.boneDensities, StructureGroup::Bone, table,
                      [&](const Structure& bone, double factor) { traits.boneDensity[bone.kind] = factor; });
      !done)
    return tl::unexpected(done.error());
  if ((arguments.vessels || !arguments.contrastHu.empty()) && !traits.vessels)
    traits.vessels = VesselTraits{};
  if (!arguments.contrastHu.empty()) {
    traits.vessels->arteryHu = arguments.contrastHu.front();
    traits.vessels->veinHu = arguments.contrastHu.back();
  }
  if (arguments.skinMm) traits.skinMm = arguments.skinMm;
  if (arguments.bowelGas) traits.bowelGas = *arguments.bowelGas;
  if (arguments.noTable) traits.table = false;
  if (auto checked = checkTissueTraits(traits, table); !checked) return tl::unexpected(checked.error());
  return traits;
}

}  // namespace coxa::cli
