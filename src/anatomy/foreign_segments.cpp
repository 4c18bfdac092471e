#include "coxa/anatomy/foreign_segments.hpp"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <set>

namespace coxa {

namespace {

// "Femur, left" and "left_femur" are the same words.
std::set<std::string> wordsOf(const std::string& text) {
  std::set<std::string> words;
  std::string word;
  for (const char c : text + ' ') {
    if (std::isalnum(static_cast<unsigned char>(c)) != 0) {
      word.push_back(static_cast<char>(std::tolower(static_cast<unsigned char>(c))));
    } else if (!word.empty()) {
      words.insert(std::move(word));
      word.clear();
    }
  }
  return words;
}

// Concepts of SNOMED CT and their older SNOMED RT names.
std::optional<Side> sideOf(const std::optional<Code>& code) {
  if (!code) return std::nullopt;
  if (code->value == "7771000" || code->value == "G-A101") return Side::Left;
  if (code->value == "24028007" || code->value == "G-A100") return Side::Right;
  return std::nullopt;
}

const Structure* structureWithCode(const Code& type, const StructureTable& table) {
  const auto found = std::find_if(table.all().begin(), table.all().end(), [&](const Structure& structure) {
    return (type.scheme == "SCT" && !type.value.empty() && structure.snomedCt == type.value) ||
           (type.scheme == "99COXA" && std::to_string(structure.value) == type.value);
  });
  return found != table.all().end() ? &*found : nullptr;
}

std::optional<std::string> meantByCode(const ForeignSegment& segment, const StructureTable& table) {
  if (!segment.type) return std::nullopt;
  const Structure* structure = structureWithCode(*segment.type, table);
  if (structure == nullptr) return std::nullopt;
  if (!structure->side) return structure->name;
  // A code of ours is one side's; SNOMED CT's is both sides', told apart by the modifier or the name.
  auto side = sideOf(segment.side);
  if (!side && segment.type->scheme == "99COXA") return structure->name;
  const auto words = wordsOf(segment.name);
  if (!side && words.contains("left") != words.contains("right"))
    side = words.contains("left") ? Side::Left : Side::Right;
  if (!side) return structure->kind;
  return table.find(structure->kind, side)->name;
}

std::optional<std::string> meantByName(const std::string& name, const StructureTable& table) {
  const auto words = wordsOf(name);
  for (const Structure& structure : table.all())
    if (words == wordsOf(structure.name) || words == wordsOf(structure.english)) return structure.name;
  for (const Structure& structure : table.all()) {
    const std::string english = structure.english.substr(0, structure.english.rfind(','));
    if (words == wordsOf(structure.kind) || words == wordsOf(english)) return structure.kind;
  }
  return std::nullopt;
}

tl::unexpected<Error> noLabelValue(const std::string& segment, const std::string& value) {
  return badInput("the segment \"" + segment + "\" has the value \"" + value +
                  "\". Label values are 1 to 255.");
}

std::string textOf(const HeaderTexts& header, const std::string& key) {
  const auto found = header.find(key);
  return found != header.end() ? found->second : std::string();
}

std::vector<std::string> splitAt(const std::string& text, char separator) {
  std::vector<std::string> parts{""};
  for (const char c : text) {
    if (c == separator)
      parts.emplace_back();
    else
      parts.back().push_back(c);
  }
  return parts;
}

std::optional<Code> slicerCode(const std::string& text) {
  const auto parts = splitAt(text, '^');
  if (parts.size() != 3 || parts[1].empty()) return std::nullopt;
  return Code{parts[0], parts[1], parts[2]};
}

// TerminologyEntry:context~category~type~modifier~…|
ForeignSegment describedBy(const std::string& name, const std::string& tags) {
  ForeignSegment segment{name, std::nullopt, std::nullopt};
  const std::string entry = "TerminologyEntry:";
  const auto start = tags.find(entry);
  if (start == std::string::npos) return segment;
  const auto fields =
      splitAt(tags.substr(start + entry.size(), tags.find('|', start) - start - entry.size()), '~');
  if (fields.size() > 3) {
    segment.type = slicerCode(fields[2]);
    segment.side = slicerCode(fields[3]);
  }
  return segment;
}

}  // namespace

std::optional<std::string> structureMeant(const ForeignSegment& segment, const StructureTable& table) {
  if (auto name = meantByCode(segment, table)) return name;
  return meantByName(segment.name, table);
}

UnderstoodSegments understood(const ForeignSegments& segments, const StructureTable& table) {
  UnderstoodSegments result;
  for (const auto& [value, segment] : segments) {
    if (const auto name = structureMeant(segment, table))
      result.names[value] = *name;
    else
      result.unknown.push_back(segment.name);
  }
  return result;
}

Result<ForeignSegments> slicerSegments(const HeaderTexts& header) {
  ForeignSegments segments;
  for (int n = 0;; ++n) {
    const std::string prefix = "Segment" + std::to_string(n) + "_";
    const std::string id = textOf(header, prefix + "ID");
    const std::string name = textOf(header, prefix + "Name");
    if (id.empty() && name.empty()) break;
    if (const std::string layer = textOf(header, prefix + "Layer"); !layer.empty() && layer != "0")
      return badInput(
          "the segments lie in several layers. In 3D Slicer choose Segmentations › Binary labelmap "
          "layers › Collapse labelmap layers and save again.");
    int value = 0;
    const std::string number = textOf(header, prefix + "LabelValue");
    std::from_chars(number.data(), number.data() + number.size(), value);
    if (value < 1 || value > 255) return noLabelValue(name, number);
    segments[static_cast<std::uint8_t>(value)] =
        describedBy(name.empty() ? id : name, textOf(header, prefix + "Tags"));
  }
  return segments;
}

}  // namespace coxa
