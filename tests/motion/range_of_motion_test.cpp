#include "coxa/motion/range_of_motion.hpp"

#include "support/hip_bodies.hpp"

#include <gmock/gmock.h>

using namespace coxa;

namespace {

const std::vector<std::pair<double, double>> kHeadAndNeck = {
    {28.0, 12.0}, {32.0, 12.0}, {36.0, 12.0}, {40.0, 12.0}};

MotionModel model(const MotionSetup& setup) {
  auto built = MotionModel::build(setup);
  EXPECT_TRUE(built.has_value()) << (built ? "" : built.error().message);
  return built.value();
}

MotionResult range(const MotionSetup& setup) {
  return rangeOfMotion(model(setup), motionProfiles().front(), Job()).value();
}

const MotionRow& row(const MotionResult& result, const std::string& direction) {
  for (const MotionRow& r : result.rows)
    if (r.direction == direction) return r;
  throw std::runtime_error("no direction " + direction);
}

double reach(const MotionModel& hip, const JointAngles& to) {
  const auto contact = hip.firstContact({{}, to});
  return contact ? contact->degrees : 180.0;
}

/// cos α = n/D: how far the neck tilts from the cup's axis in every direction.
double closedForm(double headMm, double neckMm) {
  return degFromRad(std::acos(neckMm / headMm));
}

/// A hip with a cup at 40/15 and bones as boxes, so that implants and bone limit different directions.
MotionSetup hipWithBones() {
  MotionSetup setup =
      shapes::replacedHip(32.0, 12.0, shapes::cupAxisRight(40.0, 15.0), Vec3(-0.7, -0.15, -0.7).normalized());
  setup.bodies.push_back({"pelvis", BodySegment::Pelvis, BodyMaterial::Bone,
                          shapes::box({-30.0, -55.0, 0.0}, {40.0, -40.0, 90.0}), 0.5});
  setup.bodies.push_back({"femur", BodySegment::Femur, BodyMaterial::Bone,
                          shapes::box({-75.0, -14.0, -200.0}, {-45.0, 16.0, 5.0}), 0.5});
  return setup;
}

}  // namespace

TEST(RangeOfMotion, NeckInLinerOscillatesByTheClosedForm) {
  for (const auto& [head, neck] : kHeadAndNeck) {
    // The cup opens downwards and the neck hangs along its axis.
    const MotionModel hip = model(shapes::replacedHip(head, neck, -Vec3::UnitZ(), -Vec3::UnitZ()));
    const double flexionArc = reach(hip, {120.0, 0.0, 0.0}) + reach(hip, {-120.0, 0.0, 0.0});
    const double sideArc = reach(hip, {0.0, 85.0, 0.0}) + reach(hip, {0.0, -85.0, 0.0});
    const double expected = 2.0 * closedForm(head, neck);
    EXPECT_NEAR(flexionArc, expected, 0.1) << head << "/" << neck;
    EXPECT_NEAR(sideArc, expected, 0.1) << head << "/" << neck;
  }
}

TEST(RangeOfMotion, ClosedFormHoldsForACupAtFortyFifteenAndATurnedFemur) {
  // In any pose the neck stops at the angle acos(n/D) from the cup's axis, whatever way it came.
  const Vec3 cup = shapes::cupAxisRight(40.0, 15.0);
  for (const auto& [head, neck] : kHeadAndNeck) {
    const Vec3 neckAxis = Vec3(-0.62, -0.2, -0.75).normalized();
    MotionSetup setup = shapes::replacedHip(head, neck, cup, neckAxis);
    setup.joint.femur_from_world.prerotate(Eigen::AngleAxisd(0.2, Vec3(0.2, 0.3, 1.0).normalized()));
    const MotionModel hip = model(setup);
    int stopped = 0;
    for (const JointAngles& to :
         {JointAngles{140.0, 0.0, 0.0}, JointAngles{-80.0, 0.0, 0.0}, JointAngles{0.0, 80.0, 0.0},
          JointAngles{0.0, -80.0, 0.0}, JointAngles{0.0, 0.0, 150.0}, JointAngles{0.0, 0.0, -150.0}}) {
      const auto contact = hip.firstContact({{}, to});
      if (!contact) continue;
      ++stopped;
      const Vec3 at = femurMotion(hip.joint(), contact->angles).linear() * neckAxis;
      EXPECT_NEAR(degFromRad(std::acos(at.dot(cup))), closedForm(head, neck), 0.05);
      EXPECT_EQ(contact->contact.pelvisBody, "liner");
      EXPECT_EQ(contact->contact.femurBody, "stem_neck");
      EXPECT_EQ(contact->contact.kind, ContactKind::ImplantImplant);
      EXPECT_NEAR(contact->contact.point.norm(), head / 2.0, 0.05);  // on the liner's inner edge
      EXPECT_NEAR(contact->contact.point.dot(cup), 0.0, 0.05);
    }
    EXPECT_GE(stopped, 3);
  }
}

