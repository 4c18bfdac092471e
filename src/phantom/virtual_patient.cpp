#include "coxa/phantom/virtual_patient.hpp"

#include "infiltration.hpp"
#include "measured_truth.hpp"
#include "muscle_volume.hpp"
#include "reshaped_anatomy.hpp"
#include "scanner.hpp"
#include "vessels.hpp"

#include "coxa/base/files.hpp"
#include "coxa/image/files.hpp"

namespace coxa {

namespace fs = std::filesystem;

Result<VirtualPatient> makeVirtualPatient(const PhantomModel& model, const VirtualPatientOptions& options,
                                          const Job& job) {
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
  const IndexBox box = bodyBox(model.atlas, shape, grid);
  Body body = bodyOn(cropped(grid, box), *anatomy);
  body.knees = anatomy->knees();
  if (traits.vessels)
    body.vessels =
        vesselsIn(body, anatomy->followed(vesselTubes(model.vessels, shape, *traits.vessels, *table)));
  resizeMuscles(body, traits, *table);
  if (job.cancelled()) return cancelled();
  job.report(0.3, "drawing the tissues");
  const LandmarkSet& landmarks = anatomy->landmarks();
  const ScalarImage fat = intramuscularFat(body, traits, landmarks, *table, options.seed);
  auto [hu, boneDensity] = rendered(body, fat, model.tissues, traits, *table, random);
  if (job.cancelled()) return cancelled();
  job.report(0.8, "scanning");
  blur(hu);
  const auto structures = truthOf({body.labels, body.vessels, hu, fat, boneDensity}, traits, *table);
  addNoise(hu, noiseHuBySlice(hu.grid, random), random);
  const auto backY = traits.table ? std::optional(backOf(body)) : std::nullopt;
  VirtualPatient patient{scanOf({hu, box, backY}, {}, kMost12BitHu, grid), placed(body.labels, box, grid),
                         landmarks, placed(body.vessels, box, grid), structures};
  job.report(1.0, "virtual patient made");
  return patient;
}

Result<void> writeVirtualPatient(const fs::path& folder, const VirtualPatient& patient, std::uint64_t seed,
                                 const Job& job) {
  const CtSeriesInfo info = seriesInfo(seed);
  std::error_code error;
  fs::create_directories(folder / "truth", error);
  if (error)
    return badInput("Cannot make the folder " + folder.string() + ". Choose a place that can be written.",
                    error.message());
  if (auto done = writeCtSeries(folder / "dicom", patient.ct, info, job.part(0.0, 0.9)); !done) return done;
  if (auto done = writeImage(folder / "truth" / "labels.nrrd", patient.labels); !done) return done;
  if (!patient.vessels.empty())
    if (auto done = writeImage(folder / "truth" / "vessels.nrrd", patient.vessels); !done) return done;
  return writeFileAtomically(folder / "truth" / "densities.json", toJson(patient.structures)).and_then([&] {
    return writeFileAtomically(folder / "truth" / "landmarks.json", toJson(patient.landmarks));
  });
}

}  // namespace coxa
