#pragma once

#include "coxa/image/resample.hpp"
#include "coxa/phantom/hip_replacement.hpp"

#include <array>

namespace coxa {

/// Values of implants.nrrd on the right; on the left ten more.
enum class ImplantPart : std::uint8_t { None = 0, Cup = 1, Liner = 2, Head = 3, Stem = 4, Screw = 5 };
constexpr std::array kImplantParts = {ImplantPart::Cup, ImplantPart::Liner, ImplantPart::Head,
                                      ImplantPart::Stem, ImplantPart::Screw};
std::uint8_t implantValue(ImplantPart part, Side side);
/// What a part of this hip is made of.
Material materialOf(ImplantPart part, const HipMaterials& materials);

/// How much of every voxel the parts of one hip fill, within a box of the grid.
struct ImplantShares {
  IndexBox box;
  std::array<ScalarImage, kImplantParts.size()> shares;  ///< 0 to 1, in the order of kImplantParts

  /// Of all parts together.
  float total(std::size_t n) const;
  /// The part that fills most of a voxel; None where all together fill less than half.
  ImplantPart most(std::size_t n) const;
};

/// Shares by sampling every voxel at 4×4×6 points. Where parts overlap (the neck's taper in the head, a
/// screw in the cup's wall) the first of head, cup, liner, stem, screw counts.
ImplantShares sharesOn(const Grid& grid, const HipReplacement& replacement);

}  // namespace coxa
