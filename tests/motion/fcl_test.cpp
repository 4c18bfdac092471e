#include "support/hip_bodies.hpp"

#include "coxa/motion/range_of_motion.hpp"

#include <fcl/narrowphase/collision.h>
#include <gtest/gtest.h>

#include <random>

using namespace coxa;

namespace {

using FclModel = fcl::BVHModel<fcl::OBBRSSd>;

std::shared_ptr<FclModel> fclModel(const TriangleMesh& mesh) {
  std::vector<fcl::Vector3d> vertices;
  std::vector<fcl::Triangle> triangles;
  for (const auto& v : mesh.vertices) vertices.push_back(v.cast<double>());
  for (const auto& t : mesh.triangles) triangles.emplace_back(t[0], t[1], t[2]);
  auto model = std::make_shared<FclModel>();
  model->beginModel();
  model->addSubModel(vertices, triangles);
  model->endModel();
  return model;
}

/// The Flexible Collision Library's answer to the same question, surfaces only.
class FclHip {
 public:
  explicit FclHip(const MotionSetup& setup) : joint_(setup.joint) {
    for (const MotionBody& body : setup.bodies)
      if (body.name != "head")
        (body.segment == BodySegment::Pelvis ? fixed_ : moving_).push_back(fclModel(body.mesh));
  }

  bool touches(const JointAngles& angles) const {
    const fcl::Transform3d motion = femurMotion(joint_, angles);
    for (const auto& f : fixed_)
      for (const auto& m : moving_) {
        fcl::CollisionResultd result;
        if (fcl::collide(f.get(), fcl::Transform3d::Identity(), m.get(), motion, fcl::CollisionRequestd(),
                         result) > 0)
          return true;
      }
    return false;
  }

 private:
  HipJoint joint_;
  std::vector<std::shared_ptr<FclModel>> fixed_;
  std::vector<std::shared_ptr<FclModel>> moving_;
};

/// Bumpy bodies around the joint, like bone: no symmetry for an error to hide behind.
TriangleMesh bumpy(const TriangleMesh& mesh, unsigned seed) {
  std::mt19937 random(seed);
  std::uniform_real_distribution<float> bump(-0.4F, 0.4F);
  TriangleMesh out = mesh;
  for (auto& v : out.vertices) v += Eigen::Vector3f(bump(random), bump(random), bump(random));
  return out;
}

MotionSetup bumpyHip(unsigned seed) {
  MotionSetup setup = shapes::replacedHip(32.0, 12.0, shapes::cupAxisRight(40.0, 15.0),
                                          Vec3(-0.62, -0.2, -0.75).normalized());
  RigidTransform place = RigidTransform::Identity();
  place.translation() = Vec3(5.0, -50.0, 35.0);
  setup.bodies.push_back({"pelvis", BodySegment::Pelvis, BodyMaterial::Bone,
                          transformed(bumpy(shapes::sphere(22.0, 80), seed), place), 0.0});
  place.translation() = Vec3(-52.0, -8.0, -18.0);
  setup.bodies.push_back({"femur", BodySegment::Femur, BodyMaterial::Bone,
                          transformed(bumpy(shapes::sphere(17.0, 80), seed + 1), place), 0.0});
  return setup;
}

}  // namespace

TEST(AgainstFcl, SamePosesTouch) {
  for (unsigned seed = 0; seed < 3; ++seed) {
    const MotionSetup setup = bumpyHip(seed);
    const MotionModel ours = MotionModel::build(setup).value();
    const FclHip theirs(setup);
    std::mt19937 random(seed);
    std::uniform_real_distribution<double> flexion(-40.0, 120.0);
    std::uniform_real_distribution<double> adduction(-40.0, 40.0);
    std::uniform_real_distribution<double> rotation(-60.0, 60.0);
    int touching = 0;
    for (int i = 0; i < 60; ++i) {
      const JointAngles angles{flexion(random), adduction(random), rotation(random)};
      const bool touch = theirs.touches(angles);
      EXPECT_EQ(!ours.contacts(angles).empty(), touch);
      touching += int(touch);
    }
    EXPECT_GT(touching, 5);
    EXPECT_LT(touching, 55);
  }
}

TEST(AgainstFcl, SameFirstContact) {
  const MotionSetup setup = bumpyHip(7);
  const MotionModel ours = MotionModel::build(setup).value();
  const FclHip theirs(setup);
  ASSERT_FALSE(theirs.touches({}));
  int touched = 0;
  for (const MotionDirection& direction : motionDirections()) {
    if (direction.approach.size() > 1) continue;
    const auto at = [&](double degrees) {
      return JointAngles{degrees * direction.perDegree.flexionDeg, degrees * direction.perDegree.adductionDeg,
                         degrees * direction.perDegree.internalRotationDeg};
    };
    const auto contact = ours.firstContact({{}, at(direction.limitDeg)});
    const double end = contact ? contact->degrees : direction.limitDeg;
    for (double degrees = 0.0; degrees < end - 0.01; degrees += 1.0)
      EXPECT_FALSE(theirs.touches(at(degrees))) << direction.name << " at " << degrees;
    EXPECT_FALSE(theirs.touches(at(end - 0.01))) << direction.name;
    if (!contact) continue;
    ++touched;
    EXPECT_TRUE(theirs.touches(at(end + 0.05))) << direction.name;
  }
  EXPECT_GE(touched, 3);
}
