#pragma once

#include "coxa/physics/scan_geometry.hpp"

#include <memory>

namespace coxa {

/// How the ramp filter ends at high frequencies: not at all, times sinc, times half a cosine. The sharper,
/// the noisier.
enum class FilterWindow { Ramp, SheppLogan, Hann };

/// Filtered back-projection of line integrals to attenuation (1/mm): parallel beams over a multiple of 180°,
/// and full-circle fan beams with equiangular detectors (Kak and Slaney 1988, sections 3.3 and 3.4.1). The
/// ramp is the band-limited one of Ramachandran and Lakshminarayanan, so that the mean value is right;
/// filtered views are interpolated by Fourier zero-padding to twice their density, then linearly. Rays beyond
/// the detector count as nothing. Keep the object for many slices. Runs on all cores; the result does not
/// depend on their number.
class Reconstructor {
 public:
  Reconstructor(const Beam& beam, const SliceGrid& grid, FilterWindow window = FilterWindow::Hann);
  ~Reconstructor();
  Reconstructor(Reconstructor&&) noexcept;
  Reconstructor& operator=(Reconstructor&&) noexcept;

  Slice reconstruct(const Sinogram& sinogram) const;

 private:
  struct Plan;
  std::unique_ptr<Plan> plan_;
};

}  // namespace coxa
