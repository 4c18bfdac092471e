#pragma once

#include "coxa/implants/catalogue.hpp"
#include "coxa/implants/meshes.hpp"

#include <string>
#include <vector>

namespace coxa {

/// A hip's implants where they sit in the bones at the position of the scan (world LPS, mm). The cup belongs
/// to the pelvis and the stem to the femur; the femur has not yet been moved to its new place, so in general
/// the head's centre is not the cup's: `reduction` moves femur, stem and head into the cup.
struct PosedHip {
  Side side = Side::Right;
  Cup cup;
  Liner liner;
  Head head;
  Stem stem;
  RigidTransform world_from_cup = RigidTransform::Identity();   ///< cup frame of meshes.hpp; also the liner's
  RigidTransform world_from_stem = RigidTransform::Identity();  ///< stem frame of meshes.hpp

  Vec3 cupCenter() const { return world_from_cup.translation(); }
  /// Opening axis, unit, out of the cup.
  Vec3 cupAxis() const { return world_from_cup.linear().col(2); }
  /// Centre of the head on the stem, the femur where it was scanned.
  Vec3 headCenter() const { return world_from_stem * headCenterInStem(stem, head); }
  /// Translation that brings the scanned femur, with stem and head, into the cup. Limb axes keep their
  /// direction: this is the neutral position from which motion starts.
  Vec3 reduction() const { return cupCenter() - headCenter(); }
};

struct NamedMesh {
  std::string name;  ///< "cup", "liner", "head", "stem_neck" or "stem_body"
  TriangleMesh mesh;
};
/// Cup and liner in the world.
std::vector<NamedMesh> pelvicComponents(const PosedHip& hip);
/// Head, stem_neck and stem_body in the world, the femur where it was scanned.
std::vector<NamedMesh> femoralComponents(const PosedHip& hip);

}  // namespace coxa
