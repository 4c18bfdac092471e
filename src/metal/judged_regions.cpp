#include "coxa/image/components.hpp"
#include "coxa/image/filters.hpp"
#include "coxa/metal/scores.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>

namespace coxa {

namespace {

constexpr float kTissueHu = -500.0F;

Grid gridOf(const SliceGrid& slice) {
  Grid grid;
  grid.size = {slice.width, slice.height, 1};
  grid.spacing = {slice.spacingXMm, slice.spacingYMm, 1.0};
  return grid;
}

LabelMap mapOf(const SliceGrid& grid, const SliceMask& mask) {
  LabelMap map(gridOf(grid));
  map.voxels = mask;
  return map;
}

// Pixels without metal that touch some, corners included.
SliceMask rimOf(const SliceGrid& grid, const SliceMask& metal) {
  SliceMask rim(metal.size());
  const auto index = [&](int i, int j) { return static_cast<std::size_t>(j * grid.width + i); };
  for (int j = 0; j < grid.height; ++j)
    for (int i = 0; i < grid.width; ++i) {
      if (metal[index(i, j)] == 0) continue;
      for (int y = std::max(j - 1, 0); y <= std::min(j + 1, grid.height - 1); ++y)
        for (int x = std::max(i - 1, 0); x <= std::min(i + 1, grid.width - 1); ++x)
          if (metal[index(x, y)] == 0) rim[index(x, y)] = 1;
    }
  return rim;
}

// Pixels that the border of the slice cannot reach through air: the largest part of tissue and its holes.
SliceMask bodyOf(const Slice& truth, const SliceMask& metal) {
  LabelMap tissue(gridOf(truth.grid));
  for (std::size_t n = 0; n < metal.size(); ++n)
    tissue.voxels[n] = truth.pixels[n] > kTissueHu || metal[n] != 0 ? 1 : 0;
  LabelMap outside = keepLargestComponents(tissue);
  for (auto& voxel : outside.voxels) voxel = voxel == 0 ? 1 : 0;
  const Components parts = connectedComponents(outside);
  const int width = truth.grid.width, height = truth.grid.height;
  std::vector<bool> open(parts.voxelCounts.size() + 1, false);
  for (int j = 0; j < height; ++j)
    for (int i = 0; i < width; ++i)
      if (i == 0 || j == 0 || i == width - 1 || j == height - 1) open[parts.ids.at(i, j, 0)] = true;
  open[0] = false;
  SliceMask body(metal.size());
  for (std::size_t n = 0; n < body.size(); ++n) body[n] = !open[parts.ids.voxels[n]] && metal[n] == 0 ? 1 : 0;
  return body;
}

std::vector<float> distanceToMetal(const SliceGrid& grid, const SliceMask& metal, double limitMm) {
  const IndexBox all{Eigen::Vector3i::Zero(), Eigen::Vector3i(grid.width - 1, grid.height - 1, 0)};
  return signedDistanceMm(mapOf(grid, metal), 1, all, limitMm).voxels;
}

/// The pixels of a disc around a place, as offsets in the slice.
struct Disc {
  int reachX, reachY;
  std::vector<std::ptrdiff_t> offsets;

