#pragma once

#include "thigh.hpp"

#include "coxa/phantom/phantom_model.hpp"

namespace coxa {

/// The patient whom the seed alone makes: the atlas carried by the shape, and below it the legs to the knee
/// where the scan is to go so far.
class IntactAnatomy : public Anatomy {
 public:
  /// `model` and `shape` must outlive it. Errors BadInput: the atlas lacks what the legs are attached to.
  static Result<IntactAnatomy> build(const PhantomModel& model, const PatientShape& shape, ScanExtent extent,
                                     const StructureTable& table);

  std::uint8_t labelAt(const Vec3& patient) const override;
  std::uint8_t surroundingsAt(const Vec3& patient) const override;

  const LandmarkSet& landmarks() const { return landmarks_; }
  /// The femur to the knee, where it is drawn.
  const WholeFemur* femur(Side side) const;
  /// The part of space where it is known, at the size of the patient.
  const Eigen::AlignedBox3d& box() const { return box_; }

 private:
  IntactAnatomy(const PhantomModel& model, const PatientShape& shape);
  const Thigh* thighAt(const Vec3& patient) const;

  CarriedTemplate template_;
  LandmarkSet landmarks_;
  Eigen::AlignedBox3d box_;
  double junctionZ_ = 0.0;
  std::vector<Thigh> thighs_;  ///< left, right; none where the scan ends at mid-thigh
};

}  // namespace coxa