TEST(RangeOfMotion, BiggerHeadMovesFurther) {
  const Vec3 neckAxis = Vec3(-0.6, -0.2, -0.8).normalized();
  for (const JointAngles& to : {JointAngles{170.0, 0.0, 0.0}, JointAngles{-170.0, 0.0, 0.0}}) {
    double before = 0.0;
    for (const auto& [head, neck] : kHeadAndNeck) {
      const double now =
          reach(model(shapes::replacedHip(head, neck, shapes::cupAxisRight(40.0, 15.0), neckAxis)), to);
      EXPECT_GT(now, before);
      before = now;
    }
    EXPECT_LT(before, 170.0);
  }
}

TEST(RangeOfMotion, SdFollowsTheLeverArm) {
  MotionSetup setup = shapes::replacedHip(32.0, 12.0, -Vec3::UnitZ(), -Vec3::UnitZ());
  setup.bodies[0].surfaceSdMm = 0.3;
  setup.bodies[2].surfaceSdMm = 0.4;
  const auto contact = model(setup).firstContact({{}, {120.0, 0.0, 0.0}});
  ASSERT_TRUE(contact);
  // A rim moved by 0.5 mm along the neck's normal at 16·sin(acos(12/32)) mm along the neck.
  const double lever = 16.0 * std::sin(std::acos(12.0 / 32.0));
  EXPECT_NEAR(contact->sdDeg, degFromRad(0.5 / lever), 0.02);
  setup.frameSdDeg = 2.0;
  EXPECT_NEAR(model(setup).firstContact({{}, {120.0, 0.0, 0.0}})->sdDeg, std::hypot(contact->sdDeg, 2.0),
              1e-9);
}

TEST(RangeOfMotion, ContactAnglesStandAtTheEdgeOfContact) {
  const MotionModel hip = model(hipWithBones());
  ASSERT_TRUE(hip.contacts({}).empty());
  int touched = 0;
  for (const MotionDirection& direction : motionDirections()) {
    MotionPath path = direction.approach;
    JointAngles end = path.back();
    end.flexionDeg += direction.limitDeg * direction.perDegree.flexionDeg;
    end.adductionDeg += direction.limitDeg * direction.perDegree.adductionDeg;
    end.internalRotationDeg += direction.limitDeg * direction.perDegree.internalRotationDeg;
    path.push_back(end);
    const auto contact = hip.firstContact(path);
    if (!contact) continue;
    ++touched;
    const RigidTransform at = femurMotion(hip.joint(), contact->angles);
    const RigidTransform from = femurMotion(hip.joint(), path[static_cast<std::size_t>(contact->leg)]);
    const Eigen::AngleAxisd done(Mat3(at.linear() * from.linear().transpose()));
    EXPECT_NEAR(degFromRad(done.angle()), contact->degrees, 1e-6);
    const auto angled = [&](double extraDeg) {
      RigidTransform more = RigidTransform::Identity();
      more.linear() = Eigen::AngleAxisd(done.angle() + radFromDeg(extraDeg), done.axis()).toRotationMatrix() *
                      from.linear();
      return jointAngles(hip.joint(), more);
    };
    EXPECT_TRUE(hip.contacts(angled(-0.02)).empty()) << direction.name;
    const auto beyond = hip.contacts(angled(0.1));
    ASSERT_EQ(beyond.size(), 1U) << direction.name;
    EXPECT_EQ(beyond[0].pelvisBody, contact->contact.pelvisBody);
    EXPECT_EQ(beyond[0].femurBody, contact->contact.femurBody);
    EXPECT_LT((beyond[0].point - contact->contact.point).norm(), 20.0);
  }
  EXPECT_GE(touched, 5);
}

