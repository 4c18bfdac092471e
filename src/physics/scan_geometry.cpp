#include "coxa/physics/scan_geometry.hpp"

#include "coxa/geometry/types.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>

namespace coxa {

namespace {

std::vector<RayLine> raysOf(const ParallelBeam& beam, int view) {
  const double angle = radFromDeg(beam.arcDeg) * view / beam.views;
  std::vector<RayLine> rays(static_cast<std::size_t>(beam.detectors));
  for (int d = 0; d < beam.detectors; ++d)
    rays[static_cast<std::size_t>(d)] = {std::cos(angle), std::sin(angle),
                                         (d - 0.5 * (beam.detectors - 1)) * beam.detectorSpacingMm};
  return rays;
}

std::vector<RayLine> raysOf(const FanBeam& beam, int view) {
  const double source = 2.0 * kPi * view / beam.views;
  std::vector<RayLine> rays(static_cast<std::size_t>(beam.detectors));
  for (int d = 0; d < beam.detectors; ++d) {
    const double fan = radFromDeg((d - 0.5 * (beam.detectors - 1)) * beam.detectorStepDeg);
    rays[static_cast<std::size_t>(d)] = {std::cos(source + fan), std::sin(source + fan),
                                         beam.sourceToCenterMm * std::sin(fan)};
  }
  return rays;
}

int oddCount(double count) {
  return 2 * static_cast<int>(std::ceil(0.5 * count)) + 1;
}

}  // namespace

double SliceGrid::reachMm() const {
  return std::hypot(std::abs(centerXMm) + 0.5 * width * spacingXMm,
                    std::abs(centerYMm) + 0.5 * height * spacingYMm);
}

int viewCount(const Beam& beam) {
  return std::visit([](const auto& b) { return b.views; }, beam);
}

int detectorCount(const Beam& beam) {
  return std::visit([](const auto& b) { return b.detectors; }, beam);
}

std::vector<RayLine> raysOf(const Beam& beam, int view) {
  return std::visit([view](const auto& b) { return raysOf(b, view); }, beam);
}

ParallelBeam coveringParallelBeam(const SliceGrid& grid, int views) {
  const double spacing = std::min(grid.spacingXMm, grid.spacingYMm);
  return {views, 180.0, oddCount(2.0 * grid.reachMm() / spacing), spacing};
}

FanBeam coveringFanBeam(const SliceGrid& grid, int views, double sourceToCenterMm) {
  if (grid.reachMm() >= sourceToCenterMm)
    throw std::invalid_argument("the slice must lie within the circle of the source");
  const double spacing = std::min(grid.spacingXMm, grid.spacingYMm);
  const double stepDeg = degFromRad(spacing / sourceToCenterMm);
  const double fanDeg = 2.0 * degFromRad(std::asin(grid.reachMm() / sourceToCenterMm));
  return {views, oddCount(fanDeg / stepDeg), stepDeg, sourceToCenterMm};
}

}  // namespace coxa
