#pragma once

#include "body.hpp"
#include "bone_motion.hpp"
#include "distance_near.hpp"
#include "intact_anatomy.hpp"
#include "osteophytes.hpp"
#include "vessels.hpp"

#include "coxa/anatomy/structures.hpp"

#include <array>
#include <memory>

namespace coxa {

/// The patient of a seed with its traits. Pelvis and femora lie where their motions put them and keep their
/// voxels, femora before pelvis; soft tissue between follows the bones around it. Where a head wears into the
/// hip bone, the bone gives way. Without traits it is the intact patient, voxel by voxel.
class ReshapedAnatomy : public Anatomy {
 public:
  /// `model` and `shape` must outlive it. Errors as checkTraits; BadInput: the atlas has no landmarks that
  /// the traits or the scan's extent need.
  static Result<ReshapedAnatomy> build(const PhantomModel& model, const PatientShape& shape,
                                       const VirtualPatientOptions& options, const StructureTable& table);

  std::uint8_t labelAt(const Vec3& patient) const override;
  std::uint8_t surroundingsAt(const Vec3& patient) const override;

  /// The truth: the intact patient's landmarks, moved with their bones.
  const LandmarkSet& landmarks() const { return landmarks_; }
  /// The intact patient's vessels, moved with the soft tissue.
  std::vector<VesselTube> followed(std::vector<VesselTube> tubes) const;
  /// Where a scan may begin: above the atlas' bent end, which lies higher where a femur has risen, or 30 mm
  /// below the lower knee's joint line.
  double lowestMm() const;
  /// The femora's lower ends, where the scan shows the knees.
  std::vector<KneeLevels> knees() const;

 private:
  struct Hip {
    std::uint8_t hipBone = 0;
    std::uint8_t femurBone = 0;
    FemurMotion femur;
    Eigen::AlignedBox3d femurBox;  ///< of the moved femur, with room for osteophytes
    double riseMm = 0.0;           ///< of the head
    DistanceNear toFemur;          ///< near the moved head
    double wornMm = 0.0;           ///< the hip bone keeps this distance from the femur
    double rimDistanceMm = 0.0;    ///< and osteophytes of its rim this
    OsteophyteRing rim;
    OsteophyteRing collar;
  };

  ReshapedAnatomy(IntactAnatomy intact, const StructureTable& table);
  const Hip& hip(Side side) const { return hips_[side == Side::Left ? 0 : 1]; }
  Hip& hip(Side side) { return hips_[side == Side::Left ? 0 : 1]; }

  Result<void> placeHip(Side side, const HipLandmarks& intact, const HipTraits& traits);
  Result<Vec3> headCenter(const HipLandmarks& intact, Side side, const HipTraits& traits) const;
  double roofDistanceMm(Side side, const FemurMotion& femur, const Vec3& headCenter) const;
  Vec3 dislocatedHead(const Sphere& head, Side side, double dislocation) const;
  double shareInHipBone(const Sphere& head, Side side) const;
  Result<FemurMotion> femurMotion(Side side, const HipLandmarks& intact, const HipTraits& traits,
                                  const Vec3& headCenter) const;
  void followBones(const Grid& atlasGrid, double size);

  bool movesWithPelvis(std::uint8_t label) const;
  bool worn(const Vec3& p) const;
  std::uint8_t boneAt(const Vec3& p) const;
  std::uint8_t newBoneAt(const Vec3& p, const Vec3& inPelvis) const;

  IntactAnatomy intact_;
  bool still_ = true;  ///< no trait moves or grows anything
  std::array<bool, 256> bones_{};
  std::array<Hip, 2> hips_;
  PelvisMotion pelvis_;
  Eigen::AlignedBox3d pelvisBox_;
  DisplacementField intact_from_moved_;  ///< of soft tissue
  LandmarkSet landmarks_;
};

}  // namespace coxa