  Disc(const SliceGrid& grid, double radiusMm)
      : reachX(static_cast<int>(radiusMm / grid.spacingXMm)),
        reachY(static_cast<int>(radiusMm / grid.spacingYMm)) {
    for (int j = -reachY; j <= reachY; ++j)
      for (int i = -reachX; i <= reachX; ++i)
        if (std::hypot(i * grid.spacingXMm, j * grid.spacingYMm) <= radiusMm)
          offsets.push_back(static_cast<std::ptrdiff_t>(j) * grid.width + i);
  }
};

// The disc within `allowed` with the least cost; empty where there is none. Places are tried every third
// pixel: regions need no more.
SliceMask bestDisc(const SliceGrid& grid, double radiusMm, const SliceMask& allowed,
                   const std::function<double(const std::vector<std::size_t>&)>& cost) {
  const Disc disc(grid, radiusMm);
  std::vector<std::size_t> pixels(disc.offsets.size()), best;
  double least = std::numeric_limits<double>::infinity();
  for (int j = disc.reachY; j < grid.height - disc.reachY; j += 3)
    for (int i = disc.reachX; i < grid.width - disc.reachX; i += 3) {
      const std::ptrdiff_t center = static_cast<std::ptrdiff_t>(j) * grid.width + i;
      std::transform(disc.offsets.begin(), disc.offsets.end(), pixels.begin(),
                     [&](std::ptrdiff_t offset) { return static_cast<std::size_t>(center + offset); });
      if (!std::all_of(pixels.begin(), pixels.end(), [&](std::size_t n) { return allowed[n] != 0; }))
        continue;
      const double now = cost(pixels);
      if (now >= least) continue;
      least = now;
      best = pixels;
    }
  SliceMask mask(allowed.size());
  for (const std::size_t n : best) mask[n] = 1;
  return mask;
}

SliceMask quietDisc(const Slice& truth, const Slice& uncorrected, const SliceMask& allowed) {
  return bestDisc(truth.grid, 8.0, allowed, [&](const std::vector<std::size_t>& pixels) {
    double sum = 0.0, squares = 0.0, errors = 0.0;
    for (const std::size_t n : pixels) {
      sum += truth.pixels[n];
      squares += std::pow(truth.pixels[n], 2);
      errors += std::pow(uncorrected.pixels[n] - truth.pixels[n], 2);
    }
    const auto count = static_cast<double>(pixels.size());
    if (std::abs(sum / count) > 150.0) return std::numeric_limits<double>::infinity();
    return std::sqrt(std::max(squares / count - std::pow(sum / count, 2), 0.0)) + std::sqrt(errors / count);
  });
}

SliceMask streakDisc(const Slice& truth, const Slice& uncorrected, const SliceMask& allowed) {
  return bestDisc(truth.grid, 12.0, allowed, [&](const std::vector<std::size_t>& pixels) {
    double sum = 0.0, squares = 0.0;
    for (const std::size_t n : pixels) {
      const double error = uncorrected.pixels[n] - truth.pixels[n];
      sum += error;
      squares += error * error;
    }
    const auto count = static_cast<double>(pixels.size());
    return -(squares / count - std::pow(sum / count, 2));
  });
}

struct Span {
  float low, high;
};
Span spanAround(const std::vector<float>& values, const SliceGrid& grid, int i, int j) {
  Span span{values[static_cast<std::size_t>(j * grid.width + i)],
            values[static_cast<std::size_t>(j * grid.width + i)]};
  for (int y = std::max(j - 2, 0); y <= std::min(j + 2, grid.height - 1); ++y)
    for (int x = std::max(i - 2, 0); x <= std::min(i + 2, grid.width - 1); ++x) {
      const float value = values[static_cast<std::size_t>(y * grid.width + x)];
      span = {std::min(span.low, value), std::max(span.high, value)};
    }
  return span;
}

void findEdges(const Slice& truth, const std::vector<float>& distance, JudgedRegions& regions) {
  ScalarImage image(gridOf(truth.grid));
  image.voxels = truth.pixels;
  const std::vector<float> quiet = smoothed(image, Vec3(1.0, 1.0, 0.0)).voxels;
  regions.boneEdges.assign(quiet.size(), 0);
  regions.fatEdges.assign(quiet.size(), 0);
  for (int j = 0; j < truth.grid.height; ++j)
    for (int i = 0; i < truth.grid.width; ++i) {
      const auto n = static_cast<std::size_t>(j * truth.grid.width + i);
      if (regions.body[n] == 0 || distance[n] < 3.0F || distance[n] > 60.0F) continue;
      const Span span = spanAround(quiet, truth.grid, i, j);
      regions.boneEdges[n] = span.low > -300.0F && span.low < 120.0F && span.high > 200.0F ? 1 : 0;
      regions.fatEdges[n] =
          span.low > -300.0F && span.low < -40.0F && span.high > 10.0F && span.high < 120.0F ? 1 : 0;
    }
}

SliceMask centralDisc(const SliceGrid& grid, const SliceMask& body) {
  double x = 0.0, y = 0.0, count = 0.0;
  const auto forEach = [&](const auto& visit) {
    for (int j = 0; j < grid.height; ++j)
      for (int i = 0; i < grid.width; ++i)
        visit(static_cast<std::size_t>(j * grid.width + i), grid.xMm(i), grid.yMm(j));
  };
  forEach([&](std::size_t n, double atX, double atY) {
    if (body[n] == 0) return;
    x += atX;
    y += atY;
    ++count;
  });
  SliceMask disc(body.size());
  forEach([&](std::size_t n, double atX, double atY) {
    disc[n] = std::hypot(atX - x / count, atY - y / count) <= 25.0 ? 1 : 0;
  });
  return disc;
}

}  // namespace

JudgedRegions judgedRegions(const Slice& truth, const Slice& uncorrected, const SliceMask& metal) {
  JudgedRegions regions;
  regions.metal = metal;
  regions.rim = rimOf(truth.grid, metal);
  regions.body = bodyOf(truth, metal);
  for (std::size_t n = 0; n < regions.rim.size(); ++n)
    if (regions.rim[n] != 0) regions.body[n] = 0;
  const std::vector<float> distance = distanceToMetal(truth.grid, metal, 70.0);
  const auto bodyBeyond = [&](float mm) {
    SliceMask mask(regions.body);
    for (std::size_t n = 0; n < mask.size(); ++n) mask[n] = mask[n] != 0 && distance[n] >= mm ? 1 : 0;
    return mask;
  };
  regions.nearMetal = metal;
  float brightest = -1000.0F;
  for (std::size_t n = 0; n < metal.size(); ++n) {
    if (regions.rim[n] != 0) regions.nearMetal[n] = 1;
    if (regions.body[n] == 0 || distance[n] > 20.0F) continue;
    regions.nearMetal[n] = 1;
    brightest = std::max(brightest, truth.pixels[n]);
  }
  regions.metalHu = brightest + 250.0F;
  regions.noise = quietDisc(truth, uncorrected, bodyBeyond(10.0F));
  regions.streaks = streakDisc(truth, uncorrected, bodyBeyond(5.0F));
  findEdges(truth, distance, regions);
  regions.target = centralDisc(truth.grid, regions.body);
  return regions;
}

}  // namespace coxa
