#pragma once

#include "random.hpp"

#include "coxa/anatomy/landmarks.hpp"

#include <array>

namespace coxa {

/// A bumpy ring of new bone about a circle, of a thickness that changes along it.
class OsteophyteRing {
 public:
  /// No bone.
  OsteophyteRing() = default;
  /// `gapAt` of the ring, a direction from its middle, has no bone within 50°.
  OsteophyteRing(const Vec3& center, const Vec3& normal, double radiusMm, const Vec3& gapAt, int grade,
                 Random& random);

  bool contains(const Vec3& p) const;

 private:
  double thicknessMm(double azimuth) const;

  Vec3 center_ = Vec3::Zero();
  Vec3 normal_ = Vec3::UnitZ();
  Vec3 first_ = Vec3::UnitX();
  double radiusMm_ = 0.0;
  double mostMm_ = 0.0;
  bool closed_ = true;
  std::array<double, 3> phases_{};
};

/// On the acetabulum's rim but for its notch.
OsteophyteRing rimOsteophytes(const HipLandmarks& intact, int grade, Random& random);
/// Around the junction of head and neck.
OsteophyteRing collarOsteophytes(const HipLandmarks& intact, int grade, Random& random);

}  // namespace coxa
