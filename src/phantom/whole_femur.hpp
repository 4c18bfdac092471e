#pragma once

#include "body.hpp"
#include "plane_field.hpp"

#include "coxa/phantom/distal_femur.hpp"

namespace coxa {

/// One femur of an intact patient below the junction, the height at which the atlas' part ends. The distal
/// femur has the size of the patient's proximal ones, lies along its shaft axis through the shaft's middle at
/// the junction, and is turned about that axis until the neck has the version that it has in the bone the
/// distal femur comes from. Over the first part the shaft's section changes from one bone's to the other's.
class WholeFemur {
 public:
  /// `intact` are the patient's landmarks, heads, necks, shafts and trochanters among them. `distal` must
  /// outlive it. Errors BadInput: the shaft is not there at the junction.
  static Result<WholeFemur> build(const DistalFemur& distal, const CarriedTemplate& proximal,
                                  std::uint8_t value, Side side, const LandmarkSet& intact, double junctionZ);

  /// Signed distance in mm to the surface of the part below the junction, negative inside.
  double distanceMm(const Vec3& p) const;
  /// The middle of the bone at a height; below the knee's centre straight down.
  Vec3 middleAt(double z) const;
  /// A point in the distal femur's own frame, at the size of the bone it comes from.
  Vec3 ownFrom(const Vec3& p) const { return own_from_patient_ * p; }
  Vec3 patientFrom(const Vec3& own) const { return patient_from_own_ * own; }

  double junctionZ() const { return junction_.z(); }
  const Vec3& junction() const { return junction_; }  ///< middle of the shaft there
  double scale() const { return scale_; }             ///< of the patient against the distal femur's bone
  Vec3 kneeCenter() const;                            ///< midway between the epicondyles
  double jointLineZ() const { return jointLineZ_; }   ///< lowest point of the condyles

  /// The axial directions of the knee, unit.
  const Vec3& lateral() const { return lateral_; }
  const Vec3& posterior() const { return posterior_; }

  /// Epicondyles added.
  HipLandmarks withKnee(HipLandmarks intact) const;

 private:
  WholeFemur(const DistalFemur& distal, PlaneField section)
      : distal_(&distal), section_(std::move(section)) {}
  void place(const LandmarkSet& intact, Side side);
  void findMiddle();
  double shareOfDistal(double z) const;
  Vec3 onShaft(double z) const { return junction_ + (z - junction_.z()) * slope_; }

  const DistalFemur* distal_;
  PlaneField section_;  ///< of the atlas' shaft at the junction
  Vec3 junction_ = Vec3::Zero();
  Vec3 slope_ = Vec3::UnitZ();  ///< of the atlas' shaft, per mm of height
  double scale_ = 1.0;
  Eigen::Affine3d patient_from_own_ = Eigen::Affine3d::Identity();
  Eigen::Affine3d own_from_patient_ = Eigen::Affine3d::Identity();
  std::vector<Vec3> middle_;  ///< of the distal femur from top to knee, in the patient
  double jointLineZ_ = 0.0;
  Vec3 lateral_ = Vec3::UnitX();
  Vec3 posterior_ = Vec3::UnitY();
};

}  // namespace coxa
