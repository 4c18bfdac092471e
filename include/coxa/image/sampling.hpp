#pragma once

#include "coxa/image/image.hpp"

namespace coxa {

/// Half a voxel outside the outermost centres still belongs to the image.
inline bool insideImage(const Grid& grid, const Vec3& index) {
  return (index.array() >= -0.5).all() && (index.array() <= grid.size.cast<double>().array() - 0.5).all();
}

/// Between the outermost centres: all eight voxels around are of the image.
inline bool betweenCentres(const Grid& grid, const Vec3& index) {
  return (index.array() >= 0.0).all() && (index.array() < grid.size.cast<double>().array() - 1.0).all();
}

/// Trilinear value at a continuous index; beyond the outermost centres their value goes on. `Value` is what
/// is computed with: float for whole numbers.
template <class Value, class T>
Value sampleClamped(const Image<T>& image, const Vec3& index) {
  const Eigen::Vector3i last = image.grid.size - Eigen::Vector3i::Ones();
  const Vec3 q = index.cwiseMax(0.0).cwiseMin(last.cast<double>());
  const Eigen::Vector3i a = q.cast<int>().cwiseMin((last - Eigen::Vector3i::Ones()).cwiseMax(0));
  const Eigen::Vector3f f = (q - a.cast<double>()).cast<float>();
  const std::size_t n = image.grid.offset(a.x(), a.y(), a.z());
  const std::size_t i = last.x() > 0 ? 1 : 0;
  const std::size_t j = last.y() > 0 ? image.grid.offset(0, 1, 0) : 0;
  const std::size_t k = last.z() > 0 ? image.grid.offset(0, 0, 1) : 0;
  const T* v = image.voxels.data() + n;
  const auto mix = [](const Value& u, const Value& w, float t) { return Value(u + (w - u) * t); };
  const auto along = [&](std::size_t m) {
    return mix(static_cast<Value>(v[m]), static_cast<Value>(v[m + i]), f.x());
  };
  return mix(mix(along(0), along(j), f.y()), mix(along(k), along(j + k), f.y()), f.z());
}

template <class T>
T sampleClamped(const Image<T>& image, const Vec3& index) {
  return sampleClamped<T, T>(image, index);
}

}  // namespace coxa
