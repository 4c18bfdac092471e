#pragma once

#include "coxa/base/job.hpp"
#include "coxa/base/result.hpp"
#include "coxa/image/displacement.hpp"

#include <map>
#include <vector>

namespace coxa {

/// How labels are registered. From coarse to fine.
struct LabelRegistrationOptions {
  struct Level {
    double spacingMm = 4.0;  ///< of the grid on which it works
    int iterations = 50;
    double rangeMm = 12.0;         ///< how far from a structure's surface it still pulls
    double updateSigmaMm = 4.0;    ///< smoothing of every step: larger is stiffer locally (fluid)
    double velocitySigmaMm = 4.0;  ///< smoothing of the whole velocity (elastic)
  };
  std::vector<Level> levels = {
      {10.0, 120, 60.0, 12.0, 5.0}, {6.0, 60, 24.0, 7.0, 4.0}, {4.0, 40, 12.0, 5.0, 3.0}};
};

struct LabelRegistration {
  Eigen::Affine3d affine_from_fixed =
      Eigen::Affine3d::Identity();  ///< fixed points to the moving image, affine
  VectorImage velocity;  ///< stationary velocity of the deformation, on a grid over the fixed image
  DisplacementField moving_from_fixed;  ///< affine_from_fixed · exponential(velocity)
  DisplacementField fixed_from_moving;  ///< its inverse, on a grid over the moving image
  std::map<std::uint8_t, double> dice;  ///< per value in both maps, where both images have data
};

/// Registers two label maps with the same values: an affine map from the structures' centres, then a
/// diffeomorphic deformation by log-domain demons (Vercauteren 2008) with one channel per structure: its
/// signed distance, limited to the level's range. Structures that leave one of the scans pull only where both
/// have data. Errors BadInput: fewer than four structures in common; Cancelled.
Result<LabelRegistration> registerLabels(const LabelMap& fixed, const LabelMap& moving,
                                         const LabelRegistrationOptions& options, const Job& job);

/// Overlap 2|A∩B|/(|A|+|B|) per value that is in either map. The maps must be on the same grid.
std::map<std::uint8_t, double> diceOf(const LabelMap& a, const LabelMap& b);

}  // namespace coxa
