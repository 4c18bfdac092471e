#pragma once

#include "coxa/physics/scan_geometry.hpp"

#include <Eigen/Core>
#include <array>
#include <type_traits>

namespace coxa {

/// A symmetry of the slice: exchanges x and y, then mirrors.
struct Symmetry {
  bool exchange = false;
  bool mirrorX = false;
  bool mirrorY = false;
};

/// Views that are images of each other under symmetries of the slice: what a pixel is in one, the moved pixel
/// is in the others. One computation of places then serves all of them, with their values side by side in one
/// vector register, a lane each.
struct MirrorViews {
  std::array<int, 8> views{};      ///< by lane; -1: not used. Lane 0 is the view whose places are computed.
  std::array<bool, 8> reversed{};  ///< detectors run the other way
};

struct MirrorPlan {
  std::vector<Symmetry> lanes;
  std::vector<MirrorViews>
      groups;  ///< every view of the beam is in exactly one of the first ownLanes() lanes
  /// The second half of the lanes sees the slice turned by 180° in the views of the first half, detectors
  /// reversed. Half of the slice's rows, or of the detectors, then gives all of them.
  bool halfTurn = false;

  int laneCount() const { return static_cast<int>(lanes.size()); }
  int ownLanes() const { return halfTurn ? laneCount() / 2 : laneCount(); }
};

/// Eight lanes for a full-circle fan with a multiple of four views, or for an even number of parallel views
/// over 180° (half turn), where the slice is a square of even size centred on the isocentre; four for fans
/// where it is a centred rectangle, and for parallel views where its size is odd; else one.
MirrorPlan mirrorPlan(const Beam& beam, const SliceGrid& grid);

struct PixelIndex {
  int i = 0;
  int j = 0;
};
/// Where the symmetry moves pixel (i, j), and from where it is moved to (i, j).
PixelIndex moved(const Symmetry& symmetry, int i, int j, const SliceGrid& grid);
PixelIndex movedBack(const Symmetry& symmetry, int i, int j, const SliceGrid& grid);

template <int kLanes>
using Lanes = Eigen::Array<float, kLanes, 1>;

/// Calls work(std::integral_constant<int, lanes>).
template <class Work>
auto withLanes(int lanes, const Work& work) {
  switch (lanes) {
    case 8:
      return work(std::integral_constant<int, 8>());
    case 4:
      return work(std::integral_constant<int, 4>());
    default:
      return work(std::integral_constant<int, 1>());
  }
}

}  // namespace coxa
