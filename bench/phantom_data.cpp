// Developer's tool: makes models/hip-atlas and training pairs from TCIA's Pelvic-Reference-Data.
//   coxa_phantom_data model DATA OUT    atlas and tissues
//   coxa_phantom_data pairs DATA OUT    OUT/002, OUT/001-from-002, OUT/004-from-002: ct.nrrd and labels.nrrd
// DATA holds ct-002/*.dcm and labels/{001,002,004}/label.mhd.
#include "coxa/anatomy/reference_labels.hpp"
#include "coxa/dicom/ct_reader.hpp"
#include "coxa/dicom/scan.hpp"
#include "coxa/image/files.hpp"
#include "coxa/phantom/phantom_model.hpp"
#include "coxa/phantom/training_pair.hpp"

#include <iostream>
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

}  // namespace

int main(int argc, char** argv) {
  const std::string what = argc == 4 ? argv[1] : "";
  if (what != "model" && what != "pairs") {
    std::cerr << "usage: coxa_phantom_data model|pairs DATA OUT\n";
    return 2;
  }
  try {
    const StructureTable table = orThrow(StructureTable::loadDefault());
    what == "model" ? makeModel(argv[2], argv[3], table) : makePairs(argv[2], argv[3], table);
  } catch (const std::exception& error) {
    std::cerr << error.what() << '\n';
    return 3;
  }
}
