#include "coxa/physics/projector.hpp"

#include "mirror_views.hpp"
#include "ray_runs.hpp"

#include <tbb/blocked_range.h>
#include <tbb/parallel_for.h>

#include <stdexcept>

namespace coxa {

struct Projector::Rays {
  SliceGrid grid;
  int views = 0;
  int detectors = 0;
  MirrorPlan mirrors;
  std::vector<std::vector<RayRun>> runs;  ///< of the first view of every mirror group

  int lines(bool acrossRows) const { return acrossRows ? grid.height : grid.width; }
  int pixelsPerLine(bool acrossRows) const { return acrossRows ? grid.width : grid.height; }
  // Parallel views that share work are all mirror images of views that cross the rows.
  bool anyRun(bool acrossRows) const {
    for (const auto& view : runs)
      for (const RayRun& run : view)
        if (run.acrossRows == acrossRows) return true;
    return false;
  }
};

namespace {

// So many views share one pass over the slice, and so many lines one pass over the sinogram: both stay in the
// second cache.
constexpr int kViewsPerPass = 8;
constexpr int kLinesPerPass = 8;

// Rows or columns of the slice and of its mirror images side by side, padded by an empty pixel at both ends.
template <int kLanes>
struct PaddedLines {
  int stride = 0;
  std::vector<Lanes<kLanes>> values;
  std::vector<std::pair<int, int>> ends;  ///< per line: the empty pixels before and after what is not zero

