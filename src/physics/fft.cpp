#include "fft.hpp"

#include <fftw3.h>

#include <mutex>

namespace coxa {

namespace {

// FFTW's planner, unlike its transforms, is not safe to call from two threads.
std::mutex& plannerMutex() {
  static std::mutex mutex;
  return mutex;
}

fftwf_complex* raw(std::complex<float>* values) {
  return reinterpret_cast<fftwf_complex*>(values);
}

}  // namespace

struct RealFft::Plans {
  fftwf_plan forward;
  fftwf_plan inverse;
};

RealFft::RealFft(int length) : length_(length), plans_(std::make_unique<Plans>()) {
  Workspace workspace(*this);
  const std::lock_guard lock(plannerMutex());
  plans_->forward =
      fftwf_plan_dft_r2c_1d(length, workspace.signal(), raw(workspace.spectrum()), FFTW_ESTIMATE);
  plans_->inverse =
      fftwf_plan_dft_c2r_1d(length, raw(workspace.spectrum()), workspace.signal(), FFTW_ESTIMATE);
}

RealFft::~RealFft() {
  const std::lock_guard lock(plannerMutex());
  fftwf_destroy_plan(plans_->forward);
  fftwf_destroy_plan(plans_->inverse);
}

void RealFft::forward(Workspace& workspace) const {
  fftwf_execute_dft_r2c(plans_->forward, workspace.signal(), raw(workspace.spectrum()));
}

void RealFft::inverse(Workspace& workspace) const {
  fftwf_execute_dft_c2r(plans_->inverse, raw(workspace.spectrum()), workspace.signal());
}

// FFTW's own allocation has the alignment its vector code expects.
RealFft::Workspace::Workspace(const RealFft& fft)
    : signal_(fftwf_alloc_real(static_cast<std::size_t>(fft.length()))),
      spectrum_(reinterpret_cast<std::complex<float>*>(
          fftwf_alloc_complex(static_cast<std::size_t>(fft.length() / 2 + 1)))) {}

RealFft::Workspace::~Workspace() {
  fftwf_free(signal_);
  fftwf_free(spectrum_);
}

}  // namespace coxa
