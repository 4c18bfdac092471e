#include "metal_cohort.hpp"

#include "metal_methods.hpp"

#include "coxa/dicom/ct_reader.hpp"
#include "coxa/dicom/scan.hpp"
#include "coxa/image/files.hpp"
#include "coxa/metal/metal_mask.hpp"

#include <algorithm>
#include <cstdio>
#include <filesystem>

namespace coxa::metal_bench {

namespace fs = std::filesystem;

namespace {

struct Patient {
  Volume scan;
  Volume truth;
  LabelMap implants;
};

Result<Volume> readDicom(const fs::path& folder) {
  const auto index = scanFolder(folder);
  if (!index) return tl::unexpected(index.error());
  const auto choice = chooseCtSeries(*index);
  if (!choice) return tl::unexpected(choice.error());
  auto scan = readCt(choice->series);
  if (!scan) return tl::unexpected(scan.error());
  return std::move(scan->volume);
}

// As `coxa-cli operate` writes a patient, or `coxa-cli phantom`.
Result<Patient> readPatient(const fs::path& folder) {
  const bool operated = fs::exists(folder / "ct.nrrd");
  auto scan = operated ? readVolume(folder / "ct.nrrd") : readDicom(folder / "dicom");
  if (!scan) return tl::unexpected(scan.error());
  const fs::path beside = operated ? folder : folder / "truth";
  auto truth = readVolume(beside / "ct_without_artifact.nrrd");
  if (!truth) return tl::unexpected(truth.error());
  auto implants = readLabelMap(beside / "implants.nrrd");
  if (!implants) return tl::unexpected(implants.error());
  if (!sameGrid(scan->grid, truth->grid) || !sameGrid(truth->grid, implants->grid))
    return badInput(folder.string() + ": scan, truth and implants do not lie on one grid.");
  return Patient{std::move(*scan), std::move(*truth), std::move(*implants)};
}

Slice sliceOf(const Volume& volume, const SliceGrid& grid, int k) {
  Slice slice(grid);
  std::copy_n(volume.slice(k), slice.pixels.size(), slice.pixels.begin());
  return slice;
}

SliceMask maskOf(const LabelMap& map, int k) {
  return {map.slice(k), map.slice(k) + map.grid.offset(0, 0, 1)};
}

// Implants by their last digit: 2 is the liner, of polyethylene. What an artifact-free scan shows as bright
// as metal counts as metal too: voxels that it fills in part.
SliceMask metalOf(const Patient& patient, int k) {
  constexpr std::int16_t kMetalHu = 2500;
  SliceMask mask(patient.implants.slice(k),
                 patient.implants.slice(k) + patient.implants.grid.offset(0, 0, 1));
  for (std::size_t n = 0; n < mask.size(); ++n)
    mask[n] = (mask[n] % 10 != 0 && mask[n] % 10 != 2) || patient.truth.slice(k)[n] >= kMetalHu ? 1 : 0;
  return mask;
}

std::vector<int> implantSlices(const Patient& patient, std::size_t most) {
  std::vector<int> all, some;
  for (int k = 0; k < patient.implants.grid.size.z(); ++k) {
    const SliceMask mask = metalOf(patient, k);
    if (std::count(mask.begin(), mask.end(), 1) >= 10) all.push_back(k);
  }
  const std::size_t count = std::min(most, all.size());
  for (std::size_t n = 0; n < count; ++n) some.push_back(all[(2 * n + 1) * all.size() / (2 * count)]);
  return some;
}

Result<std::vector<Comparison>> comparedPatient(const fs::path& folder, std::size_t most) {
  const auto patient = readPatient(folder);
  if (!patient) return tl::unexpected(patient.error());
  const auto found = findMetal(patient->scan);
  if (!found) return tl::unexpected(found.error());
  const Grid& volume = patient->scan.grid;
  const SliceGrid grid{volume.size.x(), volume.size.y(), volume.spacing.x(), volume.spacing.y(), 0.0, 0.0};
  const Reductions reductions(grid);
  std::vector<Comparison> slices;
  for (const int k : implantSlices(*patient, most))
    slices.push_back(compared(reductions, sliceOf(patient->scan, grid, k), sliceOf(patient->truth, grid, k),
                              maskOf(found->implants, k), metalOf(*patient, k)));
  return slices;
}

}  // namespace

int benchPatients(std::size_t slicesPerPatient, const std::vector<std::string>& folders) {
  std::vector<Comparison> all;
  std::vector<std::vector<Comparison>> patients;
  for (const std::string& folder : folders) {
    const auto slices = comparedPatient(folder, slicesPerPatient);
    if (!slices) {
      std::fprintf(stderr, "%s: %s\n", folder.c_str(), slices.error().message.c_str());
      continue;
    }
    printMeans(fs::path(folder).filename().c_str(), *slices);
    all.insert(all.end(), slices->begin(), slices->end());
    patients.push_back(*slices);
  }
  printMeans("all patients", all);
  printOverPatients(patients);
  return patients.empty() ? 1 : 0;
}

}  // namespace coxa::metal_bench
