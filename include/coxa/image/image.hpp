#pragma once

#include "coxa/image/grid.hpp"

#include <cstdint>
#include <vector>

namespace coxa {

/// Voxels on a grid, i fastest.
template <class T>
struct Image {
  Grid grid;
  std::vector<T> voxels;

  Image() = default;
  explicit Image(const Grid& on, T value = T{}) : grid(on), voxels(on.voxelCount(), value) {}

  T& at(int i, int j, int k) { return voxels[grid.offset(i, j, k)]; }
  const T& at(int i, int j, int k) const { return voxels[grid.offset(i, j, k)]; }
  T* slice(int k) { return voxels.data() + grid.offset(0, 0, k); }
  const T* slice(int k) const { return voxels.data() + grid.offset(0, 0, k); }
  bool empty() const { return voxels.empty(); }
};

/// CT in Hounsfield units.
using Volume = Image<std::int16_t>;
/// Values of resources/structures.json; 0 is background.
using LabelMap = Image<std::uint8_t>;
/// Probabilities, variances, densities.
using ScalarImage = Image<float>;

}  // namespace coxa
