#include "coxa/phantom/phantom_model.hpp"

#include "coxa/base/files.hpp"

#include <array>
#include <sstream>

namespace coxa {

namespace fs = std::filesystem;

namespace {

constexpr std::array kFiles = {"atlas.json", "labels.nrrd",       "landmarks.json",
                               "modes.nrrd", "surroundings.nrrd", "tissues.json"};

Result<void> checkSums(const fs::path& folder) {
  const auto sums = readFile(folder / "sha256");
  if (!sums) return tl::unexpected(sums.error());
  std::istringstream lines(*sums);
  std::string expected, file;
  std::size_t checked = 0;
  while (lines >> expected >> file) {
    const auto found = sha256OfFile(folder / file);
    if (!found) return tl::unexpected(found.error());
    if (*found != expected)
      return badInput((folder / file).string() + " was changed: its checksum is wrong. Install Coxa again.");
    ++checked;
  }
  if (checked < kFiles.size())
    return badInput((folder / "sha256").string() + " does not name every file. Install Coxa again.");
  return {};
}

// An atlas may have none.
Result<std::vector<VesselCourse>> vesselsIn(const fs::path& folder) {
  if (!fs::exists(folder / "vessels.json")) return std::vector<VesselCourse>{};
  return readFile(folder / "vessels.json").and_then(vesselCoursesFromJson);
}

Result<DistalFemur> distalFemurIn(const fs::path& folder) {
  if (!fs::exists(folder / "distal_femur.nrrd")) return DistalFemur{};
  return readDistalFemur(folder);
}

}  // namespace

Result<PhantomModel> buildPhantomModel(const Volume& ct, const LabelMap& labels,
                                       const std::vector<LabelMap>& otherPatients,
                                       const StructureTable& table, const Job& job) {
  const auto shapes = findAtlasShapes(labels, otherPatients, table, job.part(0.0, 0.9));
  if (!shapes) return tl::unexpected(shapes.error());
  auto atlas = buildAtlas(labels, ct, *shapes, job.part(0.9, 1.0));
  if (!atlas) return tl::unexpected(atlas.error());
  return PhantomModel{std::move(*atlas), measureTissues(ct, labels, table), {}, {}};
}

Result<void> writePhantomModel(const fs::path& folder, const PhantomModel& model) {
  if (auto done = writeAtlas(folder, model.atlas); !done) return done;
  if (auto done = writeFileAtomically(folder / "tissues.json", toJson(model.tissues) + "\n"); !done)
    return done;
  std::string sums;
  for (const char* file : kFiles) {
    const auto sum = sha256OfFile(folder / file);
    if (!sum) return tl::unexpected(sum.error());
    sums += *sum + "  " + file + "\n";
  }
  return writeFileAtomically(folder / "sha256", sums);
}

Result<PhantomModel> readPhantomModel(const fs::path& folder) {
  if (auto intact = checkSums(folder); !intact) return tl::unexpected(intact.error());
  auto atlas = readAtlas(folder);
  if (!atlas) return tl::unexpected(atlas.error());
  const auto json = readFile(folder / "tissues.json");
  if (!json) return tl::unexpected(json.error());
  auto tissues = tissueModelFromJson(*json);
  if (!tissues) return tl::unexpected(tissues.error());
  auto vessels = vesselsIn(folder);
  if (!vessels) return tl::unexpected(vessels.error());
  auto distalFemur = distalFemurIn(folder);
  if (!distalFemur) return tl::unexpected(distalFemur.error());
  return PhantomModel{std::move(*atlas), std::move(*tissues), std::move(*vessels), std::move(*distalFemur)};
}

}  // namespace coxa
