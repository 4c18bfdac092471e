#include "coxa/phantom/virtual_patient.hpp"

#include "body.hpp"

#include "coxa/base/files.hpp"
#include "coxa/dicom/ct_writer.hpp"
#include "coxa/image/files.hpp"
#include "coxa/image/filters.hpp"
#include "coxa/phantom/noise.hpp"

#include <tbb/parallel_for.h>

#include <algorithm>
#include <cmath>

namespace coxa {

namespace fs = std::filesystem;

namespace {

// The lowest point (largest y) of the body.
double backOf(const Body& body) {
  const Grid& grid = body.labels.grid;
  for (int j = grid.size.y() - 1; j >= 0; --j)
    for (int k = 0; k < grid.size.z(); ++k)
      for (int i = 0; i < grid.size.x(); ++i)
        if (body.surroundings.at(i, j, k) != 0) return grid.worldFromIndex(Vec3(i, j, k)).y();
  return grid.worldFromIndex(Vec3(0, grid.size.y() - 1, 0)).y();
}

// The scanner's blur and noise; more noise across the pelvis, where more X-rays are lost.
void addScanner(ScalarImage& hu, Random& random) {
  const Vec3 spacing = hu.grid.spacing;
  hu = smoothed(hu, Vec3(0.5, 0.5, 0.25 * spacing.z()));
  const auto sdHu = static_cast<float>(random.uniform(5.0, 8.0));
  const ScalarImage noise = correlatedNoise(hu.grid, Vec3(0.9, 0.9, 0.0), random.seed());
  for (int k = 0; k < hu.grid.size.z(); ++k) {
    const double z = hu.grid.worldFromIndex(Vec3(0, 0, k)).z() / 120.0;
    const auto sd = sdHu * static_cast<float>(1.0 + 0.5 * std::exp(-z * z));
    for (std::size_t n = hu.grid.offset(0, 0, k); n < hu.grid.offset(0, 0, k + 1); ++n)
      hu.voxels[n] += sd * noise.voxels[n];
  }
}

Volume scanWithTable(const Grid& grid, double backY) {
  Volume ct(grid);
  for (int j = 0; j < grid.size.y(); ++j)
    for (int i = 0; i < grid.size.x(); ++i) {
      const Vec3 p = grid.worldFromIndex(Vec3(i, j, 0));
      const double fromMiddle = p.x() - grid.center().x();
      ct.at(i, j, 0) = static_cast<std::int16_t>(tableHu(fromMiddle, p.y(), backY));
    }
  for (int k = 1; k < grid.size.z(); ++k) std::copy_n(ct.slice(0), grid.offset(0, 0, 1), ct.slice(k));
  return ct;
}

template <class From, class To, class Value>
void paste(const Image<From>& part, const IndexBox& box, Image<To>& whole, const Value& value) {
  tbb::parallel_for(0, part.grid.size.z(), [&](int k) {
    for (int j = 0; j < part.grid.size.y(); ++j)
      for (int i = 0; i < part.grid.size.x(); ++i) {
        To& to = whole.at(i + box.min.x(), j + box.min.y(), k + box.min.z());
        to = value(part.at(i, j, k), to);
      }
  });
}

// Where the body's part shows air, what lies behind it (the table) shows through, with the noise.
std::int16_t overTable(float hu, std::int16_t behind) {
  const float total = hu + (hu < -900.0F ? static_cast<float>(behind) + 1000.0F : 0.0F);
  return static_cast<std::int16_t>(std::lround(std::clamp(total, -1024.0F, 3071.0F)));
}

}  // namespace

Result<VirtualPatient> makeVirtualPatient(const PhantomModel& model, const VirtualPatientOptions& options,
                                          const Job& job) {
  if (options.matrix < 2 || !(options.spacingMm.minCoeff() > 0.0))
    return fail(ErrorCode::Usage,
                "A virtual patient's CT needs a matrix of at least 2 and spacings above 0.");
  const auto table = StructureTable::loadDefault();
  if (!table) return tl::unexpected(table.error());
  Random random(options.seed);
  job.report(0.0, "shaping the patient");
  const PatientShape shape = randomShape(model.atlas, random);
  const Grid grid = ctGrid(model.atlas, shape, options.spacingMm, options.matrix);
  const IndexBox box = bodyBox(model.atlas, shape, grid);
  const Body body = bodyOn(cropped(grid, box), model.atlas, shape);
  if (job.cancelled()) return cancelled();
  job.report(0.3, "drawing the tissues");
  ScalarImage hu = renderedHu(body, model.tissues, *table, random);
  if (job.cancelled()) return cancelled();
  job.report(0.8, "scanning");
  addScanner(hu, random);
  VirtualPatient patient{scanWithTable(grid, backOf(body)), LabelMap(grid),
                         carried(model.atlas.landmarks, shape)};
  paste(hu, box, patient.ct, overTable);
  paste(body.labels, box, patient.labels, [](std::uint8_t label, std::uint8_t) { return label; });
  job.report(1.0, "virtual patient made");
  return patient;
}

Result<void> writeVirtualPatient(const fs::path& folder, const VirtualPatient& patient, std::uint64_t seed,
                                 const Job& job) {
  CtSeriesInfo info;
  info.patientName = PersonName("Virtual^Patient " + std::to_string(seed));
  info.patientId = "VIRTUAL-" + std::to_string(seed);
  info.studyDescription = "Virtual patient";
  info.seriesDescription = "Simulated CT";
  info.kernel = "SIMULATED";
  info.seed = seed;
  std::error_code error;
  fs::create_directories(folder / "truth", error);
  if (error)
    return badInput("Cannot make the folder " + folder.string() + ". Choose a place that can be written.",
                    error.message());
  if (auto done = writeCtSeries(folder / "dicom", patient.ct, info, job.part(0.0, 0.9)); !done) return done;
  if (auto done = writeImage(folder / "truth" / "labels.nrrd", patient.labels); !done) return done;
  return writeFileAtomically(folder / "truth" / "landmarks.json", toJson(patient.landmarks));
}

}  // namespace coxa
