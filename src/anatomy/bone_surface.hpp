#pragma once

#include "coxa/geometry/fits.hpp"
#include "coxa/geometry/mesh.hpp"

#include <functional>
#include <optional>
#include <vector>

namespace coxa {

/// The largest connected part of a bone's surface, in double precision.
struct BoneSurface {
  std::vector<Vec3> points;
  std::vector<Vec3> normals;  ///< outward, unit
  std::vector<TriangleMesh::Triangle> triangles;

  bool empty() const { return triangles.empty(); }
};
BoneSurface boneSurface(const TriangleMesh& mesh);

using PointFilter = std::function<bool(const Vec3&)>;

/// The part within `filter` that reaches farthest along `direction` (unit): the mean of its points that lie
/// within a millimetre of the farthest and near it, so that one voxel's step does not decide. `spreadMm` says
/// how wide that top is.
struct Prominence {
  Vec3 point = Vec3::Zero();
  double spreadMm = 0.0;
};
std::optional<Prominence> mostProminent(const BoneSurface& bone, const Vec3& direction,
                                        const PointFilter& filter);

/// Least and greatest coordinate of the bone along `direction`.
struct Extent {
  double least = 0.0;
  double greatest = 0.0;
};
Extent extentAlong(const BoneSurface& bone, const Vec3& direction);

/// One closed curve in which a plane cuts the bone.
struct SectionLoop {
  double areaMm2 = 0.0;
  Vec3 centroid = Vec3::Zero();  ///< of the enclosed area
};
/// All loops of the section through `point` perpendicular to `normal`, holes excluded.
std::vector<SectionLoop> crossSection(const BoneSurface& bone, const Vec3& point, const Vec3& normal);
/// The loop whose centroid is nearest to `point`.
std::optional<SectionLoop> crossSectionAround(const BoneSurface& bone, const Vec3& point, const Vec3& normal);

/// The triangles with a corner within `radiusMm` of `center`.
BoneSurface partWithin(const BoneSurface& bone, const Vec3& center, double radiusMm);

/// v without its part along `unit`.
inline Vec3 perpendicularPart(const Vec3& v, const Vec3& unit) {
  return v - unit.dot(v) * unit;
}

}  // namespace coxa
