#pragma once

namespace coxa {

/// A register of AVX2. Other processors get what the compiler makes of it.
constexpr int kLanes = 8;
using Lanes __attribute__((vector_size(kLanes * sizeof(float)), may_alias)) = float;
using LaneIndices __attribute__((vector_size(kLanes * sizeof(int)), may_alias)) = int;

inline Lanes& lanesAt(float* values) {
  return *reinterpret_cast<Lanes*>(values);
}
inline const Lanes& lanesAt(const float* values) {
  return *reinterpret_cast<const Lanes*>(values);
}

}  // namespace coxa
