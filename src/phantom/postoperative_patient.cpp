#include "coxa/phantom/postoperative_patient.hpp"

#include "operation.hpp"
#include "reshaped_anatomy.hpp"
#include "scanner.hpp"

#include "coxa/base/files.hpp"
#include "coxa/geometry/stl.hpp"
#include "coxa/image/files.hpp"
#include "coxa/physics/simulated_scan.hpp"

#include <algorithm>
#include <limits>

namespace coxa {

namespace fs = std::filesystem;

namespace {

constexpr float kScarHu = 30.0F;  // what grows where bone was taken away
constexpr double kSourceToCenterMm = 570.0;

SimulatedScanOptions scanOptions() {
  SimulatedScanOptions options;
  options.sourceToCenterMm = kSourceToCenterMm;
  options.averageStarved = true;
  return options;
}

SliceGrid sliceGridOf(const Grid& grid) {
  return {grid.size.x(), grid.size.y(), grid.spacing.x(), grid.spacing.y(), 0.0, 0.0};
}

/// The replacements' parts by what they are made of, as shares on the body's grid.
using MetalShares = std::map<Material, ScalarImage>;

// Calls `use` with every voxel of the body that a part of a replacement fills, the share and the material.
template <class Use>
void forEachShare(const OperatedBody& body, const std::vector<HipReplacement>& replacements, const Use& use) {
  for (std::size_t side = 0; side < replacements.size(); ++side) {
    const ImplantShares& shares = body.shares[side];
    for (std::size_t part = 0; part < kImplantParts.size(); ++part) {
      const ScalarImage& share = shares.shares[part];
      const Material material = materialOf(kImplantParts[part], replacements[side].materials);
      for (int k = 0; k < share.grid.size.z(); ++k)
        for (int j = 0; j < share.grid.size.y(); ++j)
          for (int i = 0; i < share.grid.size.x(); ++i)
            if (const float value = share.at(i, j, k); value > 0.0F) {
              const Eigen::Vector3i at = shares.box.min + Eigen::Vector3i(i, j, k);
              use(body.labels.grid.offset(at.x(), at.y(), at.z()), value, material);
            }
    }
  }
}

// Polyethylene throws no artifacts: it is tissue for the scanner.
bool isMetal(Material material) {
  return material != Material::Polyethylene;
}

void fillCuts(const OperatedBody& body, ScalarImage& hu) {
  for (std::size_t n = 0; n < hu.voxels.size(); ++n)
    if (body.labels.voxels[n] != body.whole.labels.voxels[n]) hu.voxels[n] = kScarHu;
}

/// Tissue and liners in HU, blurred; the same with metal; and the metal by material.
struct Scene {
  ScalarImage tissue;
  ScalarImage withMetal;
  MetalShares metal;
};

Scene sceneOf(const OperatedBody& body, const std::vector<HipReplacement>& replacements, ScalarImage hu,
              const SimulatedScanner& scanner) {
  Scene scene;
  scene.tissue = std::move(hu);
  forEachShare(body, replacements, [&](std::size_t n, float share, Material material) {
    if (!isMetal(material)) {
      scene.tissue.voxels[n] += share * (scanner.huOf(material) - scene.tissue.voxels[n]);
      return;
    }
    auto& image = scene.metal[material];
    if (image.empty()) image = ScalarImage(body.labels.grid);
    image.voxels[n] += share;
  });
  scene.withMetal = scene.tissue;
  for (std::size_t n = 0; n < scene.withMetal.voxels.size(); ++n) {
    float tissueShare = 1.0F, metalHu = 0.0F;
    for (const auto& [material, share] : scene.metal) {
      tissueShare -= share.voxels[n];
      metalHu += share.voxels[n] * scanner.huOf(material);
    }
    scene.withMetal.voxels[n] = tissueShare * scene.withMetal.voxels[n] + metalHu;
  }
  blur(scene.tissue);
  blur(scene.withMetal);
  return scene;
}

// One slice of the body's part on the whole slice of the CT.
Slice wholeSlice(const ScalarImage& part, int k, const IndexBox& box, const Grid& grid, float outside) {
  Slice slice(sliceGridOf(grid), outside);
  for (int j = 0; j < part.grid.size.y(); ++j)
    for (int i = 0; i < part.grid.size.x(); ++i)
      slice.at(i + box.min.x(), j + box.min.y()) = part.at(i, j, k);
  return slice;
}

std::vector<MetalInsert> insertsOf(const MetalShares& metal, int k, const IndexBox& box, const Grid& grid) {
  std::vector<MetalInsert> inserts;
  for (const auto& [material, share] : metal) {
    const float* slice = share.slice(k);
    if (std::any_of(slice, slice + share.grid.offset(0, 0, 1), [](float value) { return value > 0.0F; }))
      inserts.push_back({material, wholeSlice(share, k, box, grid, 0.0F).pixels});
  }
  return inserts;
}

SliceArtifacts artifactsOf(const Scene& scene, const IndexBox& box, const Grid& grid,
                           const SimulatedScanner& scanner, const std::vector<float>& noiseHu,
                           std::uint64_t noiseSeed, const Job& job) {
  constexpr float kAirHu = -1000.0F;
  SliceArtifacts artifacts;
  const int slices = scene.tissue.grid.size.z();
  for (int k = 0; k < slices && !job.cancelled(); ++k) {
    job.report(static_cast<double>(k) / slices);
    const auto inserts = insertsOf(scene.metal, k, box, grid);
    if (inserts.empty()) continue;
    artifacts[k + box.min.z()] = scanner.metalArtifact(wholeSlice(scene.tissue, k, box, grid, kAirHu),
                                                       inserts, noiseHu[static_cast<std::size_t>(k)],
                                                       noiseSeed + static_cast<std::uint64_t>(k));
  }
  return artifacts;
}

}  // namespace

Result<PostoperativePatient> makePostoperativePatient(const PhantomModel& model,
                                                      const VirtualPatientOptions& options,
                                                      const std::vector<HipReplacement>& replacements,
                                                      HuScale scale, const Job& job) {
  if (const auto checked = checkScan(options); !checked) return tl::unexpected(checked.error());
  const auto table = StructureTable::loadDefault();
  if (!table) return tl::unexpected(table.error());
  Random random(options.seed);
  job.report(0.0, "shaping the patient");
  const PatientShape shape = patientShape(model.atlas, options.shape, random);
  const auto anatomy = ReshapedAnatomy::build(model.atlas, shape, options.shape, *table, options.seed);
  if (!anatomy) return tl::unexpected(anatomy.error());
  const Grid grid = ctGrid(model.atlas, shape, anatomy->riseMm(), options.spacingMm, options.matrix);
  if (sliceGridOf(grid).reachMm() >= kSourceToCenterMm)
    return fail(
        ErrorCode::Usage,
        "A slice of this size does not fit into the simulated scanner, 1140 mm across its corners. Take "
        "a smaller matrix or pixel.");
  const IndexBox box = bodyBox(model.atlas, shape, grid);
  const OperatedBody body = operated(cropped(grid, box), *anatomy, replacements, *table);
  if (job.cancelled()) return cancelled();
  job.report(0.15, "drawing the tissues");
  ScalarImage hu = renderedHu(body.whole, model.tissues, *table, random);
  fillCuts(body, hu);
  if (job.cancelled()) return cancelled();
  job.report(0.3, "scanning the metal");
  const SimulatedScanner scanner(sliceGridOf(grid), scanOptions());
  Scene scene = sceneOf(body, replacements, std::move(hu), scanner);
  const std::vector<float> noiseHu = noiseHuBySlice(scene.withMetal.grid, random);
  addNoise(scene.withMetal, noiseHu, random);
  const SliceArtifacts artifacts =
      artifactsOf(scene, box, grid, scanner, noiseHu, random.seed(), job.part(0.3, 0.95));
  if (job.cancelled()) return cancelled();

  const float mostHu = scale == HuScale::Extended ? std::numeric_limits<std::int16_t>::max() : kMost12BitHu;
  const ScannedBody scanned{scene.withMetal, box, backOf(body.whole)};
  LandmarkSet landmarks = anatomy->landmarks();
  for (const HipReplacement& each : replacements) landmarks = afterReplacement(std::move(landmarks), each);
  PostoperativePatient result{
      {scanOf(scanned, artifacts, mostHu, grid), placed(body.labels, box, grid), std::move(landmarks)},
      scanOf(scanned, {}, mostHu, grid),
      placed(body.implants, box, grid)};
  job.report(1.0, "virtual patient made");
  return result;
}

Result<void> writePostoperativePatient(const fs::path& folder, const PostoperativePatient& patient,
                                       const std::vector<HipReplacement>& replacements, std::uint64_t seed,
                                       const Job& job) {
  if (auto done = writeVirtualPatient(folder, patient.patient, seed, job); !done) return done;
  const fs::path truth = folder / "truth", meshes = truth / "meshes";
  if (auto done = writeImage(truth / "implants.nrrd", patient.implants); !done) return done;
  if (auto done = writeImage(truth / "ct_without_artifact.nrrd", patient.ctWithoutArtifact); !done)
    return done;
  std::error_code error;
  fs::create_directories(meshes, error);
  if (error)
    return badInput("Cannot make the folder " + meshes.string() + ". Choose a place that can be written.",
                    error.message());
  for (const HipReplacement& each : replacements)
    for (const NamedMesh& part : implantMeshes(each)) {
      const fs::path file = meshes / (std::string(name(each.hip.side)) + "-" + part.name + ".stl");
      if (auto done = writeFileAtomically(file, binaryStl(part.mesh)); !done) return done;
    }
  return {};
}

}  // namespace coxa
