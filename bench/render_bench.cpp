// Milliseconds until a changed view is on the screen: slices of 512 × 512 × 163 voxels with labels, and 25
// and 56 surfaces of 12 000 triangles.
#include "scene_view.hpp"
#include "slice_view.hpp"
#include "support/sphere_mesh.hpp"

#include <QApplication>
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <ctime>
#include <functional>
#include <string>
#include <vector>

namespace {

using namespace coxa;

/// Of one run: the median time until it is done, and the mean processor time on all cores together, which
/// other programs on the machine disturb less.
struct Cost {
  double wallMs = 0.0;
  double cpuMs = 0.0;
};

Cost costOf(int count, const std::function<void(int)>& run) {
  for (int i = 0; i < 2; ++i) run(i);
  std::vector<double> times;
  const std::clock_t begin = std::clock();
  for (int i = 0; i < count; ++i) {
    const auto start = std::chrono::steady_clock::now();
    run(i);
    times.push_back(
        std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count());
  }
  const double cpuMs = 1000.0 * static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC / count;
  std::nth_element(times.begin(), times.begin() + count / 2, times.end());
  return {times[static_cast<std::size_t>(count / 2)], cpuMs};
}

void print(const std::string& what, const Cost& cost) {
  std::printf("%-58s %7.1f ms (processor %7.1f ms)\n", what.c_str(), cost.wallMs, cost.cpuMs);
}

void repaint(QWidget& view) {
  view.repaint();
  QApplication::processEvents();
}

Grid ctGrid(double turnedDeg) {
  Grid grid;
  grid.size = {512, 512, 163};
  grid.spacing = {1.0, 1.0, 3.0};
  grid.direction =
      Eigen::AngleAxisd(radFromDeg(turnedDeg), Vec3(1.0, 1.0, 1.0).normalized()).toRotationMatrix();
  grid.origin -= grid.center();
  return grid;
}

void benchSlices(BodyPlane plane, const char* name, double turnedDeg) {
  auto volume = std::make_shared<Volume>(ctGrid(turnedDeg));
  auto labels = std::make_shared<LabelMap>(volume->grid);
  for (int k = 0; k < 163; ++k)
    for (int j = 0; j < 512; ++j)
      for (int i = 0; i < 512; ++i) {
        volume->at(i, j, k) = static_cast<std::int16_t>((i * 31 + j * 17 + k * 7) % 500 - 200);
        labels->at(i, j, k) = static_cast<std::uint8_t>((i / 40 + j / 40 * 5 + k / 13 * 3) % 54);
      }
  SliceView view(plane);
  view.resize(900, 700);
  view.scene().setVolume(volume);
  view.scene().setLabels(labels);
  for (std::uint8_t value = 1; value < 54; ++value)
    view.scene().setLabelStyle(value, {{200, static_cast<std::uint8_t>(4 * value), 90}, true});
  view.show();
  repaint(view);
  const auto scroll = [&](int i) {
    view.scene().scroll(i % 40 < 20 ? 1 : -1);
    repaint(view);
  };
  print(std::string(name) + " slice", costOf(40, scroll));
  view.scene().setOverlay(SliceOverlay::Labels);
  print(std::string(name) + " slice with labels", costOf(40, scroll));
}

void benchSurfaces(int count) {
  SceneView view;
  view.resize(900, 700);
  for (int i = 0; i < count; ++i) {
    const Eigen::Vector3i place(i % 8, i / 8 % 3, i / 24);
    const Vec3 center = 60.0 * place.cast<double>();
    view.scene().setSurface(static_cast<std::uint8_t>(i + 1), sphereMesh(center, 35.0, 55), {});
  }
  view.show();
  repaint(view);
  const auto orbit = [&](int) {
    view.scene().orbit(5.0, 1.0);
    repaint(view);
  };
  const std::string name = std::to_string(count) + " surfaces, ";
  const auto bench = [&](const std::string& how) {
    print(name + how, costOf(12, orbit));
    view.scene().setInteracting(true);
    print(name + how + ", while dragging", costOf(12, orbit));
    view.scene().setInteracting(false);
  };
  bench("opaque");
  for (int i = 0; i < count; ++i)
    if (i % 4 != 0)
      view.scene().setSurfaceStyle(static_cast<std::uint8_t>(i + 1), {{200, 80, 80}, 0.4, true});
  bench("three in four translucent");
}

}  // namespace

int main(int argc, char** argv) {
  Viewport::prepare();
  QApplication application(argc, argv);
  benchSlices(BodyPlane::Axial, "axial", 0.0);
  benchSlices(BodyPlane::Coronal, "coronal", 0.0);
  benchSlices(BodyPlane::Sagittal, "sagittal", 0.0);
  benchSlices(BodyPlane::Axial, "axial, volume oblique", 15.0);
  benchSurfaces(1);
  benchSurfaces(25);
  benchSurfaces(56);
}
