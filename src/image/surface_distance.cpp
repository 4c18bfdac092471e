#include "coxa/image/surface_distance.hpp"

#include "squared_distances.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace coxa {

namespace {

bool isSurface(const LabelMap& labels, const Eigen::Vector3i& index, std::uint8_t value) {
  for (int axis = 0; axis < 3; ++axis)
    for (const int step : {-1, 1}) {
      Eigen::Vector3i neighbour = index;
      neighbour[axis] += step;
      if (!labels.grid.contains(neighbour) || labels.at(neighbour.x(), neighbour.y(), neighbour.z()) != value)
        return true;
    }
  return false;
}

// Where the surface voxels lie on the grid cropped to the box.
std::vector<std::size_t> surfaceVoxels(const LabelMap& labels, std::uint8_t value, const IndexBox& box) {
  std::vector<std::size_t> found;
  std::size_t here = 0;
  for (int k = box.min.z(); k <= box.max.z(); ++k)
    for (int j = box.min.y(); j <= box.max.y(); ++j)
      for (int i = box.min.x(); i <= box.max.x(); ++i, ++here)
        if (labels.at(i, j, k) == value && isSurface(labels, {i, j, k}, value)) found.push_back(here);
  return found;
}

void appendDistances(const std::vector<std::size_t>& from, const std::vector<std::size_t>& to,
                     const Grid& grid, std::vector<double>& distances) {
  ScalarImage squared(grid, kFar);
  for (const std::size_t n : to) squared.voxels[n] = 0.0F;
  squaredDistances(squared);
  for (const std::size_t n : from) distances.push_back(std::sqrt(static_cast<double>(squared.voxels[n])));
}

double percentile(std::vector<double>& values, double fraction) {
  const double position = fraction * static_cast<double>(values.size() - 1);
  const auto below = values.begin() + static_cast<std::ptrdiff_t>(position);
  std::nth_element(values.begin(), below, values.end());
  if (below + 1 == values.end()) return *below;
  return std::lerp(*below, *std::min_element(below + 1, values.end()), position - std::floor(position));
}

}  // namespace

std::optional<SurfaceDistance> surfaceDistance(const LabelMap& a, const LabelMap& b, std::uint8_t value,
                                               const IndexBox& box) {
  const auto surfaceA = surfaceVoxels(a, value, box);
  const auto surfaceB = surfaceVoxels(b, value, box);
  if (surfaceA.empty() || surfaceB.empty()) return std::nullopt;
  const Grid grid = cropped(a.grid, box);
  std::vector<double> distances;
  appendDistances(surfaceA, surfaceB, grid, distances);
  appendDistances(surfaceB, surfaceA, grid, distances);
  const double sum = std::accumulate(distances.begin(), distances.end(), 0.0);
  return SurfaceDistance{sum / static_cast<double>(distances.size()), percentile(distances, 0.95)};
}

}  // namespace coxa
