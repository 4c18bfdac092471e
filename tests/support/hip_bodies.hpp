#pragma once

#include "support/shapes.hpp"

#include "coxa/geometry/cup_angles.hpp"
#include "coxa/motion/range_of_motion.hpp"

namespace coxa::shapes {

/// Pelvis from LPS world of a patient who lies straight: x right, y anterior, z superior.
inline RigidTransform pelvisFromLps() {
  RigidTransform pelvis_from_world = RigidTransform::Identity();
  pelvis_from_world.linear() = Vec3(-1.0, -1.0, 1.0).asDiagonal();
  return pelvis_from_world;
}

/// Turns +z onto the unit direction.
inline RigidTransform zOnto(const Vec3& direction) {
  RigidTransform turn = RigidTransform::Identity();
  turn.linear() = Eigen::Quaterniond::FromTwoVectors(Vec3::UnitZ(), direction).toRotationMatrix();
  return turn;
}

/// A right hip replacement at the world's origin: a liner whose opening's plane runs through the centre of
/// the head, a head and a cylindrical neck. Directions in world coordinates.
inline MotionSetup replacedHip(double headDiameterMm, double neckDiameterMm, const Vec3& cupAxis,
                               const Vec3& neckAxis) {
  MotionSetup setup;
  setup.joint.pelvis_from_world = pelvisFromLps();
  setup.joint.femur_from_world = femurFrameAsPosed(Vec3::Zero(), setup.joint.pelvis_from_world);
  const double r = headDiameterMm / 2.0;
  setup.bodies = {{"liner", BodySegment::Pelvis, BodyMaterial::Implant,
                   transformed(hemisphericalShell(r, r + 8.0), zOnto(cupAxis)), 0.0},
                  {"head", BodySegment::Femur, BodyMaterial::Implant, sphere(r), 0.0},
                  {"stem_neck", BodySegment::Femur, BodyMaterial::Implant,
                   transformed(cylinder(neckDiameterMm / 2.0, 2.0, 60.0), zOnto(neckAxis)), 0.0}};
  return setup;
}

/// The opening axis of a right cup in the world.
inline Vec3 cupAxisRight(double radiographicInclinationDeg, double radiographicAnteversionDeg) {
  const Vec3 inHip = cupAxisFrom({CupDefinition::Radiographic, PelvicPlane::Functional,
                                  radiographicInclinationDeg, radiographicAnteversionDeg});
  return pelvisFromLps().linear().transpose() * inHip;
}

/// The whole setup carried to another place in the world; anatomy and angles stay.
inline MotionSetup moved(MotionSetup setup, const RigidTransform& to_from_world) {
  for (MotionBody& body : setup.bodies) body.mesh = transformed(body.mesh, to_from_world);
  setup.joint.center = to_from_world * setup.joint.center;
  setup.joint.pelvis_from_world = setup.joint.pelvis_from_world * to_from_world.inverse();
  setup.joint.femur_from_world = setup.joint.femur_from_world * to_from_world.inverse();
  return setup;
}

/// The mirror image at the sagittal plane x = 0 of the world: the other side's hip.
inline MotionSetup otherSide(MotionSetup setup) {
  const Mat3 mirror = Vec3(-1.0, 1.0, 1.0).asDiagonal();
  const auto frame = [&](const RigidTransform& f) {
    RigidTransform out = RigidTransform::Identity();
    out.linear() = mirror * f.linear() * mirror;
    out.translation() = mirror * f.translation();
    return out;
  };
  for (MotionBody& body : setup.bodies) body.mesh = mirrored(body.mesh, Vec3::Zero(), Vec3::UnitX());
  setup.joint.center = mirror * setup.joint.center;
  setup.joint.pelvis_from_world = frame(setup.joint.pelvis_from_world);
  setup.joint.femur_from_world = frame(setup.joint.femur_from_world);
  setup.joint.side = other(setup.joint.side);
  return setup;
}

}  // namespace coxa::shapes
