#include "mixed_precision.hpp"

#include <ATen/autocast_mode.h>
#include <torch/version.h>

namespace coxa {

namespace {

void setAutocast(bool on) {
#if TORCH_VERSION_MAJOR > 2 || (TORCH_VERSION_MAJOR == 2 && TORCH_VERSION_MINOR >= 4)
  at::autocast::set_autocast_enabled(at::kCUDA, on);
#else
  at::autocast::set_enabled(on);
#endif
}

void setAutocastType(at::ScalarType type) {
#if TORCH_VERSION_MAJOR > 2 || (TORCH_VERSION_MAJOR == 2 && TORCH_VERSION_MINOR >= 4)
  at::autocast::set_autocast_dtype(at::kCUDA, type);
#else
  at::autocast::set_autocast_gpu_dtype(type);
#endif
}

}  // namespace

MixedPrecision::MixedPrecision(const c10::Device& device, c10::ScalarType type) : on_(device.is_cuda()) {
  if (!on_) return;
  setAutocastType(type);
  setAutocast(true);
}

MixedPrecision::~MixedPrecision() {
  if (!on_) return;
  at::autocast::clear_cache();
  setAutocast(false);
}

}  // namespace coxa
