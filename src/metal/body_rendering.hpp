#pragma once

#include "coxa/geometry/mesh_tree.hpp"
#include "coxa/image/image.hpp"

#include <functional>
#include <vector>

namespace coxa {

/// A body of metal in the scan: the union of closed parts.
struct PlacedBody {
  std::vector<MeshTree> parts;
  RigidTransform world_from_body = RigidTransform::Identity();
};

struct RenderedBody {
  double metalHu = 0.0;   ///< with which it explains the scan best
  double misfitHu = 0.0;  ///< root mean square over the voxels, each at most 1500 HU
};

/// Compares bodies where they lie with a CT whose scale ends at `clipHu`: every voxel within 2 mm of a
/// surface of any of them shows each one's share of it at one HU, which is fitted. `judged` says of a place
/// (world) whether it counts. One result per body; all misfits are over the same voxels.
std::vector<RenderedBody> renderBodies(const Volume& ct, const std::vector<PlacedBody>& bodies, double clipHu,
                                       const std::function<bool(const Vec3&)>& judged);

}  // namespace coxa
