#pragma once

#include <complex>
#include <memory>

namespace coxa {

/// Fourier transforms of real signals of one length. The transforms may run on several threads at once, each
/// on a workspace of its own.
class RealFft {
 public:
  explicit RealFft(int length);
  ~RealFft();

  class Workspace;
  /// Transforms the workspace's signal into its spectrum (length/2 + 1 values).
  void forward(Workspace& workspace) const;
  /// The spectrum into the signal, not divided by the length; the spectrum is lost.
  void inverse(Workspace& workspace) const;
  int length() const { return length_; }

 private:
  struct Plans;
  int length_;
  std::unique_ptr<Plans> plans_;
};

class RealFft::Workspace {
 public:
  explicit Workspace(const RealFft& fft);
  ~Workspace();
  Workspace(const Workspace&) = delete;
  Workspace& operator=(const Workspace&) = delete;

  float* signal() { return signal_; }
  std::complex<float>* spectrum() { return spectrum_; }

 private:
  float* signal_;
  std::complex<float>* spectrum_;
};

}  // namespace coxa
