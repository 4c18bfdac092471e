#include "coxa/editing/doubtful_places.hpp"

#include "box_edit.hpp"

#include "coxa/image/components.hpp"

#include <algorithm>
#include <limits>

namespace coxa {

namespace {

bool inOrBeside(const LabelMap& labels, const Eigen::Vector3i& index, std::uint8_t value) {
  if (labels.at(index.x(), index.y(), index.z()) == value) return true;
  for (int axis = 0; axis < 3; ++axis)
    for (const int step : {-1, 1}) {
      Eigen::Vector3i next = index;
      next[axis] += step;
      if (labels.grid.contains(next) && labels.at(next.x(), next.y(), next.z()) == value) return true;
    }
  return false;
}

template <class Visit>
void forEachIndex(const Grid& grid, const Visit& visit) {
  for (int k = 0; k < grid.size.z(); ++k)
    for (int j = 0; j < grid.size.y(); ++j)
      for (int i = 0; i < grid.size.x(); ++i) visit(Eigen::Vector3i(i, j, k));
}

struct Region {
  double doubt = 0.0;
  Vec3 weighted = Vec3::Zero();
  Eigen::Vector3i middle = Eigen::Vector3i::Zero();
  double fromCenter = std::numeric_limits<double>::max();
  Vec3 center() const { return weighted / doubt; }
};

std::vector<Region> regionsOf(const Components& parts, const ScalarImage& uncertainty) {
  std::vector<Region> regions(parts.voxelCounts.size());
  const auto regionAt = [&](const Eigen::Vector3i& index) -> Region* {
    const auto id = parts.ids.at(index.x(), index.y(), index.z());
    return id == 0 ? nullptr : &regions[id - 1];
  };
  forEachIndex(uncertainty.grid, [&](const Eigen::Vector3i& index) {
    if (Region* region = regionAt(index)) {
      const double u = uncertainty.at(index.x(), index.y(), index.z());
      region->doubt += u;
      region->weighted += u * index.cast<double>();
    }
  });
  forEachIndex(uncertainty.grid, [&](const Eigen::Vector3i& index) {
    if (Region* region = regionAt(index)) {
      const double distance =
          (index.cast<double>() - region->center()).cwiseProduct(uncertainty.grid.spacing).squaredNorm();
      if (distance < region->fromCenter) {
        region->fromCenter = distance;
        region->middle = index;
      }
    }
  });
  return regions;
}

}  // namespace

std::vector<DoubtfulPlace> doubtfulPlaces(const LabelMap& labels, const ScalarImage& uncertainty,
                                          std::uint8_t value, const DoubtOptions& options) {
  const IndexBox bounds = boundsOf(labels, value);
  if (bounds.empty()) return {};
  const IndexBox box =
      clipped({bounds.min - Eigen::Vector3i::Ones(), bounds.max + Eigen::Vector3i::Ones()}, labels.grid);
  const LabelMap part = cropped(labels, box);
  const ScalarImage doubt = cropped(uncertainty, box);
  LabelMap mask(part.grid);
  forEachIndex(part.grid, [&](const Eigen::Vector3i& index) {
    const std::size_t at = part.grid.offset(index.x(), index.y(), index.z());
    if (doubt.voxels[at] >= options.threshold && doubt.voxels[at] > 0.0F && inOrBeside(part, index, value))
      mask.voxels[at] = 1;
  });
  const Components parts = connectedComponents(mask);
  const std::vector<Region> regions = regionsOf(parts, doubt);
  const double voxelMm3 = part.grid.voxelVolumeMm3();
  std::vector<DoubtfulPlace> places;
  for (std::size_t n = 0; n < regions.size(); ++n) {
    const double volume = static_cast<double>(parts.voxelCounts[n]) * voxelMm3;
    if (volume < options.leastVolumeMm3) continue;
    places.push_back(
        {part.grid.worldFromIndex(regions[n].middle.cast<double>()), volume, regions[n].doubt * voxelMm3});
  }
  std::stable_sort(places.begin(), places.end(),
                   [](const auto& a, const auto& b) { return a.doubtMm3 > b.doubtMm3; });
  return places;
}

}  // namespace coxa
