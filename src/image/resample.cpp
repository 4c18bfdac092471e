#include "coxa/image/resample.hpp"

#include "coxa/image/sampling.hpp"

#include <tbb/parallel_for.h>

#include <algorithm>
#include <cmath>

namespace coxa {

namespace {

// Continuous source index of target voxel (0, j, k) and its step along i.
struct Row {
  Vec3 start;
  Vec3 step;
};

Row rowOf(const Grid& source, const Grid& target, int j, int k) {
  const Vec3 start = source.indexFromWorld(target.worldFromIndex(Vec3(0, j, k)));
  const Vec3 next = source.indexFromWorld(target.worldFromIndex(Vec3(1, j, k)));
  return {start, next - start};
}

template <class T, class Sample>
void fillRows(Image<T>& out, const Grid& source, const Sample& sample) {
  tbb::parallel_for(0, out.grid.size.z(), [&](int k) {
    for (int j = 0; j < out.grid.size.y(); ++j) {
      const Row row = rowOf(source, out.grid, j, k);
      T* target = out.voxels.data() + out.grid.offset(0, j, k);
      for (int i = 0; i < out.grid.size.x(); ++i) target[i] = sample(Vec3(row.start + i * row.step));
    }
  });
}

}  // namespace

Volume resampleLinear(const Volume& source, const Grid& target, std::int16_t outside) {
  Volume out(target, outside);
  fillRows(out, source.grid, [&](const Vec3& p) {
    return insideImage(source.grid, p)
               ? static_cast<std::int16_t>(std::lround(sampleClamped<float>(source, p)))
               : outside;
  });
  return out;
}

ScalarImage resampleLinear(const ScalarImage& source, const Grid& target, float outside) {
  ScalarImage out(target, outside);
  fillRows(out, source.grid,
           [&](const Vec3& p) { return insideImage(source.grid, p) ? sampleClamped(source, p) : outside; });
  return out;
}

LabelMap resampleNearest(const LabelMap& source, const Grid& target) {
  LabelMap out(target);
  fillRows(out, source.grid, [&](const Vec3& p) -> std::uint8_t {
    if (!insideImage(source.grid, p)) return 0;
    const Eigen::Vector3i n = (p.array() + 0.5).floor().cast<int>().min(source.grid.size.array() - 1).max(0);
    return source.at(n.x(), n.y(), n.z());
  });
  return out;
}

Grid axisAligned(const Grid& grid, const Vec3& spacing) {
  Eigen::AlignedBox3d box;
  for (int corner = 0; corner < 8; ++corner) {
    const Vec3 index((corner & 1) ? grid.size.x() - 0.5 : -0.5, (corner & 2) ? grid.size.y() - 0.5 : -0.5,
                     (corner & 4) ? grid.size.z() - 0.5 : -0.5);
    box.extend(grid.worldFromIndex(index));
  }
  Grid aligned;
  aligned.spacing = spacing;
  aligned.size = (box.sizes().cwiseQuotient(spacing).array() - 1e-6).ceil().cast<int>().max(1);
  aligned.origin = box.min() + 0.5 * spacing;
  return aligned;
}

bool sameGrid(const Grid& a, const Grid& b) {
  if (a.size != b.size) return false;
  const Vec3 last = (a.size - Eigen::Vector3i::Ones()).cast<double>();
  const double tolerance = 0.01 * a.spacing.minCoeff();
  for (int corner = 0; corner < 8; ++corner) {
    const Vec3 index = last.cwiseProduct(Vec3(corner & 1, (corner >> 1) & 1, (corner >> 2) & 1));
    if ((a.worldFromIndex(index) - b.worldFromIndex(index)).norm() > tolerance) return false;
  }
  return true;
}

IndexBox boundsOf(const LabelMap& labels, std::uint8_t value) {
  IndexBox box;
  box.min = labels.grid.size;
  for (int k = 0; k < labels.grid.size.z(); ++k)
    for (int j = 0; j < labels.grid.size.y(); ++j)
      for (int i = 0; i < labels.grid.size.x(); ++i)
        if (labels.at(i, j, k) == value) {
          const Eigen::Vector3i index(i, j, k);
          box.min = box.min.cwiseMin(index);
          box.max = box.max.cwiseMax(index);
        }
  return box;
}

std::array<IndexBox, 256> boundsOfValues(const LabelMap& labels) {
  std::array<IndexBox, 256> boxes;
  const Eigen::Vector3i size = labels.grid.size;
  for (IndexBox& box : boxes) box.min = size;
  for (int k = 0; k < size.z(); ++k)
    for (int j = 0; j < size.y(); ++j) {
      const std::uint8_t* row = labels.voxels.data() + labels.grid.offset(0, j, k);
      // Runs of one value: only their ends can move a box.
      for (int from = 0, to = 0; from < size.x(); from = to) {
        while (to < size.x() && row[to] == row[from]) ++to;
        IndexBox& box = boxes[row[from]];
        box.min = box.min.cwiseMin(Eigen::Vector3i(from, j, k));
        box.max = box.max.cwiseMax(Eigen::Vector3i(to - 1, j, k));
      }
    }
  return boxes;
}

IndexBox united(const IndexBox& a, const IndexBox& b) {
  if (a.empty()) return b;
  if (b.empty()) return a;
  return {a.min.cwiseMin(b.min), a.max.cwiseMax(b.max)};
}

IndexBox grown(const IndexBox& box, const Grid& grid, double marginMm) {
  const Eigen::Vector3i margin = (marginMm * grid.spacing.cwiseInverse()).array().ceil().cast<int>();
  IndexBox larger;
  larger.min = (box.min - margin).cwiseMax(0);
  larger.max = (box.max + margin).cwiseMin(grid.size - Eigen::Vector3i::Ones());
  return larger;
}

Grid cropped(const Grid& grid, const IndexBox& box) {
  Grid part = grid;
  part.size = box.size();
  part.origin = grid.worldFromIndex(box.min.cast<double>());
  return part;
}

}  // namespace coxa
