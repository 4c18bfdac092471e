#pragma once

#include "coxa/physics/scan_geometry.hpp"

namespace coxa {

/// Neighbouring rays of one view that cross the slice the same way: all its rows, or all its columns
/// ("lines"). Ray r crosses line n at position start[r] + n · slope[r], counted in pixels along a line that
/// is padded by one empty pixel at each end. Rays are sorted by that position.
struct RayRun {
  bool acrossRows = true;
  int firstDetector = 0;
  int detectorStep = 1;         ///< 1 or -1
  std::vector<float> start;     ///< per ray
  std::vector<float> slope;     ///< per ray
  std::vector<float> lengthMm;  ///< per ray: of its way from one line to the next

  int count() const { return static_cast<int>(start.size()); }
  int detector(int ray) const { return firstDetector + ray * detectorStep; }
};

std::vector<RayRun> rayRuns(const std::vector<RayLine>& rays, const SliceGrid& grid);

/// The rays [from, to) of a run that cross line n between two of its pixels, padding counted.
struct RayRange {
  int from = 0;
  int to = 0;
};
RayRange raysBetween(const RayRun& run, int line, int firstPixel, int lastPixel);

}  // namespace coxa
