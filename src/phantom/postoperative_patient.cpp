#include "coxa/phantom/postoperative_patient.hpp"

#include "infiltration.hpp"
#include "measured_truth.hpp"
#include "metal_scene.hpp"
#include "muscle_volume.hpp"
#include "operation.hpp"
#include "reshaped_anatomy.hpp"
#include "scanner.hpp"
#include "vessels.hpp"

#include "coxa/base/files.hpp"
#include "coxa/geometry/stl.hpp"
#include "coxa/image/files.hpp"

namespace coxa {

namespace fs = std::filesystem;

namespace {

LabelMap withoutImplants(LabelMap vessels, const LabelMap& implants) {
  for (std::size_t n = 0; n < vessels.voxels.size(); ++n)
    if (implants.voxels[n] != 0) vessels.voxels[n] = 0;
  return vessels;
}

std::vector<KneeLevels> afterReduction(std::vector<KneeLevels> knees,
                                       const std::vector<HipReplacement>& replacements,
                                       const StructureTable& table) {
  for (KneeLevels& knee : knees)
    for (const HipReplacement& each : replacements)
      if (table.find("femur", each.hip.side)->value == knee.femur) {
        const auto shift = static_cast<float>(each.hip.reduction().z());
        knee.junctionZ += shift;
        knee.jointLineZ += shift;
      }
  return knees;
}

}  // namespace

Result<PostoperativePatient> makePostoperativePatient(const PhantomModel& model,
                                                      const VirtualPatientOptions& options,
                                                      const std::vector<HipReplacement>& replacements,
                                                      HuScale scale, const Job& job) {
  const auto table = StructureTable::loadDefault();
  if (!table) return tl::unexpected(table.error());
  if (const auto checked = checkOptions(options, model, *table); !checked)
    return tl::unexpected(checked.error());
  const TissueTraits& traits = options.tissue;
  Random random(options.seed);
  job.report(0.0, "shaping the patient");
  const PatientShape shape = patientShape(model.atlas, options.shape, random);
  const auto anatomy = ReshapedAnatomy::build(model, shape, options, *table);
  if (!anatomy) return tl::unexpected(anatomy.error());
  const Grid grid = ctGrid(model.atlas, shape, anatomy->lowestMm(), options.spacingMm, options.matrix);
  if (const auto checked = checkReach(grid); !checked) return tl::unexpected(checked.error());
  const IndexBox box = bodyBox(model.atlas, shape, grid);
  const Grid part = cropped(grid, box);
  const MovedAnatomy operatedAnatomy(part, *anatomy, replacements, *table);
  Body whole = operatedAnatomy.bodyOn(part);
  openJointSpace(whole);
  whole.knees = afterReduction(anatomy->knees(), replacements, *table);
  if (traits.vessels)
    whole.vessels =
        vesselsIn(whole, moved(anatomy->followed(vesselTubes(model.vessels, shape, *traits.vessels, *table)),
                               operatedAnatomy.scannedFromOperated()));
  resizeMuscles(whole, traits, *table);
  const OperatedBody body = operated(std::move(whole), replacements, *table);
  if (job.cancelled()) return cancelled();
  job.report(0.15, "drawing the tissues");
  LandmarkSet landmarks = anatomy->landmarks();
  const ScalarImage fat = intramuscularFat(body.whole, traits, landmarks, *table, options.seed);
  auto [hu, boneDensity] = rendered(body.whole, fat, model.tissues, traits, *table, random);
  fillCuts(body, hu);
  if (job.cancelled()) return cancelled();
  job.report(0.3, "scanning the metal");
  const SimulatedScanner scanner = metalScanner(grid);
  Scene scene = sceneOf(body, replacements, std::move(hu), scanner);
  blur(scene.tissue);
  blur(scene.withMetal);
  const LabelMap vessels = withoutImplants(body.whole.vessels, body.implants);
  const auto structures = truthOf({body.labels, vessels, scene.tissue, fat, boneDensity}, traits, *table);
  const std::vector<float> noiseHu = noiseHuBySlice(scene.withMetal.grid, random);
  addNoise(scene.withMetal, noiseHu, random);
  const SliceArtifacts artifacts =
      artifactsOf(scene, box, grid, scanner, noiseHu, random.seed(), job.part(0.3, 0.95));
  if (job.cancelled()) return cancelled();

  const float mostHu = highestHu(scale);
  const ScannedBody scanned{scene.withMetal, box,
                            traits.table ? std::optional(backOf(body.whole)) : std::nullopt};
  for (const HipReplacement& each : replacements) landmarks = afterReplacement(std::move(landmarks), each);
  PostoperativePatient result{{scanOf(scanned, artifacts, mostHu, grid), placed(body.labels, box, grid),
                               std::move(landmarks), placed(vessels, box, grid), structures},
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
