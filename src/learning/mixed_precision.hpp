#pragma once

#include <c10/core/Device.h>
#include <c10/core/ScalarType.h>

namespace coxa {

/// While it lives, convolutions on CUDA run in `type` on the tensor cores; LibTorch keeps what needs the
/// range and precision of a float in float. Without effect on the CPU, whose results stay the same byte by
/// byte.
class MixedPrecision {
 public:
  MixedPrecision(const c10::Device& device, c10::ScalarType type);
  MixedPrecision(const MixedPrecision&) = delete;
  MixedPrecision& operator=(const MixedPrecision&) = delete;
  ~MixedPrecision();

 private:
  bool on_;
};

}  // namespace coxa
