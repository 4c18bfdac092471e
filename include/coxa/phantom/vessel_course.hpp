#pragma once

#include "coxa/base/result.hpp"
#include "coxa/geometry/types.hpp"

#include <string>
#include <vector>

namespace coxa {

/// The middle line of a vessel in the space of an atlas' template, LPS in mm, with the diameters of its
/// lumen at its points. docs/phantom.md says where the courses of models/hip-atlas come from.
struct VesselCourse {
  std::string structure;  ///< name in the StructureTable: "femoral_artery_left"
  std::vector<Vec3> points;
  std::vector<double> diametersMm;  ///< one per point
};

/// JSON: {"courses": [{"structure": …, "points": [[x, y, z], …], "diametersMm": […]}, …]}. Errors BadInput:
/// malformed, fewer than two points, or not one diameter per point.
Result<std::vector<VesselCourse>> vesselCoursesFromJson(const std::string& json);

}  // namespace coxa
