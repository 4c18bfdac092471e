#pragma once

#include "knee_bones.hpp"
#include "thigh_muscles.hpp"

#include <memory>

namespace coxa {

/// One leg of an intact patient below the junction. Bone is that of WholeFemur. Soft tissue is drawn, not
/// scanned: the muscles' sections at the junction go on downwards about the femur, each with its own course,
/// size and end (docs/phantom.md), within an outline that changes to a knee's.
class Thigh {
 public:
  Thigh(WholeFemur femur, const CarriedTemplate& above, Side side, std::uint8_t femurValue,
        const StructureTable& table);

  const WholeFemur& femur() const { return *femur_; }
  std::uint8_t labelAt(const Vec3& p) const;
  std::uint8_t surroundingsAt(const Vec3& p) const;

 private:
  /// A muscle at the junction and where it goes.
  struct Muscle {
    std::uint8_t value = 0;
    PlaneField section;
    MuscleCourse course;
    Vec3 start;  ///< middle at the junction from the femur's
    Vec3 end;    ///< at the joint line

    /// About the distance to it in the axial plane of a point that lies `fromFemur` from the femur's middle.
    double distanceMm(const Vec3& fromFemur, const Vec3& femurAtJunction, double way) const;
  };

  struct Place {
    double way = 0.0;      ///< 0 at the junction, 1 at the knee's joint line
    Vec3 middle;           ///< of the femur at this height
    double depthMm = 0.0;  ///< below the skin, in the axial plane
  };
  Place placeOf(const Vec3& p) const;
  double outlineMm(double angle, double way) const;
  void findOutline(const CarriedTemplate& above);
  std::uint8_t muscleAt(const Vec3& p, const Place& place) const;

  std::unique_ptr<WholeFemur> femur_;  ///< the knee's bones keep its address
  KneeBones knee_;
  std::uint8_t femurValue_ = 0;
  std::vector<double> outlineMm_;  ///< at the junction, from the femur's middle, by angle
  std::vector<Muscle> muscles_;
};

}  // namespace coxa
