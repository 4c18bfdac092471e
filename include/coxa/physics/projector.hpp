#pragma once

#include "coxa/physics/scan_geometry.hpp"

#include <memory>

namespace coxa {

/// Line integrals through a slice and their exact adjoint. Method: Joseph 1982: a ray is sampled where it
/// crosses the rows (or the columns, whichever it crosses more steeply), linearly between two pixels. Outside
/// the slice is nothing. The rays are prepared once, so keep the projector for many slices on one grid. Runs
/// on all cores; the result does not depend on their number. A beam or grid without rays or pixels, or a
/// slice that reaches the source's circle, is a broken contract (std::invalid_argument).
class Projector {
 public:
  Projector(const Beam& beam, const SliceGrid& grid);
  ~Projector();
  Projector(Projector&&) noexcept;
  Projector& operator=(Projector&&) noexcept;

  /// Attenuation (1/mm) to line integrals (no unit).
  Sinogram project(const Slice& slice) const;
  /// The adjoint: <project(x), y> = <x, backproject(y)> in the plain sums over values.
  Slice backproject(const Sinogram& sinogram) const;

 private:
  struct Rays;
  std::unique_ptr<Rays> rays_;
};

}  // namespace coxa
