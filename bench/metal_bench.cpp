// Metal artifact reduction on simulated pairs, scored by the metrics of the AAPM CT-MAR challenge
// (coxa/metal/scores.hpp).
// Without arguments: a slice of a real CT (where it is there) and an analytic pelvis, scanned with and
// without implants, with the same noise. With a folder as argument, the slices are written there as raw
// float32 for looking at. With --patients SLICES DIR...: that many slices of each of the virtual patients
// after surgery, each a folder with dicom/, truth/ct_without_artifact.nrrd (metal in it) and
// truth/implants.nrrd.
// With --slice ...: one slice from raw files, for metal_peer.py.

#include "metal_cohort.hpp"
#include "metal_methods.hpp"
#include "metal_slice.hpp"

#include "coxa/dicom/ct_reader.hpp"
#include "coxa/dicom/scan.hpp"
#include "coxa/image/files.hpp"
#include "coxa/metal/slice_reduction.hpp"
#include "coxa/physics/simulated_scan.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

using namespace coxa;
using namespace coxa::metal_bench;
namespace fs = std::filesystem;

namespace {

struct Hips {
  std::string name;
  Slice hu;
  double rightX, rightY, leftX, leftY;  ///< middles of the femoral heads or shafts, mm
  bool shaft;                           ///< a stem rather than cup and head
};

MetalInsert insertOf(const Hips& hips, Material material, bool right, bool left) {
  MetalInsert insert{material, std::vector<float>(hips.hu.pixels.size(), 0.0F)};
  const SliceGrid& grid = hips.hu.grid;
  const auto holds = [&](double x, double y) {
    const double r = std::hypot(x, y);
    if (hips.shaft) return std::hypot(x / 9.0, y / 7.0) <= 1.0;
    const bool shell = r >= 24.0 && r <= 27.0 && y - x < 10.0;  // open towards the neck
    return r <= 16.0 || shell;
  };
  for (int j = 0; j < grid.height; ++j)
    for (int i = 0; i < grid.width; ++i) {
      int inside = 0;
      for (int n = 0; n < 16; ++n) {
        const int column = n % 4, row = n / 4;
        const double x = grid.xMm(i + (column - 1.5) / 4), y = grid.yMm(j + (row - 1.5) / 4);
        // The patient's right is at the picture's left; shapes are drawn for it and mirrored for the left.
        inside += (right && holds(hips.rightX - x, y - hips.rightY)) ||
                  (left && holds(x - hips.leftX, y - hips.leftY));
      }
      insert.share[static_cast<std::size_t>(j) * static_cast<std::size_t>(grid.width) +
                   static_cast<std::size_t>(i)] = static_cast<float>(inside) / 16.0F;
    }
  return insert;
}

Hips analyticPelvis(bool shaft) {
  Hips hips{shaft ? "analytic thighs" : "analytic pelvis",
            Slice({512, 512, 0.8, 0.8, 0.0, 0.0}, -1000.0F),
            -90,
            10,
            90,
            10,
            shaft};
  const auto ellipse = [&](double x, double y, double a, double b, float hu) {
    const SliceGrid& grid = hips.hu.grid;
    for (int j = 0; j < grid.height; ++j)
      for (int i = 0; i < grid.width; ++i)
        if (std::hypot((grid.xMm(i) - x) / a, (grid.yMm(j) - y) / b) <= 1.0) hips.hu.at(i, j) = hu;
  };
  ellipse(0, 0, 175, 115, -100);
  ellipse(0, 2, 158, 98, 50);
  ellipse(0, -40, 45, 35, 10);
  ellipse(0, 45, 22, 16, -700);  // gas
  for (const double side : {-1.0, 1.0}) {
    ellipse(side * 90, 10, shaft ? 16 : 31, shaft ? 16 : 31, 900);
    ellipse(side * 90, 10, shaft ? 10 : 27, shaft ? 10 : 27, 250);
    ellipse(side * 130, 20, 16, 14, 500);
    ellipse(side * 35, 60, 18, 12, 700);
    ellipse(side * 60, -70, 12, 9, -90);
  }
  return hips;
}

/// Slices of the real CT through the femoral heads and the shafts, with the middle of the femur's label on
/// both sides.
std::vector<Hips> realHips(const fs::path& data) {
  std::vector<Hips> all;
  const auto index = scanFolder(data / "pelvic-ref" / "ct-002");
  if (!index) return all;
  const auto choice = chooseCtSeries(*index);
  if (!choice) return all;
  const auto ct = readCt(choice->series);
  const auto labels = readLabelMap(data / "pelvic-ref" / "labels" / "002" / "label.mhd");
  if (!ct || !labels || !sameGrid(ct->volume.grid, labels->grid)) return all;
  const Grid& grid = labels->grid;
  int top = 0;
  for (int k = 0; k < grid.size.z(); ++k)
    if (std::count(labels->slice(k), labels->slice(k) + grid.offset(0, 0, 1), 2) > 100) top = k;
  for (const bool shaft : {false, true}) {
    const int k = top - static_cast<int>(std::lround((shaft ? 110.0 : 20.0) / grid.spacing.z()));
    Hips hips{shaft ? "real CT, thighs" : "real CT, hips",
              Slice({grid.size.x(), grid.size.y(), grid.spacing.x(), grid.spacing.y(), 0.0, 0.0}),
              0,
              0,
              0,
              0,
              shaft};
    double count[2] = {}, x[2] = {}, y[2] = {};
    for (int j = 0; j < grid.size.y(); ++j)
      for (int i = 0; i < grid.size.x(); ++i) {
        hips.hu.at(i, j) = std::max<float>(ct->volume.at(i, j, k), -1000.0F);
        if (labels->at(i, j, k) != 2) continue;
        const int side = i < grid.size.x() / 2 ? 0 : 1;
        ++count[side];
        x[side] += hips.hu.grid.xMm(i);
        y[side] += hips.hu.grid.yMm(j);
      }
    hips.rightX = x[0] / count[0], hips.rightY = y[0] / count[0];
    hips.leftX = x[1] / count[1], hips.leftY = y[1] / count[1];
    all.push_back(std::move(hips));
  }
  return all;
}

void save(const fs::path& folder, const std::string& name, const Slice& slice) {
  if (folder.empty()) return;
  std::ofstream(folder / (name + ".f32"), std::ios::binary)
      .write(reinterpret_cast<const char*>(slice.pixels.data()),
             static_cast<std::streamsize>(4 * slice.pixels.size()));
}

Comparison compare(const Hips& hips, Material material, bool both, bool clipped, const fs::path& folder) {
  SimulatedScanOptions options;
  options.averageStarved = true;
  const MetalInsert insert = insertOf(hips, material, true, both);
  const Slice truth = simulatedScan(hips.hu, {}, options);
  Slice scan = simulatedScan(hips.hu, {insert}, options);
  if (clipped)
    for (float& value : scan.pixels) value = std::min(value, 3071.0F);
  SliceMask found(scan.pixels.size()), metal(scan.pixels.size());
  const float brightest = *std::max_element(scan.pixels.begin(), scan.pixels.end());
  for (std::size_t n = 0; n < found.size(); ++n) {
    found[n] = scan.pixels[n] >= std::max(2500.0F, 0.25F * brightest) ? 1 : 0;
    metal[n] = insert.share[n] > 0.0F ? 1 : 0;
  }
  const Reductions reductions(hips.hu.grid);
  const SliceReducer& reducer = reductions.reducer;
  Comparison comparison = compared(reductions, scan, truth, found, metal);
  const std::string title = hips.name + ", " + name(material) + (both ? ", both sides" : ", right") +
                            (clipped ? ", clipped at 3071 HU" : "");
  printMeans(title.c_str(), {comparison});
  const std::string stem = hips.name.substr(0, 4) + (hips.shaft ? "-shaft-" : "-hip-") + name(material) +
                           (both ? "-both" : "-right") + (clipped ? "-clipped" : "");
  save(folder, stem + "-truth", truth);
  save(folder, stem + "-scan", scan);
  save(folder, stem + "-li", reducer.reduced(scan, found, MetalMethod::LinearInterpolation));
  save(folder, stem + "-nmar", reducer.reduced(scan, found, MetalMethod::Nmar));
  return comparison;
}

int benchSlices(const fs::path& folder) {
  const char* set = std::getenv("COXA_DATA");
  const fs::path data = set ? fs::path(set) : fs::path(COXA_SOURCE_DIR).parent_path() / "shared" / "data";
  std::vector<Hips> cases = realHips(data);
  if (cases.empty()) std::printf("no real CT at %s: analytic phantoms only\n", data.c_str());
  cases.push_back(analyticPelvis(false));
  cases.push_back(analyticPelvis(true));
  std::vector<Comparison> all;
  for (const Hips& hips : cases)
    for (const Material material : {Material::Titanium, Material::CobaltChrome})
      for (const bool both : {false, true}) all.push_back(compare(hips, material, both, false, folder));
  all.push_back(compare(cases.front(), Material::CobaltChrome, true, true, folder));
  printMeans("all", all);
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  const std::vector<std::string> arguments(argv + 1, argv + argc);
  if (arguments.size() > 2 && arguments.front() == "--patients")
    return benchPatients(std::stoul(arguments[1]), {arguments.begin() + 2, arguments.end()});
  if (!arguments.empty() && arguments.front() == "--slice")
    return benchSlice({arguments.begin() + 1, arguments.end()});
  return benchSlices(arguments.empty() ? fs::path() : fs::path(arguments.front()));
}
