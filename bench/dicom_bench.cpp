// Loading a CT series: Coxa against ITK's series reader on GDCM, from the folder to the volume, in one run.
// Both read the same 150 slices of 512 x 512, written to a temporary folder first, so that the disk's cache
// is warm for both. Compares every voxel.

#include "coxa/dicom/ct_reader.hpp"
#include "coxa/dicom/ct_writer.hpp"
#include "coxa/dicom/scan.hpp"

#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmdata/dctk.h>
#include <dcmtk/dcmjpeg/djencode.h>
#include <dcmtk/dcmjpeg/djrplol.h>
#include <itkGDCMImageIO.h>
#include <itkGDCMSeriesFileNames.h>
#include <itkImageSeriesReader.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <functional>
#include <random>
#include <string>
#include <vector>

namespace {

namespace fs = std::filesystem;
using ItkVolume = itk::Image<std::int16_t, 3>;

constexpr int kSlices = 150;
constexpr int kRepetitions = 7;

/// A body of soft tissue with noise in air: compresses like a CT.
coxa::Volume phantom() {
  coxa::Grid grid;
  grid.size = {512, 512, kSlices};
  grid.spacing = {0.8, 0.8, 1.0};
  coxa::Volume volume(grid);
  std::mt19937 random(1);
  std::normal_distribution<float> noise(0.0F, 12.0F);
  for (int k = 0; k < kSlices; ++k)
    for (int j = 0; j < 512; ++j)
      for (int i = 0; i < 512; ++i) {
        const double x = (i - 255.5) / 220.0;
        const double y = (j - 255.5) / 150.0;
        const double r = x * x + y * y;
        const float tissue = r > 1.0 ? -1000.0F : r > 0.8 ? -100.0F : r < 0.02 ? 700.0F : 50.0F;
        volume.at(i, j, k) = static_cast<std::int16_t>(tissue + noise(random));
      }
  return volume;
}

void compressLosslessly(const fs::path& folder) {
  DJEncoderRegistration::registerCodecs();
  for (const auto& entry : fs::directory_iterator(folder)) {
    DcmFileFormat file;
    const DJ_RPLossless parameters;
    if (file.loadFile(entry.path().c_str()).bad() ||
        file.getDataset()->chooseRepresentation(EXS_JPEGProcess14SV1, &parameters).bad() ||
        file.saveFile(entry.path().c_str(), EXS_JPEGProcess14SV1).bad()) {
      std::fprintf(stderr, "cannot compress %s\n", entry.path().c_str());
      std::exit(1);
    }
  }
  DJEncoderRegistration::cleanup();
}

coxa::Volume loadWithCoxa(const fs::path& folder) {
  const auto index = coxa::scanFolder(folder);
  const auto choice = coxa::chooseCtSeries(index.value());
  return std::move(coxa::readCt(choice.value().series).value().volume);
}

ItkVolume::Pointer loadWithItk(const fs::path& folder) {
  auto names = itk::GDCMSeriesFileNames::New();
  names->SetDirectory(folder.string());
  auto reader = itk::ImageSeriesReader<ItkVolume>::New();
  reader->SetImageIO(itk::GDCMImageIO::New());
  reader->SetFileNames(names->GetFileNames(names->GetSeriesUIDs().front()));
  reader->Update();
  return reader->GetOutput();
}

/// Wall time, and the processor time of all threads, which other load on the machine changes less.
struct Times {
  std::vector<double> wallMs;
  std::vector<double> cpuMs;

  void add(const std::function<void()>& work) {
    const auto begin = std::chrono::steady_clock::now();
    const std::clock_t cpuBegin = std::clock();
    work();
    cpuMs.push_back(1000.0 * static_cast<double>(std::clock() - cpuBegin) / CLOCKS_PER_SEC);
    wallMs.push_back(
        std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - begin).count());
  }
};

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}
double least(const std::vector<double>& values) {
  return *std::min_element(values.begin(), values.end());
}

/// Returns false when the volumes differ or the ratio misses the bar.
bool compare(const char* what, const fs::path& folder, double bar) {
  const coxa::Volume ours = loadWithCoxa(folder);
  const ItkVolume::Pointer theirs = loadWithItk(folder);
  const bool same = std::equal(ours.voxels.begin(), ours.voxels.end(), theirs->GetBufferPointer());
  Times coxaTimes;
  Times itkTimes;
  for (int n = 0; n < kRepetitions; ++n) {  // in turns, so that other load on the machine meets both
    coxaTimes.add([&] { loadWithCoxa(folder); });
    itkTimes.add([&] { loadWithItk(folder); });
  }
  const double megabytes = static_cast<double>(ours.voxels.size()) * 2e-6;
  const double ratio = median(itkTimes.wallMs) / median(coxaTimes.wallMs);
  for (const auto& [name, times] : {std::pair{"Coxa", &coxaTimes}, std::pair{"ITK", &itkTimes}})
    std::printf("%-14s %-4s median %7.1f ms, best %7.1f ms, processor %7.1f ms, %6.0f MB/s\n", what, name,
                median(times->wallMs), least(times->wallMs), median(times->cpuMs),
                1000.0 * megabytes / median(times->wallMs));
  std::printf("%-14s %.1f times faster (bar %.0f), best against best %.1f; voxels %s\n", what, ratio, bar,
              least(itkTimes.wallMs) / least(coxaTimes.wallMs), same ? "equal" : "DIFFER");
  return same && ratio >= bar;
}

}  // namespace

int main() {
  std::string pattern = (fs::temp_directory_path() / "coxa-bench-XXXXXX").string();
  const fs::path folder = ::mkdtemp(pattern.data());
  const coxa::Volume volume = phantom();
  bool reached = false;
  if (coxa::writeCtSeries(folder / "plain", volume, {}) && coxa::writeCtSeries(folder / "jpeg", volume, {})) {
    compressLosslessly(folder / "jpeg");
    reached = compare("uncompressed", folder / "plain", 10.0);
    reached = compare("JPEG lossless", folder / "jpeg", 3.0) && reached;
  }
  fs::remove_all(folder);
  std::printf(reached ? "Both bars reached.\n" : "A bar was missed.\n");
  return reached ? 0 : 1;
}
