#include "missing_structures.hpp"

#include <gtest/gtest.h>

namespace coxa {

namespace {

// Ten paired structures of 20 ml on each side.
std::vector<StructureSummary> bothSides(const StructureTable& table) {
  std::vector<StructureSummary> rows;
  for (const std::string kind : {"hip", "femur", "gluteus_maximus", "gluteus_medius", "gluteus_minimus",
                                 "iliacus", "pectineus", "piriformis", "gracilis", "sartorius"})
    for (const std::string side : {"_left", "_right"}) {
      StructureSummary row;
      row.name = kind + side;
      row.value = table.find(row.name)->value;
      row.volumeMl.value = 20.0;
      rows.push_back(row);
    }
  return rows;
}

std::vector<StructureSummary> without(std::vector<StructureSummary> rows, const std::string& part) {
  std::erase_if(rows, [&](const auto& row) { return row.name.find(part) != std::string::npos; });
  return rows;
}

}  // namespace

TEST(MissingStructures, NamesWhatIsOnTheOtherSideAlone) {
  const auto table = StructureTable::loadDefault().value();
  EXPECT_TRUE(missingStructures(bothSides(table), table).empty());
  EXPECT_EQ(missingStructures(without(bothSides(table), "gracilis_left"), table),
            std::vector<std::string>{"gracilis_left"});
}

TEST(MissingStructures, NamesWhatIsAScrapHere) {
  const auto table = StructureTable::loadDefault().value();
  auto rows = bothSides(table);
  for (auto& row : rows)
    if (row.name == "sartorius_right") row.volumeMl.value = 1.9;
  EXPECT_EQ(missingStructures(rows, table), std::vector<std::string>{"sartorius_right"});
}

TEST(MissingStructures, AScanOfOneHipMissesNothing) {
  const auto table = StructureTable::loadDefault().value();
  EXPECT_TRUE(missingStructures(without(bothSides(table), "_left"), table).empty());
}

}  // namespace coxa
