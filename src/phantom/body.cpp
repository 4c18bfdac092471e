#include "body.hpp"

#include <tbb/parallel_for.h>

#include <algorithm>
#include <array>
#include <cmath>

namespace coxa {

namespace {

Eigen::AlignedBox3d worldBox(const Grid& grid) {
  Eigen::AlignedBox3d box;
  for (int corner = 0; corner < 8; ++corner)
    box.extend(
        grid.worldFromIndex(Vec3((corner & 1) ? grid.size.x() - 1 : 0, (corner & 2) ? grid.size.y() - 1 : 0,
                                 (corner & 4) ? grid.size.z() - 1 : 0)));
  return box;
}

// The value that has the largest trilinear weight among the eight voxels around a continuous index.
std::uint8_t heaviest(const LabelMap& map, const Vec3& index) {
  const Eigen::Vector3i a = index.array().floor().cast<int>();
  if ((a.array() < 0).any() || (a.array() + 1 >= map.grid.size.array()).any()) return 0;
  const Vec3 f = index - a.cast<double>();
  std::array<std::uint8_t, 8> values{};
  bool same = true;
  for (int n = 0; n < 8; ++n) {
    values[static_cast<std::size_t>(n)] = map.at(a.x() + (n & 1), a.y() + ((n >> 1) & 1), a.z() + (n >> 2));
    same = same && values[static_cast<std::size_t>(n)] == values[0];
  }
  if (same) return values[0];
  std::uint8_t best = 0;
  double bestWeight = -1.0;
  for (int n = 0; n < 8; ++n) {
    double weight = 0.0;
    for (int m = 0; m < 8; ++m)
      if (values[static_cast<std::size_t>(m)] == values[static_cast<std::size_t>(n)])
        weight += ((m & 1) ? f.x() : 1 - f.x()) * (((m >> 1) & 1) ? f.y() : 1 - f.y()) *
                  ((m >> 2) ? f.z() : 1 - f.z());
    if (weight > bestWeight) {
      bestWeight = weight;
      best = values[static_cast<std::size_t>(n)];
    }
  }
  return best;
}

constexpr std::uint8_t kHipLeft = 1, kHipRight = 2, kFemurLeft = 3, kFemurRight = 4;

bool touchesFemur(const LabelMap& labels, int i, int j, int k) {
  for (int y = std::max(j - 1, 0); y <= std::min(j + 1, labels.grid.size.y() - 1); ++y)
    for (int x = std::max(i - 1, 0); x <= std::min(i + 1, labels.grid.size.x() - 1); ++x) {
      const auto value = labels.at(x, y, k);
      if (value == kFemurLeft || value == kFemurRight) return true;
    }
  return false;
}

}  // namespace

void openJointSpace(Body& body) {
  const LabelMap before = body.labels;
  tbb::parallel_for(0, before.grid.size.z(), [&](int k) {
    for (int j = 0; j < before.grid.size.y(); ++j)
      for (int i = 0; i < before.grid.size.x(); ++i) {
        const auto value = before.at(i, j, k);
        if ((value != kHipLeft && value != kHipRight) || !touchesFemur(before, i, j, k)) continue;
        body.labels.at(i, j, k) = 0;
        body.surroundings.at(i, j, k) = static_cast<std::uint8_t>(Surroundings::SoftTissue);
      }
  });
}

std::uint8_t CarriedTemplate::labelAt(const Vec3& patient) const {
  return heaviest(atlas_.labels, atlas_.labels.grid.indexFromWorld(shape_.templateFromPatient(patient)));
}

std::uint8_t CarriedTemplate::surroundingsAt(const Vec3& patient) const {
  return heaviest(atlas_.surroundings,
                  atlas_.surroundings.grid.indexFromWorld(shape_.templateFromPatient(patient)));
}

Grid ctGrid(const HipAtlas& atlas, const PatientShape& shape, double lowestMm, const Vec3& spacingMm,
            int matrix) {
  constexpr double kUpperMarginMm = 6.0;  // at its end the template is bent
  const Eigen::AlignedBox3d box = worldBox(atlas.labels.grid);
  const double high = shape.size * box.max().z() - kUpperMarginMm;
  Grid grid;
  grid.spacing = spacingMm;
  grid.size = {matrix, matrix, std::max(1, static_cast<int>((high - lowestMm) / spacingMm.z()) + 1)};
  const Vec3 middle = shape.size * box.center();
  grid.origin = {middle.x() - 0.5 * (matrix - 1) * spacingMm.x(),
                 middle.y() - 0.5 * (matrix - 1) * spacingMm.y(), lowestMm};
  return grid;
}

IndexBox bodyBox(const HipAtlas& atlas, const PatientShape& shape, const Grid& ct) {
  constexpr double kMarginMm = 20.0;
  const Eigen::AlignedBox3d box = worldBox(atlas.labels.grid);
  const Vec3 low = ct.indexFromWorld(shape.size * box.min()),
             high = ct.indexFromWorld(shape.size * box.max());
  return grown({{static_cast<int>(low.x()), static_cast<int>(low.y()), 0}, high.cast<int>()}, ct, kMarginMm);
}

Body bodyOn(const Grid& grid, const Anatomy& anatomy) {
  Body body{LabelMap(grid), LabelMap(grid), {}};
  tbb::parallel_for(0, grid.size.z(), [&](int k) {
    for (int j = 0; j < grid.size.y(); ++j)
      for (int i = 0; i < grid.size.x(); ++i) {
        const Vec3 p = grid.worldFromIndex(Vec3(i, j, k));
        const std::size_t n = grid.offset(i, j, k);
        body.labels.voxels[n] = anatomy.labelAt(p);
        body.surroundings.voxels[n] = anatomy.surroundingsAt(p);
      }
  });
  openJointSpace(body);
  return body;
}

float tableHu(double x, double y, double backY) {
  const double fromMiddle = x / 200.0;
  if (std::abs(fromMiddle) > 1.0) return -1000.0F;
  const double top = backY + 22.0 - 40.0 * fromMiddle * fromMiddle;
  const double bottom = backY + 55.0 - std::max(0.0, 110.0 * (std::abs(fromMiddle) - 0.55));
  if (std::abs(y - top) < 0.8) return -450.0F;
  if (std::abs(y - bottom) < 1.4 && bottom > top) return 60.0F;
  return y > top && y < bottom ? -970.0F : -1000.0F;
}

}  // namespace coxa
