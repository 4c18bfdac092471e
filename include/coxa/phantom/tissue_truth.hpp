#pragma once

#include "coxa/anatomy/structures.hpp"
#include "coxa/base/job.hpp"
#include "coxa/image/image.hpp"

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace coxa {

/// What is truly in the voxels of one structure. HU are those of the scan without noise, metal and artifact,
/// partial volume included.
struct StructureTruth {
  std::string name;
  std::uint8_t value = 0;
  std::size_t voxels = 0;
  double volumeMl = 0.0;
  double meanHu = 0.0;
  double sdHu = 0.0;
  std::optional<double> fatShare;       ///< muscles: of the outline, fat among the fascicles
  std::optional<double> leanVolumeMl;   ///< muscles: the outline without that fat
  std::optional<double> densityFactor;  ///< bones: of this patient against the measured tissue
  /// Bones: density of the mixture of water and cortical bone (ICRU Report 44) that has the mean HU at 70
  /// keV.
  std::optional<double> equivalentGPerCm3;
};

/// The document truth/densities.json.
std::string toJson(const std::vector<StructureTruth>& structures);

/// STRUCTURE.stl in LPS mm in the folder, for every structure in the labels. Errors BadInput: the place
/// cannot be written; Cancelled.
Result<void> writeStructureMeshes(const std::filesystem::path& folder, const LabelMap& labels,
                                  const StructureTable& table, const Job& job);

}  // namespace coxa