TEST(RangeOfMotion, NothingIsSteppedOver) {
  // A fin thinner than any step: 0.01 mm across the path of the neck.
  MotionSetup setup = shapes::replacedHip(32.0, 12.0, -Vec3::UnitZ(), -Vec3::UnitZ());
  setup.bodies.push_back({"osteophyte", BodySegment::Pelvis, BodyMaterial::Bone,
                          shapes::box({-1.0, -40.0, -30.0}, {1.0, -39.99, -29.0}), 0.0});
  const auto contact = model(setup).firstContact({{}, {120.0, 0.0, 0.0}});
  ASSERT_TRUE(contact);
  EXPECT_EQ(contact->contact.pelvisBody, "osteophyte");
  EXPECT_EQ(contact->contact.kind, ContactKind::ImplantBone);
  // The front of the neck, 6 mm from its axis, meets the fin's lower back edge.
  const double azimuth = degFromRad(std::atan2(39.99, 29.0));
  const double reachDeg = azimuth - degFromRad(std::asin(6.0 / std::hypot(39.99, 29.0)));
  EXPECT_NEAR(contact->degrees, reachDeg, 1.5);
  EXPECT_LE(contact->degrees, reachDeg + 0.01);
}

TEST(RangeOfMotion, MirroredHipHasTheSameAngles) {
  const MotionResult right = range(hipWithBones());
  const MotionResult left = range(shapes::otherSide(hipWithBones()));
  EXPECT_EQ(left.side, Side::Left);
  ASSERT_EQ(right.rows.size(), left.rows.size());
  for (std::size_t i = 0; i < right.rows.size(); ++i) {
    EXPECT_NEAR(right.rows[i].reachedDeg.value, left.rows[i].reachedDeg.value, 1e-9);
    EXPECT_EQ(right.rows[i].verdict, left.rows[i].verdict);
    ASSERT_EQ(right.rows[i].contact.has_value(), left.rows[i].contact.has_value());
    if (!right.rows[i].contact) continue;
    EXPECT_NEAR(right.rows[i].contact->angles.adductionDeg, left.rows[i].contact->angles.adductionDeg, 1e-9);
    // Boxes may touch along a whole edge; the point is then any of it.
    if (right.rows[i].contact->contact.kind == ContactKind::BoneBone) continue;
    const Vec3 mirroredPoint = left.rows[i].contact->contact.point.cwiseProduct(Vec3(-1.0, 1.0, 1.0));
    EXPECT_LT((mirroredPoint - right.rows[i].contact->contact.point).norm(), 1e-6);
  }
}

TEST(RangeOfMotion, AnglesDoNotDependOnWhereThePatientLies) {
  const MotionResult here = range(hipWithBones());
  RigidTransform away = RigidTransform::Identity();
  away.rotate(Eigen::AngleAxisd(1.1, Vec3(0.3, -0.5, 0.8).normalized()));
  away.pretranslate(Vec3(120.0, -300.0, 800.0));
  const MotionResult there = range(shapes::moved(hipWithBones(), away));
  for (std::size_t i = 0; i < here.rows.size(); ++i) {
    // Vertices are rounded to floats at 1000 mm: 0.06 µm.
    EXPECT_NEAR(here.rows[i].reachedDeg.value, there.rows[i].reachedDeg.value, 1e-3);
    ASSERT_EQ(here.rows[i].contact.has_value(), there.rows[i].contact.has_value());
  }
}

TEST(RangeOfMotion, SeesVolumesNotOnlySurfaces) {
  MotionSetup setup = shapes::replacedHip(32.0, 12.0, -Vec3::UnitZ(), -Vec3::UnitZ());
  setup.bodies.push_back({"pelvis", BodySegment::Pelvis, BodyMaterial::Bone,
                          shapes::box({-50.0, -50.0, 60.0}, {50.0, 50.0, 160.0}), 0.0});
  setup.bodies.push_back({"fragment", BodySegment::Femur, BodyMaterial::Bone,
                          shapes::box({-2.0, -2.0, 100.0}, {2.0, 2.0, 104.0}), 0.0});
  const MotionResult result = range(setup);
  ASSERT_EQ(result.overlapsAtNeutral.size(), 1U);
  EXPECT_EQ(result.overlapsAtNeutral[0].femurBody, "fragment");
  EXPECT_THAT(result.notices, testing::Contains(testing::Field(&Notice::code, "motion.overlap-at-neutral")));
  // Nothing is called met beside a pair that could not be judged.
  for (const MotionRow& r : result.rows) EXPECT_NE(r.verdict, Verdict::Met);
}

TEST(RangeOfMotion, HeadInLinerIsNoContact) {
  MotionSetup setup = shapes::replacedHip(32.0, 12.0, -Vec3::UnitZ(), -Vec3::UnitZ());
  EXPECT_TRUE(model(setup).contacts({}).empty());
  setup.bodies[1].mesh = shapes::sphere(16.1);
  EXPECT_TRUE(model(setup).contacts({}).empty());
  setup.permanentContacts.clear();
  EXPECT_EQ(model(setup).contacts({}).size(), 1U);
}

