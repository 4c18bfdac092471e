#include "plane_field.hpp"

#include "coxa/image/filters.hpp"

#include <tbb/parallel_for.h>

#include <algorithm>
#include <cmath>

namespace coxa {

namespace {

constexpr double kPixelMm = 1.0, kFarMm = 300.0;

}  // namespace

LabelMap axialSlice(const CarriedTemplate& anatomy, const Vec3& center, double halfMm) {
  const int half = static_cast<int>(std::ceil(halfMm / kPixelMm));
  Grid grid;
  grid.size = {2 * half + 1, 2 * half + 1, 1};
  grid.spacing = Vec3::Constant(kPixelMm);
  grid.origin = center - kPixelMm * Vec3(half, half, 0.0);
  LabelMap slice(grid);
  tbb::parallel_for(0, grid.size.y(), [&](int j) {
    for (int i = 0; i < grid.size.x(); ++i)
      slice.at(i, j, 0) = anatomy.labelAt(grid.worldFromIndex(Vec3(i, j, 0)));
  });
  return slice;
}

PlaneField::PlaneField(const LabelMap& mask) {
  const IndexBox all{Eigen::Vector3i::Zero(), mask.grid.size - Eigen::Vector3i::Ones()};
  distanceMm_ = signedDistanceMm(mask, 1, all, kFarMm);
  measure(mask);
}

void PlaneField::measure(const LabelMap& mask) {
  Vec3 sum = Vec3::Zero();
  double count = 0.0;
  for (int j = 0; j < mask.grid.size.y(); ++j)
    for (int i = 0; i < mask.grid.size.x(); ++i)
      if (mask.at(i, j, 0) != 0) {
        sum += mask.grid.worldFromIndex(Vec3(i, j, 0));
        count += 1.0;
      }
  if (count == 0.0) return;
  area_ = count * kPixelMm * kPixelMm;
  centroid_ = sum / count;
}

double PlaneField::at(double x, double y) const {
  const Grid& grid = distanceMm_.grid;
  const double column = (x - grid.origin.x()) / kPixelMm, row = (y - grid.origin.y()) / kPixelMm;
  const double i = std::clamp(column, 0.0, grid.size.x() - 1.001);
  const double j = std::clamp(row, 0.0, grid.size.y() - 1.001);
  const int a = static_cast<int>(i), b = static_cast<int>(j);
  const double f = i - a, g = j - b;
  const double inGrid = (1 - g) * ((1 - f) * distanceMm_.at(a, b, 0) + f * distanceMm_.at(a + 1, b, 0)) +
                        g * ((1 - f) * distanceMm_.at(a, b + 1, 0) + f * distanceMm_.at(a + 1, b + 1, 0));
  return inGrid + kPixelMm * std::hypot(column - i, row - j);
}

}  // namespace coxa
