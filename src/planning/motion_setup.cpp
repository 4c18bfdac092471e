#include "coxa/planning/motion_setup.hpp"

#include "coxa/anatomy/frames.hpp"
#include "coxa/geometry/clip.hpp"
#include "coxa/implants/meshes.hpp"

#include <cmath>

namespace coxa {

namespace {

// Contour error of CT bone segmentation (Hiasa 2020: about 1 mm); implants are exact.
constexpr double kBoneSurfaceSdMm = 1.0;

Plane facing(const RigidTransform& world_from_stem, const Vec3& pointInStem, const Vec3& normalInStem) {
  Plane plane;
  plane.point = world_from_stem * pointInStem;
  plane.normal = world_from_stem.linear() * normalInStem;
  return plane;
}

// Of the ASIS line: the positions' errors over its length.
double pelvisFrameSdDeg(const LandmarkSet& landmarks) {
  if (!landmarks.left.asis || !landmarks.right.asis) return 0.0;
  const auto& left = *landmarks.left.asis;
  const auto& right = *landmarks.right.asis;
  const double error = std::hypot(left.trust.sdMm, right.trust.sdMm);
  return degFromRad(std::atan2(error, (left.position - right.position).norm()));
}

void add(MotionSetup& setup, const std::vector<NamedMesh>& components, BodySegment segment,
         const RigidTransform& neutral_from_scan) {
  for (const auto& component : components)
    setup.bodies.push_back({component.name, segment, BodyMaterial::Implant,
                            transformed(component.mesh, neutral_from_scan), 0.0});
}

}  // namespace

TriangleMesh resectedFemur(const TriangleMesh& femur, const PosedHip& hip) {
  const Vec3 towardsHead = neckAxisInStem(hip.stem);
  const Vec3 neckBase(hip.stem.neckBaseMm, 0.0, 0.0);
  const Vec3 lateralSide(-hip.stem.proximalLateralMm, 0.0, 0.0);
  const TriangleMesh distal = clipped(femur, facing(hip.world_from_stem, neckBase, -towardsHead));
  const TriangleMesh proximal = clipped(femur, facing(hip.world_from_stem, neckBase, towardsHead));
  const TriangleMesh trochanter = clipped(proximal, facing(hip.world_from_stem, lateralSide, -Vec3::UnitX()));
  return joined(distal, trochanter);
}

Result<MotionSetup> motionSetup(const Plan& plan, const PlanningInput& input) {
  const PosedHip& hip = plan.hip;
  const auto pelvis_from_world = pelvisFromWorld(input.landmarks, PelvicPlane::Functional);
  if (!pelvis_from_world) return tl::unexpected(pelvis_from_world.error());
  const auto femur = femurFrame(input.landmarks, hip.side);
  if (!femur) return tl::unexpected(femur.error());
  const RigidTransform reduced_from_scan(Eigen::Translation3d(hip.reduction()));

  MotionSetup setup;
  setup.joint = {hip.side, hip.cupCenter(), *pelvis_from_world,
                 femur->femur_from_world * reduced_from_scan.inverse()};
  setup.frameSdDeg = pelvisFrameSdDeg(input.landmarks);
  setup.bodies.push_back(
      {"pelvis", BodySegment::Pelvis, BodyMaterial::Bone, input.hipBone, kBoneSurfaceSdMm});
  add(setup, pelvicComponents(hip), BodySegment::Pelvis, RigidTransform::Identity());
  setup.bodies.push_back({"femur", BodySegment::Femur, BodyMaterial::Bone,
                          transformed(resectedFemur(input.femur, hip), reduced_from_scan), kBoneSurfaceSdMm});
  add(setup, femoralComponents(hip), BodySegment::Femur, reduced_from_scan);
  return setup;
}

}  // namespace coxa
