// Milliseconds until a changed view is on the screen: slices of 512 × 512 × 163 voxels with labels, and 25
// and 56 surfaces of 12 000 triangles.
#include "scene_view.hpp"
#include "slice_view.hpp"
#include "support/sphere_mesh.hpp"

#include <QApplication>
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <functional>
#include <vector>

namespace {

using namespace coxa;

/// The median of `count` runs after two that do not count.
double medianMs(int count, const std::function<void(int)>& run) {
  std::vector<double> times;
  for (int i = -2; i < count; ++i) {
    const auto start = std::chrono::steady_clock::now();
    run(i);
    const std::chrono::duration<double, std::milli> taken = std::chrono::steady_clock::now() - start;
    if (i >= 0) times.push_back(taken.count());
  }
  std::nth_element(times.begin(), times.begin() + count / 2, times.end());
  return times[static_cast<std::size_t>(count / 2)];
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
  for (std::size_t n = 0; n < volume->voxels.size(); ++n) {
    volume->voxels[n] = static_cast<std::int16_t>(n * 7919 % 500 - 200);
    labels->voxels[n] = static_cast<std::uint8_t>((n / 24 % 9) * (n / 12288 % 7) % 54);
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
  view.scene().setOverlay(SliceOverlay::None);
  const double plain = medianMs(40, scroll);
  view.scene().setOverlay(SliceOverlay::Labels);
  std::printf("slice scroll 900x700 %-22s %6.1f ms, with labels %6.1f ms\n", name, plain,
              medianMs(40, scroll));
}

void benchSurfaces(int count) {
  SceneView view;
  view.resize(900, 700);
  for (int i = 0; i < count; ++i) {
    const Vec3 center(60.0 * (i % 8), 60.0 * (i / 8 % 3), 60.0 * (i / 24));
    view.scene().setSurface(static_cast<std::uint8_t>(i + 1), sphereMesh(center, 35.0, 55), {});
  }
  view.show();
  repaint(view);
  const auto orbit = [&](int) {
    view.scene().orbit(5.0, 1.0);
    repaint(view);
  };
  const double still = medianMs(15, orbit);
  view.scene().setInteracting(true);
  const double dragged = medianMs(15, orbit);
  for (int i = 0; i < count; ++i)
    if (i % 4 != 0)
      view.scene().setSurfaceStyle(static_cast<std::uint8_t>(i + 1), {{200, 80, 80}, 0.4, true});
  const double translucentDragged = medianMs(15, orbit);
  view.scene().setInteracting(false);
  const double translucent = medianMs(15, orbit);
  std::printf(
      "3-D frame 900x700, %2d surfaces: opaque %6.1f ms, while dragging %6.1f ms; three in four translucent "
      "%6.1f ms, while dragging %6.1f ms\n",
      count, still, dragged, translucent, translucentDragged);
}

}  // namespace

int main(int argc, char** argv) {
  Viewport::prepare();
  QApplication application(argc, argv);
  benchSlices(BodyPlane::Axial, "axial", 0.0);
  benchSlices(BodyPlane::Coronal, "coronal", 0.0);
  benchSlices(BodyPlane::Sagittal, "sagittal", 0.0);
  benchSlices(BodyPlane::Axial, "axial, volume oblique", 15.0);
  benchSurfaces(25);
  benchSurfaces(56);
}
