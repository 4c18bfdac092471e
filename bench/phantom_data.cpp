// Developer's tool: makes models/hip-atlas and training pairs from TCIA's Pelvic-Reference-Data.
//   coxa_phantom_data model DATA OUT    atlas and tissues
//   coxa_phantom_data pairs DATA OUT    OUT/002, OUT/001-from-002, OUT/004-from-002 for `coxa-cli train`, and
//                                       the ways from 002 to the shapes of 001 and 004
//   coxa_phantom_data pairs-of DATA CASE  the same of another labelled CT, beside its folder
//   coxa_phantom_data compact IN OUT    every case of IN at the network's resolution, a twentieth of the size
//   coxa_phantom_data thick IN OUT      every case of IN in slices twice as thick, each the mean of two
//   coxa_phantom_data knees ATLAS LAST   how well landmarks are found on the labels of seeds 1 to LAST with
//                                       drawn traits, to the knee
//   coxa_phantom_data knee-cases ATLAS OUT   OUT/knee-401 to knee-412 for `coxa-cli train`: lower thighs and
//                                       knees of those seeds with drawn traits
//   coxa_phantom_data distal-femur MESH OUT  OUT/distal_femur.nrrd and .json of GIAS2's femur_mean.ply
// DATA holds ct-002/*.dcm and labels/{001,002,004}/label.mhd.
#include "coxa/anatomy/frames.hpp"
#include "coxa/anatomy/reference_labels.hpp"
#include "coxa/base/files.hpp"
#include "coxa/dicom/ct_reader.hpp"
#include "coxa/dicom/scan.hpp"
#include "coxa/image/files.hpp"
#include "coxa/phantom/phantom_model.hpp"
#include "coxa/phantom/training_pair.hpp"
#include "coxa/phantom/virtual_patient.hpp"
#include "coxa/segmentation/training.hpp"

#include <iostream>
#include <limits>
#include <map>
#include <sstream>
#include <stdexcept>

