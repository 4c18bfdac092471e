#pragma once

#include "coxa/base/result.hpp"
#include "coxa/geometry/types.hpp"

#include <array>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace coxa {

enum class StructureGroup { Bone, Muscle, Vessel, Implant };

/// One row of resources/structures.json. `value` never changes once released.
struct Structure {
  std::uint8_t value = 0;    ///< in label maps
  std::string name;          ///< "hip_left", "sacrum": TotalSegmentator's style
  std::string kind;          ///< the name without its side: "hip"
  std::optional<Side> side;  ///< nothing for sacrum and lumbar_spine
  std::string english;
  std::string japanese;
  std::array<std::uint8_t, 3> rgb{};
  StructureGroup group = StructureGroup::Bone;
  std::string snomedCt;  ///< concept id; empty where none was found
};

/// The table of structures, read once and passed along.
class StructureTable {
 public:
  /// Errors Internal: the file is missing or malformed.
  static Result<StructureTable> load(const std::filesystem::path& file);
  static Result<StructureTable> loadDefault();  ///< resources/structures.json

  const std::vector<Structure>& all() const { return structures_; }
  const Structure* find(std::uint8_t value) const;
  const Structure* find(std::string_view name) const;
  const Structure* find(std::string_view kind, std::optional<Side> side) const;
  /// The same structure on the other side; the value itself for one without side.
  std::uint8_t mirrored(std::uint8_t value) const;
  /// The kinds a network learns (bones and muscles), without side, in the order of their first value: index 0
  /// is "background".
  std::vector<std::string> kinds() const;

 private:
  std::vector<Structure> structures_;
  std::array<int, 256> rowOfValue_{};
};

}  // namespace coxa
