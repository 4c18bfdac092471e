#pragma once

#include <array>
#include <string_view>

namespace coxa {

/// How a muscle's section goes on from mid-thigh to the knee.
struct MuscleCourse {
  /// Area against that at the junction, at shares kWays of the way from there to the joint line.
  std::array<double, 8> areas{};
  /// Its middle at the joint line from the femur's, in mm of a femur whose epicondyles are 81 mm apart.
  double endLateralMm = 0.0;
  double endPosteriorMm = 0.0;
  bool aroundFemur = false;  ///< it lies against most of the shaft

  static constexpr std::array<double, 8> kWays{0.0, 0.2, 0.4, 0.6, 0.75, 0.88, 1.0, 1.1};
  double areaAt(double way) const;
};

/// Of a kind of the StructureTable; one that ends soon for those that do not reach the knee.
MuscleCourse muscleCourse(std::string_view kind);

}  // namespace coxa
