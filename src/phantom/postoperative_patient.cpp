#include "coxa/phantom/postoperative_patient.hpp"

#include "metal_scene.hpp"
#include "operation.hpp"
#include "scanner.hpp"

#include "coxa/base/files.hpp"
#include "coxa/geometry/stl.hpp"
#include "coxa/image/files.hpp"

namespace coxa {

namespace fs = std::filesystem;

Result<PostoperativePatient> makePostoperativePatient(const PhantomModel& model,
                                                      const VirtualPatientOptions& options,
                                                      const std::vector<HipReplacement>& replacements,
                                                      HuScale scale, const Job& job) {
  if (const auto checked = checkScan(options); !checked) return tl::unexpected(checked.error());
  const auto table = StructureTable::loadDefault();
  if (!table) return tl::unexpected(table.error());
  Random random(options.seed);
  job.report(0.0, "shaping the patient");
  const PatientShape shape = randomShape(model.atlas, random);
  const Grid grid = ctGrid(model.atlas, shape, options.spacingMm, options.matrix);
  if (const auto checked = checkReach(grid); !checked) return tl::unexpected(checked.error());
  const IndexBox box = bodyBox(model.atlas, shape, grid);
  const Grid part = cropped(grid, box);
  const CarriedTemplate anatomy(model.atlas, shape);
  Body whole = MovedAnatomy(part, anatomy, replacements, *table).bodyOn(part);
  openJointSpace(whole);
  const OperatedBody body = operated(std::move(whole), replacements, *table);
  if (job.cancelled()) return cancelled();
  job.report(0.15, "drawing the tissues");
  ScalarImage hu = renderedHu(body.whole, model.tissues, *table, random);
  fillCuts(body, hu);
  if (job.cancelled()) return cancelled();
  job.report(0.3, "scanning the metal");
  const SimulatedScanner scanner = metalScanner(grid);
  Scene scene = sceneOf(body, replacements, std::move(hu), scanner);
  blur(scene.tissue);
  blur(scene.withMetal);
  const std::vector<float> noiseHu = noiseHuBySlice(scene.withMetal.grid, random);
  addNoise(scene.withMetal, noiseHu, random);
  const SliceArtifacts artifacts =
      artifactsOf(scene, box, grid, scanner, noiseHu, random.seed(), job.part(0.3, 0.95));
  if (job.cancelled()) return cancelled();

  const float mostHu = highestHu(scale);
  const ScannedBody scanned{scene.withMetal, box, backOf(body.whole)};
  LandmarkSet landmarks = carried(model.atlas.landmarks, shape);
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