TEST(RangeOfMotion, NativeJointSurfaceDoesNotCount) {
  MotionSetup setup;
  setup.joint.pelvis_from_world = shapes::pelvisFromLps();
  setup.joint.femur_from_world = femurFrameAsPosed(Vec3::Zero(), setup.joint.pelvis_from_world);
  setup.bodies = {{"pelvis", BodySegment::Pelvis, BodyMaterial::Bone,
                   transformed(shapes::hemisphericalShell(23.5, 35.0), shapes::zOnto(-Vec3::UnitZ())), 0.0},
                  {"femur", BodySegment::Femur, BodyMaterial::Bone, shapes::sphere(24.0), 0.0}};
  EXPECT_EQ(model(setup).contacts({}).size(), 1U);
  setup.articulationRadiusMm = 25.0;
  EXPECT_TRUE(model(setup).contacts({}).empty());
}

TEST(RangeOfMotion, TableIsJudgedAgainstTheProfile) {
  const MotionSetup setup = hipWithBones();
  const MotionModel hip = model(setup);
  for (const MotionProfile& profile : motionProfiles()) {
    const MotionResult result = rangeOfMotion(hip, profile, Job()).value();
    EXPECT_EQ(result.profile, profile.name);
    for (const auto& [direction, degrees] : profile.requiredDeg) {
      const MotionRow& r = row(result, direction);
      EXPECT_EQ(r.requiredDeg, degrees);
      EXPECT_EQ(r.verdict, r.reachedDeg.value >= degrees ? Verdict::Met : Verdict::NotMet);
    }
  }
}

TEST(RangeOfMotion, StartThatCannotBeReachedReachesNothing) {
  MotionSetup setup = hipWithBones();
  // A wall in front stops flexion long before 90°.
  setup.bodies.push_back({"wall", BodySegment::Pelvis, BodyMaterial::Bone,
                          shapes::box({-100.0, -120.0, -190.0}, {20.0, -100.0, -100.0}), 0.0});
  const MotionRow r = row(range(setup), "internal_rotation_at_90_flexion");
  EXPECT_FALSE(r.startReached);
  EXPECT_EQ(r.reachedDeg.value, 0.0);
  EXPECT_EQ(r.verdict, Verdict::NotMet);
  ASSERT_TRUE(r.contact);
  EXPECT_EQ(r.contact->leg, 0);
  EXPECT_LT(r.contact->angles.flexionDeg, 90.0);
}

TEST(RangeOfMotion, RefusesWhatItCannotJudge) {
  MotionSetup setup = shapes::replacedHip(32.0, 12.0, -Vec3::UnitZ(), -Vec3::UnitZ());
  setup.bodies[1].name = "liner";
  EXPECT_EQ(MotionModel::build(setup).error().code, ErrorCode::BadInput);
  setup.bodies[1].name = "head";
  setup.bodies[1].mesh = {};
  EXPECT_THAT(MotionModel::build(setup).error().message, testing::HasSubstr("head"));
  setup.bodies.resize(1);
  EXPECT_FALSE(MotionModel::build(setup).has_value());
}

TEST(RangeOfMotion, OpenSurfaceIsSaid) {
  MotionSetup setup = shapes::replacedHip(32.0, 12.0, -Vec3::UnitZ(), -Vec3::UnitZ());
  setup.bodies[2].mesh.triangles.pop_back();
  EXPECT_THAT(model(setup).notices(),
              testing::Contains(testing::Field(&Notice::code, "motion.open-surface")));
}

TEST(RangeOfMotion, CancelledJobSaysSo) {
  const Job job;
  job.cancel();
  EXPECT_EQ(rangeOfMotion(model(hipWithBones()), motionProfiles().front(), job).error().code,
            ErrorCode::Cancelled);
}

TEST(RangeOfMotion, JsonRoundTrip) {
  MotionSetup setup = hipWithBones();
  setup.bodies.push_back({"fragment", BodySegment::Femur, BodyMaterial::Bone,
                          shapes::box({-2.0, -50.0, 30.0}, {2.0, -46.0, 34.0}), 0.0});
  const MotionResult result = range(setup);
  const std::string json = toJson(result);
  const auto again = motionFromJson(json);
  ASSERT_TRUE(again.has_value());
  EXPECT_EQ(toJson(*again), json);
  EXPECT_EQ(again->rows.size(), result.rows.size());
  EXPECT_EQ(again->overlapsAtNeutral.size(), 1U);
  EXPECT_EQ(motionFromJson("{}").error().code, ErrorCode::BadInput);
  EXPECT_EQ(motionFromJson("not json").error().code, ErrorCode::BadInput);
}
