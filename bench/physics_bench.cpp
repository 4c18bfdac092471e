// Projection and filtered back-projection of one 512 x 512 slice, 720 views: times, accuracy on a disc with
// known projections, the floors they can be held against, and scikit-image in the same run. Other work may
// share the cores, so every time is the best of several repetitions, and the processor's time (of all cores
// together) is given beside the clock's.

#include "coxa/physics/acquisition.hpp"
#include "coxa/physics/drr.hpp"
#include "coxa/physics/projector.hpp"
#include "coxa/physics/reconstruction.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <functional>
#include <numeric>
#include <string>
#include <vector>

using namespace coxa;

namespace {

constexpr int kSize = 512;
constexpr int kViews = 720;
constexpr int kRepetitions = 15;
constexpr double kRadiusMm = 150.2;  // its edge a quarter pixel from a ray, in ours and in the peer
constexpr double kPerMm = 0.02;

struct Seconds {
  double clock = 1e9;
  double processor = 1e9;
};

Seconds bestSeconds(const std::function<void()>& work, int repetitions = kRepetitions) {
  Seconds best;
  for (int n = 0; n < repetitions; ++n) {
    const auto start = std::chrono::steady_clock::now();
    const std::clock_t busy = std::clock();
    work();
    best.processor = std::min(best.processor, static_cast<double>(std::clock() - busy) / CLOCKS_PER_SEC);
    best.clock =
        std::min(best.clock, std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count());
  }
  return best;
}

Slice disc(const SliceGrid& grid) {
  Slice slice(grid);
  for (int j = 0; j < grid.height; ++j)
    for (int i = 0; i < grid.width; ++i) {
      int inside = 0;
      for (int n = 0; n < 64; ++n) {
        const int column = n % 8, row = n / 8;
        inside += std::hypot(grid.xMm(i + (column - 3.5) / 8), grid.yMm(j + (row - 3.5) / 8)) <= kRadiusMm;
      }
      slice.at(i, j) = static_cast<float>(kPerMm * inside / 64.0);
    }
  return slice;
}

double chord(double offset) {
  return std::abs(offset) < kRadiusMm ? 2.0 * kPerMm * std::sqrt(kRadiusMm * kRadiusMm - offset * offset)
                                      : 0.0;
}

struct Accuracy {
  double largest;  ///< relative, rays through the inner 95 % of the disc
  double rms;      ///< all rays, relative to the rms projection
};

Accuracy accuracyOf(const Sinogram& sinogram, const Beam& beam) {
  double largest = 0.0, squares = 0.0, truth = 0.0;
  for (int v = 0; v < sinogram.views; ++v) {
    const auto rays = raysOf(beam, v);
    for (int d = 0; d < sinogram.detectors; ++d) {
      const double offset = rays[static_cast<std::size_t>(d)].offsetMm;
      const double wanted = chord(offset), error = sinogram.view(v)[d] - wanted;
      if (std::abs(offset) < 0.95 * kRadiusMm) largest = std::max(largest, std::abs(error) / wanted);
      squares += error * error;
      truth += wanted * wanted;
    }
  }
  return {largest, std::sqrt(squares / truth)};
}

double rmsInside(const Slice& slice) {
  double squares = 0.0;
  int count = 0;
  for (int j = 0; j < slice.grid.height; ++j)
    for (int i = 0; i < slice.grid.width; ++i) {
      if (std::hypot(slice.grid.xMm(i), slice.grid.yMm(j)) > 0.95 * kRadiusMm) continue;
      squares += std::pow(slice.at(i, j) / kPerMm - 1.0, 2);
      ++count;
    }
  return std::sqrt(squares / count);
}

struct Times {
  Seconds project, reconstruct;
};

Times measure(const char* title, const Beam& beam, const SliceGrid& grid, const Slice& slice) {
  const double prepare = bestSeconds([&] { Projector(beam, grid); }).clock;
  const Projector projector(beam, grid);
  const Reconstructor reconstructor(beam, grid, FilterWindow::SheppLogan);
  Sinogram sinogram;
  Slice back;
  const Seconds project = bestSeconds([&] { sinogram = projector.project(slice); });
  const Seconds adjoint = bestSeconds([&] { back = projector.backproject(sinogram); });
  const Seconds reconstruct = bestSeconds([&] { back = reconstructor.reconstruct(sinogram); });
  const Accuracy accuracy = accuracyOf(sinogram, beam);
  std::printf("%s, %d detectors\n", title, detectorCount(beam));
  std::printf("  prepare the rays (once)  %7.1f ms\n", 1e3 * prepare);
  std::printf(
      "  projection               %7.1f ms (processor %5.1f)   disc: largest error %.3f %%, rms %.3f %%\n",
      1e3 * project.clock, 1e3 * project.processor, 100 * accuracy.largest, 100 * accuracy.rms);
  std::printf("  its adjoint              %7.1f ms (processor %5.1f)\n", 1e3 * adjoint.clock,
              1e3 * adjoint.processor);
  std::printf("  filtered back-projection %7.1f ms (processor %5.1f)   disc: rms error inside %.3f %%\n",
              1e3 * reconstruct.clock, 1e3 * reconstruct.processor, 100 * rmsInside(back));
  const double updates = 1.0 * kSize * kSize * kViews;
  const double traffic = 4.0 * (kSize * kSize + 1.0 * kViews * detectorCount(beam));
  std::printf("  %.2f and %.2f billion pixel updates a second; slice and sinogram are %.1f MB\n",
              1e-9 * updates / project.clock, 1e-9 * updates / reconstruct.clock, 1e-6 * traffic);
  return {project, reconstruct};
}

// What memory gives this process now: slice and sinogram cannot be read faster.
void floors() {
  std::vector<float> large(64 << 20, 1.0F);
  volatile float sink = 0.0F;
  const double read = bestSeconds([&] { sink = std::accumulate(large.begin(), large.end(), 0.0F); }, 5).clock;
  std::printf("floor: memory read by one core %.1f GB/s (plain sum)\n",
              4e-9 * static_cast<double>(large.size()) / read);
}

void radiograph() {
  Grid grid;
  grid.size = {256, 256, 200};
  grid.spacing = Vec3(1.5, 1.5, 1.5);
  Volume ct(grid, 0);
  const XrayView view =
      XrayView::facing(grid.center() - Vec3(0, 1000, 0), grid.center(), Vec3::UnitX(), 1200.0, 0.5, 800, 800);
  ScalarImage picture;
  const double seconds = bestSeconds([&] { picture = digitalRadiograph(ct, view, 0.02); }, 3).clock;
  std::printf("radiograph 800 x 800 of 256 x 256 x 200 voxels: %.0f ms\n", 1e3 * seconds);
}

}  // namespace

int main() {
  SliceGrid grid{kSize, kSize, 0.8, 0.8, 0.0, 0.0};
  const Slice slice = disc(grid);
  std::printf("best of %d repetitions\n", kRepetitions);
  measure("fan beam", coveringFanBeam(grid, kViews), grid, slice);
  // The peer's geometry: as many detectors as pixels, over the circle within the slice.
  const ParallelBeam parallel{kViews, 180.0, kSize, grid.spacingXMm};
  const Times ours = measure("parallel beam", parallel, grid, slice);
  floors();
  radiograph();
  std::fflush(stdout);
  char times[96];
  std::snprintf(times, sizeof times, " %.6f %.6f %.6f %.6f", ours.project.clock, ours.reconstruct.clock,
                ours.project.processor, ours.reconstruct.processor);
  const std::string peer = std::string("/usr/bin/python3 ") + COXA_PHYSICS_PEER + times;
  if (std::system(peer.c_str()) != 0)
    std::printf("scikit-image was not measured (Debian package python3-skimage)\n");
}
