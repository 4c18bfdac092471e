// Range of motion against FCL (OBBRSS): the same bodies, the same directions, the same answers within 0.1°.
// FCL walks in steps and then halves; ours solves the rotation. FCL's coarse walk (1°) can step over what is
// thin; its fine walk (0.1°) sees all that is thicker than the tolerance. Times are of the thread, so that
// other work on the machine does not count.

#include "support/hip_bodies.hpp"

#include "coxa/motion/range_of_motion.hpp"

#include <fcl/narrowphase/collision.h>

#include <cmath>
#include <cstdio>
#include <ctime>

using namespace coxa;

namespace {

using FclModel = fcl::BVHModel<fcl::OBBRSSd>;

double now() {
  timespec t{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
  return 1e3 * double(t.tv_sec) + 1e-6 * double(t.tv_nsec);
}

double milliseconds(double since) {
  return now() - since;
}

class FclHip {
 public:
  explicit FclHip(const MotionSetup& setup) : joint_(setup.joint) {
    for (const MotionBody& body : setup.bodies) {
      if (body.name == "head") continue;
      std::vector<fcl::Vector3d> vertices;
      std::vector<fcl::Triangle> triangles;
      for (const auto& v : body.mesh.vertices) vertices.push_back(v.cast<double>());
      for (const auto& t : body.mesh.triangles) triangles.emplace_back(t[0], t[1], t[2]);
      auto model = std::make_shared<FclModel>();
      model->beginModel();
      model->addSubModel(vertices, triangles);
      model->endModel();
      (body.segment == BodySegment::Pelvis ? fixed_ : moving_).push_back(model);
    }
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

JointAngles along(const MotionDirection& direction, double degrees) {
  JointAngles angles = direction.approach.back();
  angles.flexionDeg += degrees * direction.perDegree.flexionDeg;
  angles.adductionDeg += degrees * direction.perDegree.adductionDeg;
  angles.internalRotationDeg += degrees * direction.perDegree.internalRotationDeg;
  return angles;
}

double fclReach(const FclHip& hip, const MotionDirection& direction, double stepDeg) {
  double free = 0.0;
  while (free < direction.limitDeg && !hip.touches(along(direction, free + stepDeg))) free += stepDeg;
  if (free >= direction.limitDeg) return direction.limitDeg;
  double touching = free + stepDeg;
  while (touching - free > 0.05) {
    const double middle = 0.5 * (free + touching);
    (hip.touches(along(direction, middle)) ? touching : free) = middle;
  }
  return free;
}

/// Bone-sized bodies with bone-like triangle counts.
MotionSetup bench(std::uint32_t segments) {
  MotionSetup setup = shapes::replacedHip(36.0, 12.0, shapes::cupAxisRight(40.0, 15.0),
                                          Vec3(-0.62, -0.2, -0.75).normalized());
  RigidTransform place = RigidTransform::Identity();
  place.translation() = Vec3(5.0, -60.0, 45.0);
  setup.bodies.push_back({"pelvis", BodySegment::Pelvis, BodyMaterial::Bone,
                          transformed(shapes::sphere(28.0, segments), place), 0.0});
  place.translation() = Vec3(-58.0, -8.0, -22.0);
  setup.bodies.push_back({"femur", BodySegment::Femur, BodyMaterial::Bone,
                          transformed(shapes::sphere(20.0, segments), place), 0.0});
  return setup;
}

void compare(std::uint32_t segments) {
  const MotionSetup setup = bench(segments);
  std::size_t triangles = 0;
  for (const MotionBody& body : setup.bodies) triangles += body.mesh.triangles.size();

  double start = now();
  const MotionModel ours = MotionModel::build(setup).value();
  const double oursBuild = milliseconds(start);
  start = now();
  const FclHip theirs(setup);
  const double theirsBuild = milliseconds(start);
  std::printf("\n%zu triangles; build: ours %.0f ms, FCL %.0f ms\n", triangles, oursBuild, theirsBuild);
  std::printf("%-46s %8s %8s %8s %10s %10s\n", "direction", "ours deg", "FCL deg", "ours ms", "FCL 1° ms",
              "FCL 0.1° ms");

  double oursTotal = 0.0;
  double coarseTotal = 0.0;
  double fineTotal = 0.0;
  double worst = 0.0;
  for (const MotionDirection& direction : motionDirections()) {
    MotionPath path = direction.approach;
    path.push_back(along(direction, direction.limitDeg));
    start = now();
    const auto contact = ours.firstContact(path);
    const double oursMs = milliseconds(start);
    if (contact && contact->leg != static_cast<int>(path.size()) - 2) continue;
    const double oursDeg = contact ? contact->degrees : direction.limitDeg;
    start = now();
    fclReach(theirs, direction, 1.0);
    const double coarseMs = milliseconds(start);
    start = now();
    const double theirsDeg = fclReach(theirs, direction, 0.1);
    const double fineMs = milliseconds(start);
    std::printf("%-46s %8.2f %8.2f %8.2f %9.1f %10.1f\n", direction.name.c_str(), oursDeg, theirsDeg, oursMs,
                coarseMs, fineMs);
    oursTotal += oursMs;
    coarseTotal += coarseMs;
    fineTotal += fineMs;
    worst = std::max(worst, std::abs(oursDeg - theirsDeg));
  }
  std::printf("all: ours %.1f ms, FCL %.1f ms at 1°, %.1f ms at 0.1°; largest difference %.3f deg\n",
              oursTotal, coarseTotal, fineTotal, worst);
}

/// A slider drawn through the range: time of one pose for the live display.
void livePoses() {
  const MotionSetup setup = bench(400);
  const MotionModel ours = MotionModel::build(setup).value();
  const FclHip theirs(setup);
  double oursWorst = 0.0;
  double oursSum = 0.0;
  double theirsSum = 0.0;
  int poses = 0;
  int different = 0;
  for (double flexion = -40.0; flexion <= 140.0; flexion += 2.0) {
    const JointAngles angles{flexion, 10.0, 20.0};
    double start = now();
    const bool touch = !ours.contacts(angles).empty();
    const double ms = milliseconds(start);
    oursWorst = std::max(oursWorst, ms);
    oursSum += ms;
    start = now();
    different += int(theirs.touches(angles) != touch);
    theirsSum += milliseconds(start);
    ++poses;
  }
  std::printf(
      "\none pose: ours mean %.3f ms, worst %.3f ms (all pairs, contact point); FCL mean %.3f ms (yes or "
      "no); %d of %d poses differ\n",
      oursSum / poses, oursWorst, theirsSum / poses, different, poses);
}

}  // namespace

int main() {
  compare(160);
  compare(400);
  livePoses();
}
