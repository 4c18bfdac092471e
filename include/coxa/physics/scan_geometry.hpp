#pragma once

#include <cstddef>
#include <variant>
#include <vector>

namespace coxa {

/// Where the pixels of one slice lie in the scan plane: x along rows, y along columns (downwards), mm, the
/// origin is the isocentre that the scanner turns around.
struct SliceGrid {
  int width = 0;
  int height = 0;
  double spacingXMm = 1.0;
  double spacingYMm = 1.0;
  double centerXMm = 0.0;  ///< the middle of the slice
  double centerYMm = 0.0;

  double xMm(double i) const { return centerXMm + (i - 0.5 * (width - 1)) * spacingXMm; }
  double yMm(double j) const { return centerYMm + (j - 0.5 * (height - 1)) * spacingYMm; }
  std::size_t pixelCount() const {
    return static_cast<std::size_t>(width) * static_cast<std::size_t>(height);
  }
  /// Distance of the farthest corner from the isocentre.
  double reachMm() const;
};

/// One slice, rows one after the other. Values are linear attenuation in 1/mm unless a function says
/// otherwise.
struct Slice {
  SliceGrid grid;
  std::vector<float> pixels;

  Slice() = default;
  explicit Slice(const SliceGrid& on, float value = 0.0F) : grid(on), pixels(on.pixelCount(), value) {}
  float& at(int i, int j) {
    return pixels[static_cast<std::size_t>(j) * static_cast<std::size_t>(grid.width) +
                  static_cast<std::size_t>(i)];
  }
  float at(int i, int j) const {
    return pixels[static_cast<std::size_t>(j) * static_cast<std::size_t>(grid.width) +
                  static_cast<std::size_t>(i)];
  }
};

/// The straight line of the points p with p · normal = offset. It runs along (-normalY, normalX).
struct RayLine {
  double normalX = 1.0;
  double normalY = 0.0;
  double offsetMm = 0.0;
};

/// Parallel rays: view v has the normal angle v · arc / views from x towards y; detectors lie evenly around
/// the isocentre.
struct ParallelBeam {
  int views = 720;
  double arcDeg = 180.0;
  int detectors = 0;
  double detectorSpacingMm = 1.0;
};

/// A source that turns full circle, and the curved detector of clinical CT: its elements lie at equal fan
/// angles. View v has the source at R·(-sin b, cos b) with b = v · 360° / views; its ray of fan angle g is
/// the parallel ray of normal angle b + g and offset R·sin g (Kak and Slaney 1988, section 3.4.1).
struct FanBeam {
  int views = 720;
  int detectors = 0;
  double detectorStepDeg = 0.07;
  double sourceToCenterMm = 570.0;
};

using Beam = std::variant<ParallelBeam, FanBeam>;

int viewCount(const Beam& beam);
int detectorCount(const Beam& beam);
/// The rays of one view, by detector.
std::vector<RayLine> raysOf(const Beam& beam, int view);

/// Beams whose rays cover the whole slice, corners included, with about one ray per pixel at the isocentre.
/// The slice must lie within the circle of the source.
ParallelBeam coveringParallelBeam(const SliceGrid& grid, int views = 720);
FanBeam coveringFanBeam(const SliceGrid& grid, int views = 720, double sourceToCenterMm = 570.0);

/// One value per view and detector, detectors one after the other.
struct Sinogram {
  int views = 0;
  int detectors = 0;
  std::vector<float> values;

  Sinogram() = default;
  Sinogram(int viewTotal, int detectorTotal, float value = 0.0F)
      : views(viewTotal),
        detectors(detectorTotal),
        values(static_cast<std::size_t>(viewTotal) * static_cast<std::size_t>(detectorTotal), value) {}
  float* view(int v) { return values.data() + static_cast<std::ptrdiff_t>(v) * detectors; }
  const float* view(int v) const { return values.data() + static_cast<std::ptrdiff_t>(v) * detectors; }
};

}  // namespace coxa
