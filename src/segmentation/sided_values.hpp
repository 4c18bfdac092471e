#pragma once

#include "sides.hpp"

#include "coxa/anatomy/structures.hpp"

#include <array>
#include <string>
#include <vector>

namespace coxa {

/// The structure's value for every class and side.
class ValueOf {
 public:
  ValueOf(const StructureTable& table, const std::vector<std::string>& kinds);
  std::uint8_t operator()(std::uint8_t kind, Side side) const {
    return values_[kind][side == Side::Left ? 0 : 1];
  }

 private:
  std::vector<std::array<std::uint8_t, 2>> values_;
};

/// Turns classes into values of structures.
void applySides(LabelMap& kinds, const ValueOf& valueOf, const MidsagittalPlane& plane);

}  // namespace coxa