  PaddedLines(int lines, int pixelsPerLine)
      : stride(pixelsPerLine + 2),
        values(static_cast<std::size_t>(lines) * static_cast<std::size_t>(pixelsPerLine + 2),
               Lanes<kLanes>::Zero()),
        ends(static_cast<std::size_t>(lines), {0, pixelsPerLine + 1}) {}
  Lanes<kLanes>* line(int n) { return values.data() + static_cast<std::ptrdiff_t>(n) * stride; }
  const Lanes<kLanes>* line(int n) const { return values.data() + static_cast<std::ptrdiff_t>(n) * stride; }
  // Air around the body and beside metal costs no samples then.
  void findEnds() {
    tbb::parallel_for(std::size_t{0}, ends.size(), [&](std::size_t n) {
      const Lanes<kLanes>* pixels = line(static_cast<int>(n));
      auto& [before, after] = ends[n];
      while (before + 1 < after && (pixels[before + 1] == 0.0F).all()) ++before;
      while (after - 1 > before && (pixels[after - 1] == 0.0F).all()) --after;
    });
  }
};

template <int kLanes>
PaddedLines<kLanes> linesOf(const Slice& slice, const MirrorPlan& mirrors, bool rows) {
  const SliceGrid& grid = slice.grid;
  PaddedLines<kLanes> lines(rows ? grid.height : grid.width, rows ? grid.width : grid.height);
  tbb::parallel_for(0, grid.height, [&](int j) {
    for (int i = 0; i < grid.width; ++i) {
      Lanes<kLanes>& pixel = rows ? lines.line(j)[i + 1] : lines.line(i)[j + 1];
      for (int lane = 0; lane < kLanes; ++lane) {
        const PixelIndex from = moved(mirrors.lanes[static_cast<std::size_t>(lane)], i, j, grid);
        pixel[lane] = slice.at(from.i, from.j);
      }
    }
  });
  lines.findEnds();
  return lines;
}

// The two loops below are where the time goes.
template <int kLanes>
void addSamples(const RayRun& run, RayRange range, int n, const Lanes<kLanes>* line, Lanes<kLanes>* sums) {
  const float* start = run.start.data();
  const float* slope = run.slope.data();
  const auto at = static_cast<float>(n);
  for (int r = range.from; r < range.to; ++r) {
    const float position = start[r] + at * slope[r];
    const int pixel = static_cast<int>(position);
    const float weight = position - static_cast<float>(pixel);
    sums[r] += line[pixel] + weight * (line[pixel + 1] - line[pixel]);
  }
}

template <int kLanes>
void spreadSamples(const RayRun& run, RayRange range, int n, const Lanes<kLanes>* values,
                   Lanes<kLanes>* line) {
  const float* start = run.start.data();
  const float* slope = run.slope.data();
  const auto at = static_cast<float>(n);
  for (int r = range.from; r < range.to; ++r) {
    const float position = start[r] + at * slope[r];
    const int pixel = static_cast<int>(position);
    const Lanes<kLanes> right = (position - static_cast<float>(pixel)) * values[r];
    line[pixel] += values[r] - right;
    line[pixel + 1] += right;
  }
}

// Calls visit(lane, view, detector) for the rays that are mirror images of a run's ray; once for the middle
// ray, which a half turn leaves in its place.
template <class Visit>
void forEachMirrored(const MirrorPlan& plan, const MirrorViews& group, int detector, int detectors,
                     const Visit& visit) {
  const bool middle = 2 * detector + 1 == detectors;
  for (int lane = 0; lane < (middle ? plan.ownLanes() : plan.laneCount()); ++lane) {
    const auto l = static_cast<std::size_t>(lane);
    if (group.views[l] >= 0)
      visit(lane, group.views[l], group.reversed[l] ? detectors - 1 - detector : detector);
  }
}

}  // namespace

Projector::Projector(const Beam& beam, const SliceGrid& grid) : rays_(std::make_unique<Rays>()) {
  if (viewCount(beam) <= 0 || detectorCount(beam) <= 0 || grid.width <= 0 || grid.height <= 0)
    throw std::invalid_argument("a projector needs at least one ray and one pixel");
  if (const auto* fan = std::get_if<FanBeam>(&beam); fan && fan->sourceToCenterMm <= grid.reachMm())
    throw std::invalid_argument("the slice must lie within the circle of the source");
  rays_->grid = grid;
  rays_->views = viewCount(beam);
  rays_->detectors = detectorCount(beam);
  rays_->mirrors = mirrorPlan(beam, grid);
  rays_->runs.resize(rays_->mirrors.groups.size());
  const int own = rays_->mirrors.halfTurn ? (rays_->detectors + 1) / 2 : rays_->detectors;
  tbb::parallel_for(std::size_t{0}, rays_->runs.size(), [&](std::size_t g) {
    std::vector<RayLine> rays = raysOf(beam, rays_->mirrors.groups[g].views[0]);
    rays.resize(static_cast<std::size_t>(own));
    rays_->runs[g] = rayRuns(rays, grid);
  });
}

Projector::~Projector() = default;
Projector::Projector(Projector&&) noexcept = default;
Projector& Projector::operator=(Projector&&) noexcept = default;

namespace {

template <int kLanes, class Rays>
Sinogram projected(const Rays& rays, const Slice& slice) {
  Sinogram sinogram(rays.views, rays.detectors);
  const auto project = [&](std::size_t from, std::size_t to, bool acrossRows,
                           const PaddedLines<kLanes>& lines) {
    struct Sums {
      const MirrorViews* group;
      const RayRun* run;
      std::vector<Lanes<kLanes>> values;
    };
    std::vector<Sums> all;
    for (std::size_t g = from; g < to; ++g)
      for (const RayRun& run : rays.runs[g])
        if (run.acrossRows == acrossRows)
          all.push_back({&rays.mirrors.groups[g], &run,
                         std::vector<Lanes<kLanes>>(run.start.size(), Lanes<kLanes>::Zero())});
    for (int n = 0; n < rays.lines(acrossRows); ++n) {
      const auto [before, after] = lines.ends[static_cast<std::size_t>(n)];
      if (before + 1 < after)
        for (Sums& sums : all)
          addSamples<kLanes>(*sums.run, raysBetween(*sums.run, n, before, after), n, lines.line(n),
                             sums.values.data());
    }
    for (const Sums& sums : all)
      for (int r = 0; r < sums.run->count(); ++r) {
        const auto ray = static_cast<std::size_t>(r);
        forEachMirrored(rays.mirrors, *sums.group, sums.run->detector(r), rays.detectors,
                        [&](int lane, int view, int detector) {
                          sinogram.view(view)[detector] = sums.values[ray][lane] * sums.run->lengthMm[ray];
                        });
      }
  };
  for (const bool acrossRows : {true, false}) {
    if (!rays.anyRun(acrossRows)) continue;
    const PaddedLines<kLanes> lines = linesOf<kLanes>(slice, rays.mirrors, acrossRows);
    tbb::parallel_for(tbb::blocked_range<std::size_t>(0, rays.runs.size(), kViewsPerPass),
                      [&](const auto& groups) {
                        for (std::size_t g = groups.begin(); g < groups.end(); g += kViewsPerPass)
                          project(g, std::min(g + kViewsPerPass, groups.end()), acrossRows, lines);
                      });
  }
  return sinogram;
}

// The values of a run's rays and their mirror images, times the rays' lengths.
template <int kLanes>
std::vector<Lanes<kLanes>> weightedValues(const RayRun& run, const MirrorPlan& plan, const MirrorViews& group,
                                          const Sinogram& sinogram) {
  std::vector<Lanes<kLanes>> values(run.start.size(), Lanes<kLanes>::Zero());
  for (int r = 0; r < run.count(); ++r)
    forEachMirrored(plan, group, run.detector(r), sinogram.detectors, [&](int lane, int view, int detector) {
      values[static_cast<std::size_t>(r)][lane] =
          sinogram.view(view)[detector] * run.lengthMm[static_cast<std::size_t>(r)];
    });
  return values;
}

// Every line is filled by one thread from all rays that cross it, so no two threads write one pixel.
template <int kLanes, class Rays>
void addLines(const Rays& rays, const Sinogram& sinogram, bool acrossRows, Slice& slice) {
  struct Values {
    const RayRun* run;
    std::vector<Lanes<kLanes>> values;
  };
  std::vector<Values> all;
  for (std::size_t g = 0; g < rays.runs.size(); ++g)
    for (const RayRun& run : rays.runs[g])
      if (run.acrossRows == acrossRows)
        all.push_back({&run, weightedValues<kLanes>(run, rays.mirrors, rays.mirrors.groups[g], sinogram)});
  const int pixels = rays.pixelsPerLine(acrossRows);
  PaddedLines<kLanes> lines(rays.lines(acrossRows), pixels);
  tbb::parallel_for(tbb::blocked_range<int>(0, rays.lines(acrossRows), kLinesPerPass), [&](const auto& some) {
    for (const Values& values : all)
      for (int n = some.begin(); n < some.end(); ++n)
        spreadSamples<kLanes>(*values.run, raysBetween(*values.run, n, 0, pixels + 1), n,
                              values.values.data(), lines.line(n));
  });
  tbb::parallel_for(0, slice.grid.height, [&](int j) {
    for (int i = 0; i < slice.grid.width; ++i)
      for (int lane = 0; lane < kLanes; ++lane) {
        const PixelIndex at = movedBack(rays.mirrors.lanes[static_cast<std::size_t>(lane)], i, j, slice.grid);
        slice.at(i, j) += acrossRows ? lines.line(at.j)[at.i + 1][lane] : lines.line(at.i)[at.j + 1][lane];
      }
  });
}

}  // namespace

Sinogram Projector::project(const Slice& slice) const {
  if (slice.pixels.size() != rays_->grid.pixelCount())
    throw std::invalid_argument("the slice does not fit the projector's grid");
  return withLanes(rays_->mirrors.laneCount(),
                   [&](auto lanes) { return projected<lanes.value>(*rays_, slice); });
}

Slice Projector::backproject(const Sinogram& sinogram) const {
  if (sinogram.views != rays_->views || sinogram.detectors != rays_->detectors)
    throw std::invalid_argument("the sinogram does not fit the projector's beam");
  Slice slice(rays_->grid);
  for (const bool acrossRows : {true, false})
    withLanes(rays_->mirrors.laneCount(),
              [&](auto lanes) { addLines<lanes.value>(*rays_, sinogram, acrossRows, slice); });
  return slice;
}

}  // namespace coxa
