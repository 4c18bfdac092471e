#pragma once

#include "whole_femur.hpp"

namespace coxa {

/// What lies around the condyles of an extended knee, drawn from simple shapes: patella, upper ends of tibia
/// and fibula, and between them what keeps bones apart. Sizes are those of docs/phantom.md.
class KneeBones {
 public:
  /// `femur` must outlive it.
  explicit KneeBones(const WholeFemur& femur);

  /// Patella, tibia or fibula. `toFemurMm`: the point's distance to the femur.
  bool contains(const Vec3& p, double toFemurMm) const;
  /// Cartilage, menisci, capsule, quadriceps tendon and patellar ligament, as far as no bone is there.
  bool isSoft(const Vec3& p, double toFemurMm) const;
  /// Height of the patella's upper edge.
  double patellaTopZ() const;

 private:
  Vec3 atKnee(
      const Vec3& p) const;  ///< lateral, posterior and up from the joint line below the knee's centre
  bool inPatella(const Vec3& own, double toFemurMm) const;
  bool inLeg(const Vec3& atKnee, double toFemurMm) const;
  bool inExtensor(const Vec3& own, const Vec3& atKnee) const;

  const WholeFemur& femur_;
  Vec3 patella_ = Vec3::Zero();  ///< its middle, in the distal femur's own frame
};

}  // namespace coxa
