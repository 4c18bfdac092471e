#pragma once

#include "coxa/geometry/mesh.hpp"
#include "coxa/implants/catalogue.hpp"

namespace coxa {

/// Generated surfaces: closed, outside normals out, mm, in the component's own frame.
///
/// Cup frame (cup and liner): origin the centre of the hemisphere, which is the centre of the head; +z the
/// opening axis, out of the cup. The opening plane is z = 0, the cup's pole is at -z.
TriangleMesh cupMesh(const Cup& cup);
/// Hemispherical shell; its inner edge, radius head/2 in the opening plane, is sharp.
TriangleMesh linerMesh(const Liner& liner);

/// Head frame: origin the centre of the sphere.
TriangleMesh headMesh(const Head& head);

/// Stem frame: origin on the stem axis at the proximal end of the body (the level of the neck's resection);
/// +z proximal along the stem axis, +x medial (towards the neck), so the neck lies in the plane y = 0. The
/// stem is symmetric in y: on a right hip +y is posterior, on a left one anterior.
TriangleMesh stemBodyMesh(const Stem& stem);
/// A cylinder of the neck's diameter from its base to the centre of the head.
TriangleMesh stemNeckMesh(const Stem& stem, const Head& head);

/// Unit vector along the neck towards the head, in the stem frame.
Vec3 neckAxisInStem(const Stem& stem);
/// Centre of the head in the stem frame.
Vec3 headCenterInStem(const Stem& stem, const Head& head);
/// Distance of the head's centre from the stem axis.
double stemOffsetMm(const Stem& stem, const Head& head);

/// Outline of the body at one level: an ellipse about (centerMm, 0).
struct StemSection {
  double centerMm = 0.0;     ///< along +x
  double halfWidthMm = 0.0;  ///< along x (medial to lateral)
  double halfDepthMm = 0.0;  ///< along y (front to back)
};
/// At `depthMm` below the proximal end, 0 to lengthMm; beyond it the section is empty (zeros).
StemSection stemSection(const Stem& stem, double depthMm);

}  // namespace coxa
