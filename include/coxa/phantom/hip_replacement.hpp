#pragma once

#include "coxa/anatomy/landmarks.hpp"
#include "coxa/anatomy/structures.hpp"
#include "coxa/implants/posed.hpp"
#include "coxa/physics/materials.hpp"

namespace coxa {

/// What the parts are made of; liners are polyethylene, screws titanium.
struct HipMaterials {
  Material cup = Material::Titanium;
  Material head = Material::CobaltChrome;
  Material stem = Material::Titanium;
};

/// A screw through the cup into the pelvis: a cylinder of the thread's diameter, world LPS, mm.
struct AcetabularScrew {
  Vec3 head = Vec3::Zero();  ///< middle of its end on the cup's inner surface
  Vec3 tip = Vec3::Zero();
  double diameterMm = 6.5;
};

/// One replaced hip. `hip` has cup and stem where they were fixed in the bones at the position of the scan
/// before the operation; its reduction() then moved the femur.
struct HipReplacement {
  PosedHip hip;
  HipMaterials materials;
  std::vector<AcetabularScrew> screws;
};

/// Standard deviations of what a surgeon's hand makes of a plan; every draw lies within two of them.
struct ExecutionSpread {
  double cupAngleDeg = 5.0;  ///< of inclination and of anteversion (radiographic)
  double cupCenterMm = 2.0;  ///< along each axis
  double stemVersionDeg = 5.0;
  double stemVarusDeg = 1.5;
  double stemDepthMm = 1.5;  ///< along the stem's axis
};

/// The plan as it was carried out: cup and stem deviate at random, by seed. The stem turns about the middle
/// of its body, so that it stays in the canal. Errors BadInput: landmarks of the pelvic plane or of the femur
/// frame are missing.
Result<PosedHip> carriedOut(const PosedHip& plan, const LandmarkSet& landmarks, const ExecutionSpread& spread,
                            std::uint64_t seed);

/// Screws in the posterior superior quadrant of the cup: the longest of 15 to 40 mm whose tip still lies in
/// the hip bone (at least 15). At most three.
std::vector<AcetabularScrew> acetabularScrews(const PosedHip& hip, int count, const LabelMap& labels,
                                              const StructureTable& table, std::uint64_t seed);

/// The hip after its reduction: the stem moved into the cup.
PosedHip reduced(PosedHip hip);

/// The landmarks after the operation. The femur's went along with it; femoral head and acetabulum are the
/// prosthetic ones (the head's sphere, the cup's outer sphere). The neck's axis is the native one, moved
/// along though the neck is gone: femur frames need it.
LandmarkSet afterReplacement(LandmarkSet landmarks, const HipReplacement& replacement);

/// Surfaces of all parts after the reduction: "cup", "liner", "head", "stem_neck", "stem_body", "screw_1", …
std::vector<NamedMesh> implantMeshes(const HipReplacement& replacement);

}  // namespace coxa
