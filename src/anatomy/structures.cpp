#include "coxa/anatomy/structures.hpp"

#include "coxa/base/files.hpp"
#include "coxa/base/resources.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>
#include <stdexcept>

namespace coxa {

namespace {

StructureGroup groupNamed(const std::string& name) {
  if (name == "bone") return StructureGroup::Bone;
  if (name == "muscle") return StructureGroup::Muscle;
  if (name == "vessel") return StructureGroup::Vessel;
  if (name == "implant") return StructureGroup::Implant;
  throw std::runtime_error("unknown group \"" + name + "\"");
}

std::optional<Side> sideNamed(const nlohmann::json& side) {
  if (side.is_null()) return std::nullopt;
  if (side == "left") return Side::Left;
  if (side == "right") return Side::Right;
  throw std::runtime_error("unknown side " + side.dump());
}

Structure structureFrom(const nlohmann::json& row) {
  Structure structure;
  structure.value = row.at("value").get<std::uint8_t>();
  structure.name = row.at("name");
  structure.kind = row.at("kind");
  structure.side = sideNamed(row.at("side"));
  structure.english = row.at("english");
  structure.japanese = row.at("japanese");
  structure.rgb = row.at("rgb");
  structure.group = groupNamed(row.at("group"));
  structure.snomedCt = row.at("snomedCt");
  return structure;
}

void requireUnique(const std::vector<Structure>& structures) {
  std::set<int> values{0};
  std::set<std::string> names;
  for (const auto& structure : structures) {
    if (!values.insert(structure.value).second)
      throw std::runtime_error("label value " + std::to_string(structure.value) +
                               " is reserved or used twice");
    if (!names.insert(structure.name).second)
      throw std::runtime_error("the name \"" + structure.name + "\" is used twice");
  }
}

}  // namespace

Result<StructureTable> StructureTable::load(const std::filesystem::path& file) {
  const auto text = readFile(file);
  if (!text)
    return internalError("The table of structures is missing. Install Coxa again.", text.error().message);
  try {
    StructureTable table;
    const auto document = nlohmann::json::parse(*text);
    for (const auto& row : document.at("structures")) table.structures_.push_back(structureFrom(row));
    requireUnique(table.structures_);
    table.rowOfValue_.fill(-1);
    for (std::size_t i = 0; i < table.structures_.size(); ++i)
      table.rowOfValue_[table.structures_[i].value] = static_cast<int>(i);
    return table;
  } catch (const std::exception& error) {
    return internalError("The table of structures " + file.string() + " is malformed. Install Coxa again.",
                         error.what());
  }
}

Result<StructureTable> StructureTable::loadDefault() {
  return load(resourcePath("structures.json"));
}

const Structure* StructureTable::find(std::uint8_t value) const {
  const int row = structures_.empty() ? -1 : rowOfValue_[value];
  return row < 0 ? nullptr : &structures_[static_cast<std::size_t>(row)];
}

const Structure* StructureTable::find(std::string_view name) const {
  const auto found = std::find_if(structures_.begin(), structures_.end(),
                                  [&](const Structure& structure) { return structure.name == name; });
  return found == structures_.end() ? nullptr : &*found;
}

const Structure* StructureTable::find(std::string_view kind, std::optional<Side> side) const {
  const auto found = std::find_if(structures_.begin(), structures_.end(), [&](const Structure& structure) {
    return structure.kind == kind && structure.side == side;
  });
  return found == structures_.end() ? nullptr : &*found;
}

std::uint8_t StructureTable::mirrored(std::uint8_t value) const {
  const Structure* structure = find(value);
  if (!structure || !structure->side) return value;
  const Structure* partner = find(structure->kind, other(*structure->side));
  return partner ? partner->value : value;
}

std::vector<std::string> StructureTable::kinds() const {
  std::vector<const Structure*> rows;
  for (const auto& structure : structures_)
    if (structure.group == StructureGroup::Bone || structure.group == StructureGroup::Muscle)
      rows.push_back(&structure);
  std::sort(rows.begin(), rows.end(),
            [](const Structure* a, const Structure* b) { return a->value < b->value; });
  std::vector<std::string> kinds{"background"};
  for (const Structure* row : rows)
    if (std::find(kinds.begin(), kinds.end(), row->kind) == kinds.end()) kinds.push_back(row->kind);
  return kinds;
}

}  // namespace coxa
