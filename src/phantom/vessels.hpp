#pragma once

#include "body.hpp"

#include "coxa/phantom/phantom_model.hpp"
#include "coxa/phantom/tissue_traits.hpp"

namespace coxa {

/// A vessel of one patient: balls so dense along its middle line that they are its lumen.
struct VesselTube {
  struct Ball {
    Vec3 center;  ///< world, mm
    double radiusMm = 0.0;
  };
  std::uint8_t value = 0;  ///< in the StructureTable
  std::vector<Ball> balls;
};

/// The atlas' vessels in a patient of this shape.
std::vector<VesselTube> vesselTubes(const std::vector<VesselCourse>& courses, const PatientShape& shape,
                                    const VesselTraits& traits, const StructureTable& table);

/// The tubes after the tissue around them moved.
std::vector<VesselTube> moved(std::vector<VesselTube> tubes, const DisplacementField& before_from_after);

/// The tubes on the body's grid; where a structure or nothing is, there is no vessel.
LabelMap vesselsIn(const Body& body, const std::vector<VesselTube>& tubes);

}  // namespace coxa
