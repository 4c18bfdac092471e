#include "surgery_options.hpp"

#include <map>
#include <vector>

namespace coxa::cli {

namespace {

void addMaterial(CLI::App& command, const std::string& option, Material& material, const std::string& what,
                 const std::vector<Material>& choices) {
  std::map<std::string, Material> names;
  for (const Material choice : choices) names[name(choice)] = choice;
  command.add_option(option, material, "Of the " + what)
      ->transform(CLI::CheckedTransformer(names, CLI::ignore_case))
      ->default_str(name(material));
}

}  // namespace

void addSurgeryOptions(CLI::App& command, const std::string& sidesOption, SurgeryArguments& arguments) {
  command.add_option(sidesOption, arguments.sides, "After hip replacement: right, left or both")
      ->check(CLI::IsMember({"right", "left", "both"}));
  HipMaterials& materials = arguments.options.materials;
  addMaterial(command, "--cup-material", materials.cup, "cup", {Material::Titanium, Material::CobaltChrome});
  addMaterial(command, "--stem-material", materials.stem, "stem",
              {Material::Titanium, Material::CobaltChrome});
  addMaterial(command, "--head-material", materials.head, "head",
              {Material::CobaltChrome, Material::Alumina});
  command.add_option("--screws", arguments.options.screws, "Screws in each cup")
      ->check(CLI::Range(0, 3))
      ->capture_default_str();
  command.add_flag("--extended-scale", arguments.extendedScale, "Store HU beyond 3071");
}

std::optional<VirtualSurgeryOptions> surgeryOf(const SurgeryArguments& arguments) {
  if (arguments.sides.empty()) return std::nullopt;
  VirtualSurgeryOptions options = arguments.options;
  if (arguments.sides != "left") options.sides.push_back(Side::Right);
  if (arguments.sides != "right") options.sides.push_back(Side::Left);
  return options;
}

}  // namespace coxa::cli
