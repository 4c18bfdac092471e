#include "measured_truth.hpp"

#include "coxa/anatomy/surfaces.hpp"
#include "coxa/base/files.hpp"
#include "coxa/geometry/stl.hpp"
#include "coxa/physics/materials.hpp"

#include <array>
#include <cmath>
#include <nlohmann/json.hpp>

namespace coxa {

namespace {

struct Sums {
  std::size_t voxels = 0;
  double hu = 0.0, squares = 0.0, fat = 0.0;
};

std::array<Sums, 256> sumsOf(const DrawnTissue& tissue) {
  std::array<Sums, 256> sums;
  for (std::size_t n = 0; n < tissue.hu.voxels.size(); ++n) {
    const std::uint8_t vessel = tissue.vessels.empty() ? 0 : tissue.vessels.voxels[n];
    Sums& sum = sums[vessel ? vessel : tissue.labels.voxels[n]];
    const double hu = tissue.hu.voxels[n];
    ++sum.voxels;
    sum.hu += hu;
    sum.squares += hu * hu;
    if (!tissue.fat.empty()) sum.fat += tissue.fat.voxels[n];
  }
  return sums;
}

// HU are linear in the share of bone in water, as attenuation is.
double equivalentGPerCm3(double meanHu) {
  constexpr double kKev = 70.0;
  const double water = attenuationPerMm(Material::Water, kKev);
  const double boneHu = 1000.0 * (attenuationPerMm(Material::CorticalBone, kKev) / water - 1.0);
  const double share = meanHu / boneHu;
  return densityGPerCm3(Material::Water) +
         share * (densityGPerCm3(Material::CorticalBone) - densityGPerCm3(Material::Water));
}

}  // namespace

std::vector<StructureTruth> truthOf(const DrawnTissue& tissue, const TissueTraits& traits,
                                    const StructureTable& table) {
  const auto sums = sumsOf(tissue);
  std::vector<StructureTruth> truths;
  for (const Structure& structure : table.all()) {
    const Sums& sum = sums[structure.value];
    if (sum.voxels == 0) continue;
    const auto count = static_cast<double>(sum.voxels);
    StructureTruth truth;
    truth.name = structure.name;
    truth.value = structure.value;
    truth.voxels = sum.voxels;
    truth.volumeMl = count * tissue.labels.grid.voxelVolumeMm3() / 1000.0;
    truth.meanHu = sum.hu / count;
    truth.sdHu = std::sqrt(std::max(sum.squares / count - truth.meanHu * truth.meanHu, 0.0));
    if (structure.group == StructureGroup::Muscle) {
      truth.fatShare = sum.fat / count;
      truth.leanVolumeMl = truth.volumeMl * (1.0 - *truth.fatShare);
    }
    if (structure.group == StructureGroup::Bone) {
      truth.densityFactor = tissue.boneDensity * traits.densityOf(structure.kind);
      truth.equivalentGPerCm3 = equivalentGPerCm3(truth.meanHu);
    }
    truths.push_back(std::move(truth));
  }
  return truths;
}

std::string toJson(const std::vector<StructureTruth>& structures) {
  nlohmann::ordered_json document = {{"version", 1}};
  for (const StructureTruth& truth : structures) {
    nlohmann::ordered_json row = {{"value", truth.value},
                                  {"voxels", truth.voxels},
                                  {"volumeMl", truth.volumeMl},
                                  {"meanHu", truth.meanHu},
                                  {"sdHu", truth.sdHu}};
    const auto add = [&row](const char* key, const std::optional<double>& number) {
      if (number) row[key] = *number;
    };
    add("fatShare", truth.fatShare);
    add("leanVolumeMl", truth.leanVolumeMl);
    add("densityFactor", truth.densityFactor);
    add("equivalentGPerCm3", truth.equivalentGPerCm3);
    document["structures"][truth.name] = std::move(row);
  }
  return document.dump(1) + "\n";
}

Result<void> writeStructureMeshes(const std::filesystem::path& folder, const LabelMap& labels,
                                  const StructureTable& table, const Job& job) {
  const auto surfaces = surfacesOf(labels, {}, job);
  if (!surfaces) return tl::unexpected(surfaces.error());
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error)
    return badInput("Cannot make the folder " + folder.string() + ". Choose a place that can be written.",
                    error.message());
  for (const auto& [value, mesh] : *surfaces)
    if (const Structure* structure = table.find(value))
      if (auto done = writeFileAtomically(folder / (structure->name + ".stl"), binaryStl(mesh)); !done)
        return done;
  return {};
}

}  // namespace coxa
