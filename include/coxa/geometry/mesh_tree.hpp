#pragma once

#include "coxa/geometry/mesh.hpp"

#include <limits>
#include <optional>

namespace coxa {

/// A bounding volume hierarchy over a mesh's triangles for distance, inside and ray questions. The tree owns
/// a copy of the triangles. Immutable and thread-safe.
class MeshTree {
 public:
  /// Axis-aligned box around a run of triangles; an inner node's children are `first` and `first + 1`.
  struct Node {
    Eigen::Vector3f center;
    Eigen::Vector3f half;  ///< half the edge lengths
    std::uint32_t first = 0;
    std::uint32_t count = 0;  ///< of triangles from `first` in the tree's order; 0 in an inner node
  };
  using Corners = std::array<Eigen::Vector3f, 3>;

  MeshTree() = default;
  explicit MeshTree(const TriangleMesh& mesh);

  bool empty() const { return corners_.empty(); }
  const std::vector<Node>& nodes() const { return nodes_; }  ///< the root is the first
  const std::vector<Corners>& corners() const { return corners_; }

  struct Closest {
    Vec3 point = Vec3::Zero();
    double distanceMm = std::numeric_limits<double>::infinity();
    std::uint32_t triangle = 0;  ///< in the mesh's order
    Vec3 normal = Vec3::Zero();  ///< of that triangle, unit; zero where it has no area
  };
  /// The nearest point of the surface; distance stays infinite when nothing is nearer than `withinMm`.
  Closest closest(const Vec3& p, double withinMm = std::numeric_limits<double>::infinity()) const;
  /// Whether a point lies inside the closed mesh (ray parity, several rays so that edges do not mislead).
  bool contains(const Vec3& p) const;
  /// Distance to the surface, negative inside.
  double signedDistance(const Vec3& p) const;
  /// Distance along the unit direction to the first triangle hit.
  std::optional<double> firstHit(const Vec3& from, const Vec3& direction) const;

 private:
  std::vector<Node> nodes_;
  std::vector<Corners> corners_;
  std::vector<std::uint32_t> triangleOf_;  ///< mesh triangle of each entry of corners_
};

/// True when the surfaces cross, `b` moved by `a_from_b`. `middle`, if wanted, gets the middle of the
/// crossing line, of a part of it where it is long, in the frame of `a`.
bool surfacesCross(const MeshTree& a, const MeshTree& b, const RigidTransform& a_from_b,
                   Vec3* middle = nullptr);

}  // namespace coxa
