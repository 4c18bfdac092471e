#include "ray_runs.hpp"

#include <algorithm>
#include <cmath>

namespace coxa {

namespace {

struct Crossing {
  bool acrossRows;
  double start;
  double slope;
  double lengthMm;
};

Crossing crossingOf(const RayLine& ray, const SliceGrid& grid) {
  const bool acrossRows = std::abs(ray.normalX) * grid.spacingXMm >= std::abs(ray.normalY) * grid.spacingYMm;
  const double along = acrossRows ? ray.normalX : ray.normalY;
  const double lineNormal = acrossRows ? ray.normalY : ray.normalX;
  const double pixelMm = acrossRows ? grid.spacingXMm : grid.spacingYMm;
  const double lineMm = acrossRows ? grid.spacingYMm : grid.spacingXMm;
  const double firstPixel = acrossRows ? grid.xMm(0) : grid.yMm(0);
  const double firstLine = acrossRows ? grid.yMm(0) : grid.xMm(0);
  const double atFirstLine = (ray.offsetMm - firstLine * lineNormal) / along;
  return {acrossRows, (atFirstLine - firstPixel) / pixelMm + 1.0, -lineMm * lineNormal / (along * pixelMm),
          lineMm / std::abs(along)};
}

void append(RayRun& run, const Crossing& crossing) {
  run.start.push_back(static_cast<float>(crossing.start));
  run.slope.push_back(static_cast<float>(crossing.slope));
  run.lengthMm.push_back(static_cast<float>(crossing.lengthMm));
}

void sortByPosition(RayRun& run, const SliceGrid& grid) {
  const float middle = 0.5F * static_cast<float>(run.acrossRows ? grid.height : grid.width);
  if (run.start.front() + middle * run.slope.front() <= run.start.back() + middle * run.slope.back()) return;
  run.firstDetector = run.detector(run.count() - 1);
  run.detectorStep = -1;
  std::reverse(run.start.begin(), run.start.end());
  std::reverse(run.slope.begin(), run.slope.end());
  std::reverse(run.lengthMm.begin(), run.lengthMm.end());
}

// Away from the very ends, so that rounding never leads outside the padded line.
constexpr float kMargin = 1e-3F;

}  // namespace

std::vector<RayRun> rayRuns(const std::vector<RayLine>& rays, const SliceGrid& grid) {
  std::vector<RayRun> runs;
  for (std::size_t d = 0; d < rays.size(); ++d) {
    const Crossing crossing = crossingOf(rays[d], grid);
    if (runs.empty() || runs.back().acrossRows != crossing.acrossRows)
      runs.push_back({crossing.acrossRows, static_cast<int>(d), 1, {}, {}, {}});
    append(runs.back(), crossing);
  }
  for (RayRun& run : runs) sortByPosition(run, grid);
  return runs;
}

RayRange raysBetween(const RayRun& run, int line, int firstPixel, int lastPixel) {
  const float n = static_cast<float>(line);
  const float start = static_cast<float>(firstPixel) + kMargin;
  const float end = static_cast<float>(lastPixel) - kMargin;
  const auto position = [&](int ray) {
    return run.start[static_cast<std::size_t>(ray)] + n * run.slope[static_cast<std::size_t>(ray)];
  };
  const auto firstAbove = [&](float limit) {
    int low = 0, high = run.count();
    while (low < high) {
      const int middle = (low + high) / 2;
      if (position(middle) < limit)
        low = middle + 1;
      else
        high = middle;
    }
    return low;
  };
  const RayRange range{firstAbove(start), firstAbove(end)};
  // Lines on the far side of the source meet the rays in reverse; they are never within the slice.
  const bool within = range.from < range.to && position(range.from) < end && position(range.to - 1) >= start;
  return within ? range : RayRange{};
}

}  // namespace coxa
