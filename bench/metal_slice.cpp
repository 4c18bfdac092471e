#include "metal_slice.hpp"

#include "metal_methods.hpp"

#include "coxa/physics/simulated_scan.hpp"

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>

namespace coxa::metal_bench {

namespace fs = std::filesystem;

namespace {

std::vector<float> readRaw(const fs::path& file, std::size_t count) {
  std::vector<float> values(count);
  std::ifstream(file, std::ios::binary)
      .read(reinterpret_cast<char*>(values.data()), static_cast<std::streamsize>(4 * count));
  return values;
}

void writeRaw(const fs::path& file, const Slice& slice) {
  std::ofstream(file, std::ios::binary)
      .write(reinterpret_cast<const char*>(slice.pixels.data()),
             static_cast<std::streamsize>(4 * slice.pixels.size()));
}

}  // namespace

int benchSlice(const std::vector<std::string>& arguments) {
  if (arguments.size() != 5) {
    std::fprintf(stderr, "--slice HU.f32 METAL.f32 SIZE SPACING_MM FOLDER\n");
    return 2;
  }
  const int size = std::stoi(arguments[2]);
  const double mm = std::stod(arguments[3]);
  const fs::path folder = arguments[4];
  Slice hu({size, size, mm, mm, 0.0, 0.0});
  hu.pixels = readRaw(arguments[0], hu.pixels.size());
  const MetalInsert insert{Material::Titanium, readRaw(arguments[1], hu.pixels.size())};
  const Slice truth = simulatedScan(hu, {}, {}), scan = simulatedScan(hu, {insert}, {});
  const float brightest = *std::max_element(scan.pixels.begin(), scan.pixels.end());
  SliceMask found(scan.pixels.size()), metal(scan.pixels.size());
  for (std::size_t n = 0; n < found.size(); ++n) {
    found[n] = scan.pixels[n] >= std::max(2500.0F, 0.25F * brightest) ? 1 : 0;
    metal[n] = insert.share[n] > 0.0F ? 1 : 0;
  }
  const Reductions reductions(hu.grid);
  const SliceReducer& reducer = reductions.reducer;
  writeRaw(folder / "truth.f32", truth);
  writeRaw(folder / "scan.f32", scan);
  writeRaw(folder / "li.f32", reducer.reduced(scan, found, MetalMethod::LinearInterpolation));
  writeRaw(folder / "plain.f32", reducer.reduced(scan, found, MetalMethod::PlainNmar));
  writeRaw(folder / "nmar.f32", reducer.reduced(scan, found, MetalMethod::Nmar));
  printMeans("slice", {compared(reductions, scan, truth, found, metal)});
  return 0;
}

}  // namespace coxa::metal_bench
