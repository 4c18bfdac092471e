// phantom and atlas: virtual patients, and the shapes they come from.
#include "command.hpp"
#include "ct_input.hpp"
#include "phantom_shape_options.hpp"
#include "phantom_tissue_options.hpp"
#include "surgery_options.hpp"

#include "coxa/anatomy/frames.hpp"
#include "coxa/anatomy/structures.hpp"
#include "coxa/base/files.hpp"
#include "coxa/base/resources.hpp"
#include "coxa/image/files.hpp"
#include "coxa/phantom/phantom_model.hpp"
#include "coxa/phantom/postoperative_patient.hpp"

#include <unistd.h>

#include <atomic>
#include <future>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <thread>

namespace coxa::cli {

namespace fs = std::filesystem;

namespace {

struct PhantomArguments {
  VirtualPatientOptions options;
  std::string atlas = modelPath("hip-atlas").string();
  std::string output;
  TissueArguments tissue;
  std::optional<VirtualSurgeryOptions> surgery;
  HuScale scale = HuScale::Clipped12Bit;
  bool drawTraits = false;
  PhantomShapeOptions shape;
  int count = 0;  // 0: one patient, right in the output folder
  int jobs = 0;   // 0: as many as the machine bears
};

// What a scan to the knee tells of the femora.
Result<nlohmann::ordered_json> kneesJson(const LandmarkSet& landmarks) {
  nlohmann::ordered_json knees;
  for (const Side side : {Side::Left, Side::Right}) {
    const auto version = neckVersionDeg(landmarks, side);
    if (!version) return tl::unexpected(version.error());
    knees[name(side)] = {{"neckVersionDeg", *version}};
  }
  return knees;
}

// truth/traits.json, and the structures' surfaces where they are wanted.
Result<void> writeTraits(const fs::path& folder, const VirtualPatient& patient,
                         const VirtualPatientOptions& options, const PhantomArguments& arguments,
                         const Job& job) {
  const auto table = StructureTable::loadDefault();
  if (!table) return tl::unexpected(table.error());
  nlohmann::ordered_json document = {
      {"schema", "coxa.traits/1"},
      {"seed", options.seed},
      {"shape", nlohmann::ordered_json::parse(toJson(options.shape))},
      {"tissue", nlohmann::ordered_json::parse(toJson(options.tissue, *table))}};
  if (options.extent == ScanExtent::Knee) {
    auto knees = kneesJson(patient.landmarks);
    if (!knees) return tl::unexpected(knees.error());
    document["knees"] = std::move(*knees);
  }
  const fs::path truth = folder / "truth";
  if (auto done = writeFileAtomically(truth / "traits.json", document.dump(1) + "\n"); !done) return done;
  if (!arguments.tissue.meshes) return {};
  return writeStructureMeshes(truth / "meshes", patient.labels, *table, job);
}

Result<void> makeOperated(const PhantomModel& model, const VirtualPatientOptions& options,
                          const PhantomArguments& arguments, const fs::path& folder, const Job& job) {
  VirtualSurgery surgery;
  {
    const auto before = makeVirtualPatient(model, options, job.part(0.0, 0.2));
    if (!before) return tl::unexpected(before.error());
    auto operated = operateVirtually(*before, *arguments.surgery, options.seed, job.part(0.2, 0.3));
    if (!operated) return tl::unexpected(operated.error());
    surgery = std::move(*operated);
  }
  const auto patient =
      makePostoperativePatient(model, options, surgery.replacements, arguments.scale, job.part(0.3, 0.95));
  if (!patient) return tl::unexpected(patient.error());
  return writePostoperativePatient(folder, *patient, surgery.replacements, options.seed, job.part(0.95, 1.0))
      .and_then([&] { return writeFileAtomically(folder / "truth" / "implant.json", surgery.json); })
      .and_then([&] { return writeTraits(folder, patient->patient, options, arguments, job); });
}

Result<void> makeIntact(const PhantomModel& model, const VirtualPatientOptions& options,
                        const PhantomArguments& arguments, const fs::path& folder, const Job& job) {
  const auto patient = makeVirtualPatient(model, options, job.part(0.0, 0.9));
  if (!patient) return tl::unexpected(patient.error());
  return writeVirtualPatient(folder, *patient, options.seed, job.part(0.9, 1.0)).and_then([&] {
    return writeTraits(folder, *patient, options, arguments, job);
  });
}

// The one side that is operated.
std::optional<Side> operatedSide(const PhantomArguments& arguments) {
  if (!arguments.surgery || arguments.surgery->sides.size() != 1) return std::nullopt;
  return arguments.surgery->sides.front();
}

// Traits of the seed, those given on the command line in their place.
Result<VirtualPatientOptions> withTraits(VirtualPatientOptions options, const PhantomArguments& arguments) {
  const auto table = StructureTable::loadDefault();
  if (!table) return tl::unexpected(table.error());
  if (arguments.drawTraits)
    options.shape = drawnShapeTraits(options.seed, arguments.shape.sex.value_or(Sex::Unspecified));
  options.shape = overridden(options.shape, arguments.shape);
  auto tissue = tissueTraitsOf(arguments.tissue, options.seed, operatedSide(arguments), *table);
  if (!tissue) return tl::unexpected(tissue.error());
  options.tissue = std::move(*tissue);
  return options;
}

Result<void> makeOne(const PhantomModel& model, VirtualPatientOptions options,
                     const PhantomArguments& arguments, const fs::path& folder, const Job& job) {
  const auto whole = withTraits(std::move(options), arguments);
  if (!whole) return tl::unexpected(whole.error());
  return arguments.surgery ? makeOperated(model, *whole, arguments, folder, job)
                           : makeIntact(model, *whole, arguments, folder, job);
}

fs::path folderOfSeed(const fs::path& cohort, std::uint64_t seed) {
  char digits[32];
  std::snprintf(digits, sizeof digits, "seed-%04llu", static_cast<unsigned long long>(seed));
  return cohort / digits;
}

// One patient keeps all cores busy for most of the time, and needs 2 GB.
int bearableJobs() {
  constexpr double kBytesPerPatient = 2e9;
  constexpr int kCoresPerPatient = 4;
  const double memory =
      static_cast<double>(sysconf(_SC_PHYS_PAGES)) * static_cast<double>(sysconf(_SC_PAGESIZE));
  const int byMemory = static_cast<int>(0.5 * memory / kBytesPerPatient);
  const int byCores = static_cast<int>(std::thread::hardware_concurrency()) / kCoresPerPatient;
  return std::max(1, std::min(byMemory, byCores));
}

// Some patients cannot be made as asked for (a femur too short for every stem): the others are there.
Result<Outcome> cohortOutcome(const PhantomArguments& arguments, const std::vector<Result<void>>& done) {
  nlohmann::json patients = nlohmann::json::array(), failed = nlohmann::json::array();
  std::string reasons;
  for (std::size_t n = 0; n < done.size(); ++n) {
    const std::uint64_t seed = arguments.options.seed + n;
    if (done[n]) {
      patients.push_back(folderOfSeed(arguments.output, seed).string());
      continue;
    }
    failed.push_back({{"seed", seed}, {"reason", done[n].error().message}});
    reasons += "\nNot made: seed " + std::to_string(seed) + ". " + done[n].error().message;
  }
  if (patients.empty()) return tl::unexpected(done.front().error());
  const nlohmann::json document = {{"patients", patients}, {"failed", failed}};
  return Outcome{document.dump(2), std::to_string(patients.size()) + " virtual patients are in " +
                                       arguments.output + "/seed-…, each with dicom and truth." + reasons};
}

Result<Outcome> makeCohort(const PhantomModel& model, const PhantomArguments& arguments, const Job& job) {
  std::vector<Result<void>> done(static_cast<std::size_t>(arguments.count));
  std::atomic<int> next = 0;
  const auto work = [&] {
    for (int n = next++; n < arguments.count && !job.cancelled(); n = next++) {
      VirtualPatientOptions options = arguments.options;
      options.seed += static_cast<std::uint64_t>(n);
      const double share = 1.0 / arguments.count;
      done[static_cast<std::size_t>(n)] =
          makeOne(model, options, arguments, folderOfSeed(arguments.output, options.seed),
                  job.part(n * share, (n + 1) * share));
    }
  };
  std::vector<std::future<void>> workers;
  const int jobs = std::min(arguments.count, arguments.jobs > 0 ? arguments.jobs : bearableJobs());
  workers.reserve(static_cast<std::size_t>(jobs));
  for (int n = 0; n < jobs; ++n) workers.push_back(std::async(std::launch::async, work));
  for (auto& worker : workers) worker.get();
  if (job.cancelled()) return cancelled();
  return cohortOutcome(arguments, done);
}

Result<Outcome> makePhantom(const PhantomArguments& arguments, const Job& job) {
  const auto model = readPhantomModel(arguments.atlas);
  if (!model) return tl::unexpected(model.error());
  if (arguments.count > 0) return makeCohort(*model, arguments, job);
  if (const auto done = makeOne(*model, arguments.options, arguments, arguments.output, job); !done)
    return tl::unexpected(done.error());
  int slices = 0;
  for (const auto& file : fs::directory_iterator(fs::path(arguments.output) / "dicom"))
    slices += file.is_regular_file() ? 1 : 0;
  const nlohmann::json document = {{"seed", arguments.options.seed},
                                   {"dicom", arguments.output + "/dicom"},
                                   {"truth", arguments.output + "/truth"},
                                   {"slices", slices}};
  return Outcome{document.dump(2), "A virtual patient's CT of " + std::to_string(slices) + " slices is in " +
                                       arguments.output + "/dicom, its truth in " + arguments.output +
                                       "/truth."};
}

struct AtlasArguments {
  std::string ct;
  std::string labels;
  std::vector<std::string> others;
  std::string output;
};

Result<Outcome> makeAtlas(const AtlasArguments& arguments, const Job& job) {
  const auto table = StructureTable::loadDefault();
  if (!table) return tl::unexpected(table.error());
  const auto ct = readCtInput(arguments.ct, std::nullopt, job.part(0.0, 0.05));
  if (!ct) return tl::unexpected(ct.error());
  const auto labels = readLabelMap(arguments.labels);
  if (!labels) return tl::unexpected(labels.error());
  std::vector<LabelMap> others;
  for (const auto& file : arguments.others) {
    auto other = readLabelMap(file);
    if (!other) return tl::unexpected(other.error());
    others.push_back(std::move(*other));
  }
  const auto model = buildPhantomModel(ct->volume, *labels, others, *table, job.part(0.05, 1.0));
  if (!model) return tl::unexpected(model.error());
  if (const auto written = writePhantomModel(arguments.output, *model); !written)
    return tl::unexpected(written.error());
  const nlohmann::json document = {{"atlas", arguments.output}, {"modes", model->atlas.modes.size()}};
  return Outcome{document.dump(2), "The atlas, with " + std::to_string(model->atlas.modes.size()) +
                                       " modes, is in " + arguments.output + "."};
}

}  // namespace

void addAtlas(CLI::App& app, Command& chosen) {
  auto* command = app.add_subcommand("atlas", "Compute the shape atlas that virtual patients come from");
  const auto arguments = std::make_shared<AtlasArguments>();
  command->add_option("--ct", arguments->ct, "CT of the template patient: DICOM folder, volume file or case")
      ->required();
  command->add_option("--labels", arguments->labels, "Its label map, values of resources/structures.json")
      ->required();
  command->add_option("--other", arguments->others, "Label map of another patient; give several");
  command->add_option("--output", arguments->output, "Folder for the atlas")->required();
  command->callback(
      [arguments, &chosen] { chosen = [arguments](const Job& job) { return makeAtlas(*arguments, job); }; });
}

void addPhantom(CLI::App& app, Command& chosen) {
  auto* command = app.add_subcommand("phantom", "Make a virtual patient: a DICOM CT and its truth");
  const auto arguments = std::make_shared<PhantomArguments>();
  command->add_option("--seed", arguments->options.seed, "Another seed, another patient")
      ->capture_default_str();
  command->add_option("--output", arguments->output, "Folder for dicom/ and truth/")->required();
  command->add_option("--slice-spacing", arguments->options.spacingMm.z(), "Distance of slices in mm")
      ->check(CLI::Range(0.5, 10.0))
      ->capture_default_str();
  command->add_option("--pixel-spacing", arguments->options.spacingMm.x(), "Size of a pixel in mm")
      ->check(CLI::Range(0.4, 4.0))
      ->capture_default_str();
  command->add_option("--matrix", arguments->options.matrix, "Pixels per row and column")
      ->check(CLI::Range(64, 1024))
      ->capture_default_str();
  command->add_option("--atlas", arguments->atlas, "The atlas that patients are drawn from")
      ->capture_default_str();
  command
      ->add_option("--count", arguments->count,
                   "Make that many, seeds from --seed on, in folders seed-NNNN of the output")
      ->check(CLI::Range(1, 100000));
  command->add_option("--jobs", arguments->jobs, "Patients made at the same time")
      ->check(CLI::Range(1, 1000));
  command->add_flag("--draw-traits", arguments->drawTraits,
                    "Draw every trait by seed; single ones given as options stay");
  command->add_flag_callback(
      "--to-knee", [arguments] { arguments->options.extent = ScanExtent::Knee; },
      "Let the scan go on below mid-thigh, past both knees");
  addPhantomShapeOptions(*command, arguments->shape);
  const auto surgery = std::make_shared<SurgeryArguments>();
  addSurgeryOptions(*command, "--postoperative", *surgery);
  addTissueOptions(*command, arguments->tissue);
  command->callback([arguments, surgery, &chosen] {
    arguments->options.spacingMm.y() = arguments->options.spacingMm.x();
    arguments->surgery = surgeryOf(*surgery);
    arguments->tissue.draw = arguments->drawTraits;
    arguments->scale = surgery->scale();
    chosen = [arguments](const Job& job) { return makePhantom(*arguments, job); };
  });
}

}  // namespace coxa::cli
