#pragma once

#include "coxa/geometry/types.hpp"
#include "coxa/physics/scan_geometry.hpp"

#include <cmath>

namespace coxa::testing_physics {

/// An ellipse of even attenuation, turned by `angleRad` from x towards y.
struct Ellipse {
  double centerX = 0.0, centerY = 0.0;
  double radiusA = 1.0, radiusB = 1.0;
  double angleRad = 0.0;
  double perMm = 0.02;

  bool contains(double x, double y) const {
    const double c = std::cos(angleRad), s = std::sin(angleRad);
    const double u = ((x - centerX) * c + (y - centerY) * s) / radiusA;
    const double v = ((y - centerY) * c - (x - centerX) * s) / radiusB;
    return u * u + v * v <= 1.0;
  }
  /// Closed form (Kak and Slaney 1988, equation 3.6).
  double lineIntegral(const RayLine& ray) const {
    const double normal = std::atan2(ray.normalY, ray.normalX) - angleRad;
    const double offset = ray.offsetMm - centerX * ray.normalX - centerY * ray.normalY;
    const double a2 = std::pow(radiusA * std::cos(normal), 2) + std::pow(radiusB * std::sin(normal), 2);
    return offset * offset >= a2 ? 0.0
                                 : 2.0 * perMm * radiusA * radiusB * std::sqrt(a2 - offset * offset) / a2;
  }
};

/// Pixels hold the ellipse's share of their area, by 8 x 8 points.
inline Slice drawn(const SliceGrid& grid, const Ellipse& ellipse) {
  Slice slice(grid);
  for (int j = 0; j < grid.height; ++j)
    for (int i = 0; i < grid.width; ++i) {
      int inside = 0;
      for (int n = 0; n < 64; ++n)
        inside += ellipse.contains(grid.xMm(i + (n % 8 - 3.5) / 8), grid.yMm(j + (n / 8 - 3.5) / 8)) ? 1 : 0;
      slice.at(i, j) = static_cast<float>(ellipse.perMm * inside / 64.0);
    }
  return slice;
}

inline Sinogram closedForm(const Beam& beam, const Ellipse& ellipse) {
  Sinogram sinogram(viewCount(beam), detectorCount(beam));
  for (int v = 0; v < sinogram.views; ++v) {
    const auto rays = raysOf(beam, v);
    for (int d = 0; d < sinogram.detectors; ++d)
      sinogram.view(v)[d] = static_cast<float>(ellipse.lineIntegral(rays[static_cast<std::size_t>(d)]));
  }
  return sinogram;
}

}  // namespace coxa::testing_physics
