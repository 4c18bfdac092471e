#pragma once

#include "random.hpp"

#include "coxa/anatomy/atlas.hpp"
#include "coxa/phantom/shape_traits.hpp"

namespace coxa {

/// Where the virtual patient's body lies compared with the atlas' template.
struct PatientShape {
  double size = 1.0;              ///< of the patient against the template
  DisplacementField deformation;  ///< of the template, before the size
  DisplacementField inverseDeformation;

  Vec3 patientFromTemplate(const Vec3& p) const { return size * deformation(p); }
  Vec3 templateFromPatient(const Vec3& p) const { return inverseDeformation(p / size); }
};

/// By seed, at the size that the traits ask for.
PatientShape patientShape(const HipAtlas& atlas, const ShapeTraits& traits, Random& random);

/// The template's landmarks on the patient.
LandmarkSet carried(const LandmarkSet& landmarks, const PatientShape& shape);

}  // namespace coxa
