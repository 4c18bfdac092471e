#pragma once

#include "coxa/anatomy/structures.hpp"
#include "coxa/casefile/contents.hpp"
#include "coxa/image/files.hpp"

#include <gtest/gtest.h>

#include <filesystem>

namespace coxa {

/// A case of a few voxels, as if segmented: hip_left 24, femur_right 12 and quadratus_lumborum_left 6 voxels.
inline Grid madeGrid() {
  Grid grid;
  grid.size = {6, 5, 4};
  grid.spacing = {1.5, 2.0, 3.0};
  grid.origin = {-12.0, 4.5, -700.25};
  return grid;
}

inline LabelMap madeLabels() {
  const auto table = StructureTable::loadDefault().value();
  LabelMap labels(madeGrid());
  for (int k = 0; k < 4; ++k)
    for (int j = 0; j < 3; ++j) {
      for (int i = 0; i < 2; ++i) labels.at(4 + i, j, k) = table.find("hip_left")->value;
      labels.at(1, j, k) = table.find("femur_right")->value;
    }
  for (int i = 0; i < 6; ++i) labels.at(i, 4, 2) = table.find("quadratus_lumborum_left")->value;
  return labels;
}

inline ScalarImage madeUncertainty() {
  ScalarImage map(madeGrid());
  for (std::size_t n = 0; n < map.voxels.size(); ++n) map.voxels[n] = 0.001F * static_cast<float>(n);
  return map;
}

inline Volume madeCt() {
  Volume ct(madeGrid());
  for (std::size_t n = 0; n < ct.voxels.size(); ++n) ct.voxels[n] = static_cast<std::int16_t>(7 * n - 300);
  return ct;
}

inline void makeCase(const std::filesystem::path& folder) {
  auto made = Case::create(folder, "P-00abcd");
  ASSERT_TRUE(made);
  ASSERT_TRUE(putImport(*made, madeCt(), {}));
  ASSERT_TRUE(made->put(Stage::Segmentation, {{"model", "drawn"}}, [](const std::filesystem::path& into) {
    return writeImage(into / "labels.nrrd", madeLabels()).and_then([&] {
      return writeImage(into / "uncertainty.nrrd", madeUncertainty());
    });
  }));
}

}  // namespace coxa