namespace {

using namespace coxa;
namespace fs = std::filesystem;

constexpr double kWaySpacingMm = 8.0;

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

// Unknown voxels belong to no structure.
LabelMap withoutUnknown(LabelMap labels) {
  for (auto& voxel : labels.voxels)
    if (voxel == kUnknownValue) voxel = 0;
  return labels;
}

// The way from the moving patient to the fixed one's shape, but for its size and place: the registration's
// way back, carried over by the affine map.
VectorImage wayBack(const LabelRegistration& registration, const Grid& moving) {
  const Eigen::Affine3d& moving_from_fixed = registration.affine_from_fixed;
  const Eigen::Affine3d fixed_from_moving = moving_from_fixed.inverse();
  const DisplacementField velocity{registration.velocity};
  VectorImage way(axisAligned(moving, Vec3::Constant(kWaySpacingMm)), Eigen::Vector3f::Zero());
  for (int k = 0; k < way.grid.size.z(); ++k)
    for (int j = 0; j < way.grid.size.y(); ++j)
      for (int i = 0; i < way.grid.size.x(); ++i) {
        const Vec3 fixed = fixed_from_moving * way.grid.worldFromIndex(Vec3(i, j, k));
        way.at(i, j, k) = -(moving_from_fixed.linear() * velocity.offsetAt(fixed)).cast<float>();
      }
  return way;
}

void pairOff(const fs::path& patient, const fs::path& data, const StructureTable& table) {
  const Volume ct = orThrow(readVolume(patient / "ct.nrrd"));
  const LabelMap labels = withoutUnknown(orThrow(readLabelMap(patient / "labels.nrrd")));
  const std::string name = patient.filename().string();
  for (const std::string other : {"001", "004"}) {
    const LabelMap target = labelsOf(data, other, table);
    const LabelRegistration registration = orThrow(registerLabels(target, labels, {}, shownOnStderr()));
    double sum = 0.0;
    for (const auto& [value, dice] : registration.dice) sum += dice;
    std::cout << other << " from " << name << ": mean Dice "
              << sum / static_cast<double>(registration.dice.size()) << std::endl;
    const TrainingPair pair =
        orThrow(makeTrainingPair(target, ct, labels, registration.moving_from_fixed, table, 7));
    write(patient.parent_path() / (other + "-from-").append(name), pair.ct, pair.labels);
    orThrow(writeImage(patient / ("way-" + other + ".nrrd"), wayBack(registration, ct.grid)));
  }
}

void makePairs(const fs::path& data, const fs::path& out, const StructureTable& table) {
  write(out / "002", ctIn(data / "ct-002"), labelsOf(data, "002", table));
  pairOff(out / "002", data, table);
}

void makePairsOf(const fs::path& data, const fs::path& patient, const StructureTable& table) {
  pairOff(patient, data, table);
}

void compactCases(const fs::path& in, const fs::path& out, const StructureTable&) {
  for (const auto& entry : fs::directory_iterator(in)) {
    const TrainingCase compact = compacted(orThrow(readTrainingCase(entry.path())));
    write(out / compact.name, compact.ct, compact.labels);
    int number = 0;
    for (const auto& way : compact.ways)
      orThrow(writeImage(out / compact.name / ("way-" + std::to_string(++number) + ".nrrd"), way));
  }
}

// The labels are those of the lower one of both slices.
void thickenCases(const fs::path& in, const fs::path& out, const StructureTable&) {
  for (const auto& entry : fs::directory_iterator(in)) {
    const TrainingCase whole = orThrow(readTrainingCase(entry.path()));
    Grid grid = whole.ct.grid;
    grid.size.z() /= 2;
    grid.spacing.z() *= 2.0;
    grid.origin = whole.ct.grid.worldFromIndex(Vec3(0, 0, 0.5));
    Volume ct(grid);
    LabelMap labels(grid);
    const std::size_t pixels = grid.offset(0, 0, 1);
    for (int k = 0; k < grid.size.z(); ++k) {
      const std::int16_t *lower = whole.ct.slice(2 * k), *upper = whole.ct.slice(2 * k + 1);
      for (std::size_t p = 0; p < pixels; ++p)
        ct.slice(k)[p] = static_cast<std::int16_t>((lower[p] + upper[p]) / 2);
      std::copy_n(whole.labels.slice(2 * k), pixels, labels.slice(k));
    }
    write(out / whole.name, ct, labels);
  }
}

// A surface in the text form of PLY, triangles only.
TriangleMesh readTextPly(const fs::path& file) {
  std::istringstream text(orThrow(readFile(file)));
  std::string line;
  std::size_t vertices = 0, triangles = 0;
  while (std::getline(text, line) && line != "end_header") {
    std::istringstream words(line);
    std::string word, what;
    words >> word >> what;
    if (word == "format" && what != "ascii") throw std::runtime_error(file.string() + " is no text PLY.");
    if (word == "element") words >> (what == "vertex" ? vertices : triangles);
  }
  TriangleMesh mesh;
  mesh.vertices.resize(vertices);
  mesh.triangles.resize(triangles);
  for (auto& vertex : mesh.vertices) text >> vertex.x() >> vertex.y() >> vertex.z();
  for (auto& [a, b, c] : mesh.triangles)
    if (int corners = 0; !(text >> corners >> a >> b >> c) || corners != 3)
      throw std::runtime_error(file.string() + " holds not only triangles, or ends too early.");
  if (volumeMm3(mesh) < 0.0)
    for (auto& triangle : mesh.triangles) std::swap(triangle[1], triangle[2]);
  return mesh;
}

void makeDistalFemur(const fs::path& mesh, const fs::path& out, const StructureTable&) {
  orThrow(writeDistalFemur(out, orThrow(distalFemurOf(readTextPly(mesh)))));
}

double axisErrorDeg(const HipLandmarks& truth, const HipLandmarks& found) {
  const Vec3 along = truth.femoralShaft->line.direction;
  const auto across = [&](const HipLandmarks& hip) {
    const Vec3 v = hip.lateralEpicondyle->position - hip.medialEpicondyle->position;
    return Vec3((v - v.dot(along) * along).normalized());
  };
  return degFromRad(
      std::atan2(along.dot(across(truth).cross(across(found))), across(truth).dot(across(found))));
}

void measureKnees(const fs::path& atlas, const fs::path& last, const StructureTable&) {
  const PhantomModel model = orThrow(readPhantomModel(atlas));
  std::cout << "seed side version found error axis medial lateral (degrees, mm)\n" << std::fixed;
  std::cout.precision(1);
  for (std::uint64_t seed = 1; seed <= std::stoul(last.string()); ++seed) {
    VirtualPatientOptions options{seed, Vec3(1.5, 1.5, 2.0), 320, drawnShapeTraits(seed),
                                  {},   ScanExtent::Knee};
    const VirtualPatient patient = orThrow(makeVirtualPatient(model, options, Job()));
    const LandmarkSet found = orThrow(findLandmarks(patient.labels, {}, Job()));
    for (const Side side : {Side::Left, Side::Right}) {
      const HipLandmarks &truth = patient.landmarks.side(side), &here = found.side(side);
      const double is = orThrow(neckVersionDeg(patient.landmarks, side)),
                   seen = orThrow(neckVersionDeg(found, side));
      std::cout << seed << ' ' << name(side) << ' ' << is << ' ' << seen << ' ' << seen - is;
      if (here.medialEpicondyle && here.lateralEpicondyle)
        std::cout << ' ' << axisErrorDeg(truth, here) << ' '
                  << (truth.medialEpicondyle->position - here.medialEpicondyle->position).norm() << ' '
                  << (truth.lateralEpicondyle->position - here.lateralEpicondyle->position).norm();
      std::cout << std::endl;
    }
  }
}

// From well below the hip on: the drawn pelvis is kept from the network, so that virtual patients judge it.
VirtualPatient lowerThighOf(VirtualPatient patient) {
  constexpr double kAboveKneeMm = 230.0;
  const Grid& grid = patient.ct.grid;
  double knee = -std::numeric_limits<double>::infinity();
  for (const Side side : {Side::Left, Side::Right})
    knee = std::max(knee, patient.landmarks.side(side).medialEpicondyle->position.z());
  const double top = (knee + kAboveKneeMm - grid.origin.z()) / grid.spacing.z();
  const IndexBox part{Eigen::Vector3i::Zero(), {grid.size.x() - 1, grid.size.y() - 1, static_cast<int>(top)}};
  patient.ct = cropped(patient.ct, part);
  patient.labels = cropped(patient.labels, part);
  return patient;
}

void makeKneeCases(const fs::path& atlas, const fs::path& out, const StructureTable& table) {
  const PhantomModel model = orThrow(readPhantomModel(atlas));
  for (std::uint64_t seed = 401; seed <= 412; ++seed) {
    VirtualPatientOptions options{seed,
                                  Vec3(0.9, 0.9, 3.0),
                                  512,
                                  drawnShapeTraits(seed),
                                  drawnTissueTraits(seed, table),
                                  ScanExtent::Knee};
    const VirtualPatient lower = lowerThighOf(orThrow(makeVirtualPatient(model, options, shownOnStderr())));
    write(out / ("knee-" + std::to_string(seed)), lower.ct, lower.labels);
  }
}

}  // namespace

int main(int argc, char** argv) {
  const std::string what = argc >= 4 ? argv[1] : "";
  const std::map<std::string, decltype(&makeModel)> jobs = {
      {"model", makeModel},      {"pairs", makePairs},         {"pairs-of", makePairsOf},
      {"compact", compactCases}, {"thick", thickenCases},      {"distal-femur", makeDistalFemur},
      {"knees", measureKnees},   {"knee-cases", makeKneeCases}};
  const auto job = jobs.find(what);
  if (job == jobs.end() || argc > 4) {
    std::cerr << "usage: coxa_phantom_data model|pairs|pairs-of|compact|thick|distal-femur|knees|knee-cases "
                 "IN OUT\n";
    return 2;
  }
  try {
    const StructureTable table = orThrow(StructureTable::loadDefault());
    job->second(argv[2], argv[3], table);
  } catch (const std::exception& error) {
    std::cerr << error.what() << '\n';
    return 3;
  }
}
