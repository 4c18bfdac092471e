#pragma once

#include "probabilities.hpp"
#include "sides.hpp"

namespace coxa {

/// Takes away islands: of every structure on either side its largest part stays, of a muscle also parts of at
/// least a quarter of that. What is taken away becomes background.
void removeIslands(Probabilities& probabilities, const std::vector<std::string>& names,
                   const MidsagittalPlane& plane);

/// Takes away what hangs on a femur by thin bridges alone (bridgedParts()): beside an implant the network
/// takes streaks for bone.
void removeBridgedStreaks(Probabilities& probabilities, const std::vector<std::string>& names,
                          const MidsagittalPlane& plane);

/// All that is done before the sides are told: metal becomes background, islands go, and where there is an
/// implant also bridged streaks. `implant`: implantVoxels() of the CT.
void cleanUp(Probabilities& probabilities, const LabelMap& implant, const std::vector<std::string>& names,
             const MidsagittalPlane& plane);

}  // namespace coxa
