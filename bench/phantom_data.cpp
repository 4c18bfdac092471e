// Developer's tool: makes models/hip-atlas and training pairs from TCIA's Pelvic-Reference-Data.
//   coxa_phantom_data model DATA OUT    atlas and tissues
//   coxa_phantom_data pairs DATA OUT    OUT/002, OUT/001-from-002, OUT/004-from-002: ct.nrrd and labels.nrrd
//   coxa_phantom_data members DATA OUT  OUT/member-1 …: 002 deformed along its ways to 001 and 004
//   coxa_phantom_data members DATA OUT CASE  the same of another labelled CT: CASE/ct.nrrd and
//   CASE/labels.nrrd
// DATA holds ct-002/*.dcm and labels/{001,002,004}/label.mhd.
#include "coxa/anatomy/reference_labels.hpp"
#include "coxa/dicom/ct_reader.hpp"
#include "coxa/dicom/scan.hpp"
#include "coxa/image/files.hpp"
#include "coxa/phantom/phantom_model.hpp"
#include "coxa/phantom/training_pair.hpp"

#include <array>
#include <iostream>
#include <map>
#include <stdexcept>

namespace {

using namespace coxa;
namespace fs = std::filesystem;

template <class T>
T orThrow(Result<T> result) {
  if (!result) throw std::runtime_error(result.error().message + " " + result.error().detail);
  if constexpr (!std::is_void_v<T>) return std::move(*result);
}

Volume ctIn(const fs::path& folder) {
  return orThrow(readCt(orThrow(chooseCtSeries(orThrow(scanFolder(folder)))).series)).volume;
}

LabelMap labelsOf(const fs::path& data, const std::string& patient, const StructureTable& table) {
  return orThrow(withSides(orThrow(readLabelMap(data / "labels" / patient / "label.mhd")), table));
}

void write(const fs::path& folder, const Volume& ct, const LabelMap& labels) {
  fs::create_directories(folder);
  orThrow(writeImage(folder / "ct.nrrd", ct));
  orThrow(writeImage(folder / "labels.nrrd", labels));
}

Job shownOnStderr() {
  return Job([](const Progress& p) { std::cerr << '\r' << static_cast<int>(100 * p.fraction) << " %  "; });
}

void makeModel(const fs::path& data, const fs::path& out, const StructureTable& table) {
  const PhantomModel model = orThrow(buildPhantomModel(
      ctIn(data / "ct-002"), labelsOf(data, "002", table),
      {labelsOf(data, "001", table), labelsOf(data, "004", table)}, table, shownOnStderr()));
  orThrow(writePhantomModel(out, model));
}

void makePairs(const fs::path& data, const fs::path& out, const StructureTable& table) {
  const Volume ct = ctIn(data / "ct-002");
  const LabelMap labels = labelsOf(data, "002", table);
  write(out / "002", ct, labels);
  for (const std::string patient : {"001", "004"}) {
    const LabelMap target = labelsOf(data, patient, table);
    const LabelRegistration registration = orThrow(registerLabels(target, labels, {}, shownOnStderr()));
    double sum = 0.0;
    for (const auto& [value, dice] : registration.dice) {
      std::cout << patient << ' ' << table.find(value)->name << " Dice " << dice << '\n';
      sum += dice;
    }
    std::cout << patient << " mean Dice " << sum / static_cast<double>(registration.dice.size()) << '\n';
    const TrainingPair pair =
        orThrow(makeTrainingPair(target, ct, labels, registration.moving_from_fixed, table, 7));
    write(out / (patient + "-from-002"), pair.ct, pair.labels);
  }
}

// Steps along the ways to 001 and to 004: halfway, there, and to the other side.
constexpr std::array<std::array<float, 2>, 8> kMembers = {{{1.0F, 0.0F},
                                                           {0.0F, 1.0F},
                                                           {-0.7F, 0.0F},
                                                           {0.0F, -0.7F},
                                                           {0.5F, 0.5F},
                                                           {0.6F, -0.6F},
                                                           {-0.6F, 0.6F},
                                                           {-0.4F, -0.4F}}};

struct LabelledCt {
  Volume ct;
  LabelMap labels;
};

// Unknown voxels belong to no structure, and are deformed with the rest.
LabelMap withoutUnknown(LabelMap labels) {
  constexpr std::uint8_t kUnknownValue = 255;
  for (auto& voxel : labels.voxels)
    if (voxel == kUnknownValue) voxel = 0;
  return labels;
}

void makeMembers(const LabelledCt& patient, const fs::path& data, const fs::path& out,
                 const StructureTable& table) {
  const LabelMap known = withoutUnknown(patient.labels);
  const auto wayTo = [&](const std::string& other) {
    return orThrow(registerLabels(known, labelsOf(data, other, table), {}, shownOnStderr())).velocity;
  };
  const VectorImage to001 = wayTo("001");
  const VectorImage to004 = resampled(wayTo("004"), to001.grid);
  for (std::size_t n = 0; n < kMembers.size(); ++n) {
    // Here to the original: backwards along the way.
    VectorImage velocity = scaled(to001, -kMembers[n][0]);
    const VectorImage other = scaled(to004, -kMembers[n][1]);
    for (std::size_t v = 0; v < velocity.voxels.size(); ++v) velocity.voxels[v] += other.voxels[v];
    const TrainingPair pair = orThrow(makeDeformedPair(patient.ct, patient.labels, exponential(velocity)));
    write(out / ("member-" + std::to_string(n + 1)), pair.ct, pair.labels);
  }
}

void makeMembersOf002(const fs::path& data, const fs::path& out, const StructureTable& table) {
  makeMembers({ctIn(data / "ct-002"), labelsOf(data, "002", table)}, data, out, table);
}

void makeMembersOf(const fs::path& patient, const fs::path& data, const fs::path& out,
                   const StructureTable& table) {
  makeMembers({orThrow(readVolume(patient / "ct.nrrd")), orThrow(readLabelMap(patient / "labels.nrrd"))},
              data, out, table);
}

}  // namespace

int main(int argc, char** argv) {
  const std::string what = argc >= 4 ? argv[1] : "";
  const std::map<std::string, decltype(&makeModel)> jobs = {
      {"model", makeModel}, {"pairs", makePairs}, {"members", makeMembersOf002}};
  const auto job = jobs.find(what);
  if (job == jobs.end() || argc > (what == "members" ? 5 : 4)) {
    std::cerr << "usage: coxa_phantom_data model|pairs|members DATA OUT [CASE, for members]\n";
    return 2;
  }
  try {
    const StructureTable table = orThrow(StructureTable::loadDefault());
    if (argc == 5)
      makeMembersOf(argv[4], argv[2], argv[3], table);
    else
      job->second(argv[2], argv[3], table);
  } catch (const std::exception& error) {
    std::cerr << error.what() << '\n';
    return 3;
  }
}
