#pragma once

#include "patient_shape.hpp"

#include "coxa/phantom/virtual_patient.hpp"

namespace coxa {

/// Heights of a femur whose knee is in the scan.
struct KneeLevels {
  std::uint8_t femur = 0;   ///< value in the StructureTable
  float junctionZ = 0.0F;   ///< where the atlas' part ends
  float jointLineZ = 0.0F;  ///< lowest point of the condyles
  float scale = 1.0F;       ///< of the bone against the distal femur's own
};

/// What is where in the patient, on the grid of the CT or a part of it.
struct Body {
  LabelMap labels;
  LabelMap surroundings;  ///< values of Surroundings
  LabelMap vessels;       ///< values of the StructureTable; empty where none is drawn
  std::vector<KneeLevels> knees{};
};

/// Whether fat or soft tissue of no structure is at a voxel.
inline bool isFree(const Body& body, std::size_t voxel) {
  return body.labels.voxels[voxel] == 0 && body.surroundings.voxels[voxel] != 0 &&
         body.surroundings.voxels[voxel] != static_cast<std::uint8_t>(Surroundings::OtherBone);
}

/// The CT's grid: the middle of the patient in the middle of the slices, from `lowestMm` (LPS z) to the
/// atlas' upper end.
Grid ctGrid(const HipAtlas& atlas, const PatientShape& shape, double lowestMm, const Vec3& spacingMm,
            int matrix);
/// The part of it that may hold the body.
IndexBox bodyBox(const HipAtlas& atlas, const PatientShape& shape, const Grid& ct);

/// A patient's structures at points of the world, LPS in mm.
class Anatomy {
 public:
  virtual ~Anatomy() = default;
  virtual std::uint8_t labelAt(const Vec3& patient) const = 0;
  virtual std::uint8_t surroundingsAt(const Vec3& patient) const = 0;
};

/// The template's voxels at a point of the patient; boundaries are those of trilinear interpolation.
class CarriedTemplate : public Anatomy {
 public:
  CarriedTemplate(const HipAtlas& atlas, const PatientShape& shape) : atlas_(atlas), shape_(shape) {}
  std::uint8_t labelAt(const Vec3& patient) const override;
  std::uint8_t surroundingsAt(const Vec3& patient) const override;

 private:
  const HipAtlas& atlas_;
  const PatientShape& shape_;
};

/// Frees the hip bones' voxels that touch a femur in their slice.
void openJointSpace(Body& body);

/// The anatomy on a grid. Between femoral head and acetabulum a gap of at least one voxel stays free for the
/// cartilage.
Body bodyOn(const Grid& grid, const Anatomy& anatomy);

/// HU without blur and noise.
struct Rendering {
  ScalarImage hu;
  double boneDensity = 1.0;  ///< this patient's own factor on what is above water in all bones
};

/// The patient's tissues. `fat` holds the shares of voxels that are fat among fascicles (intramuscularFat).
Rendering rendered(const Body& body, const ScalarImage& fat, const TissueModel& tissues,
                   const TissueTraits& traits, const StructureTable& table, Random& random);

/// HU of the table below the patient at a point of a slice; `backY` is the patient's lowest point (LPS y).
float tableHu(double x, double y, double backY);

}  // namespace coxa
