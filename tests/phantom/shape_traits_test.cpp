#include "coxa/phantom/shape_traits.hpp"

#include "coxa/anatomy/frames.hpp"
#include "coxa/phantom/virtual_patient.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

namespace coxa {
namespace {

constexpr std::uint8_t kHipLeft = 1, kHipRight = 2, kFemurLeft = 3, kFemurRight = 4;
constexpr std::array<Side, 2> kSides{Side::Left, Side::Right};

const PhantomModel& model() {
  static const PhantomModel read =
      readPhantomModel(std::filesystem::path(COXA_SOURCE_DIR) / "models" / "hip-atlas").value();
  return read;
}

// Landmarks do not depend on the scan, so that of this one is as coarse as can be.
LandmarkSet landmarksOf(const ShapeTraits& traits, int seed = 1) {
  return makeVirtualPatient(model(), {static_cast<std::uint64_t>(seed), Vec3(20, 20, 20), 24, traits}, Job())
      .value()
      .landmarks;
}

// Fine in the coronal plane, where these tests look.
LabelMap coronalLabels(const ShapeTraits& traits) {
  return makeVirtualPatient(model(), {1, Vec3(1.5, 10.0, 1.5), 300, traits}, Job()).value().labels;
}

const LabelMap& plainLabels() {
  static const LabelMap labels = coronalLabels({});
  return labels;
}

ShapeTraits both(const HipTraits& hip) {
  ShapeTraits traits;
  traits.left = traits.right = hip;
  return traits;
}

// Of the neck against the scanner's left-right direction, seen along the shaft; positive: anteverted.
double versionDeg(const LandmarkSet& landmarks, Side side) {
  const HipLandmarks& hip = landmarks.side(side);
  const Vec3 shaft = hip.femoralShaft->line.direction, neck = hip.femoralNeck->line.direction;
  const Vec3 medial = (-lateral(side) + lateral(side).dot(shaft) * shaft).normalized();
  Vec3 anterior = shaft.cross(medial);
  if (anterior.y() > 0) anterior = -anterior;
  return degFromRad(std::atan2(neck.dot(anterior), neck.dot(medial)));
}

double neckShaftAngleDeg(const LandmarkSet& landmarks, Side side) {
  const HipLandmarks& hip = landmarks.side(side);
  return degFromRad(std::acos(-hip.femoralShaft->line.direction.dot(hip.femoralNeck->line.direction)));
}

CupAngles socketAngles(const LandmarkSet& landmarks, Side side) {
  return cupAnglesOf(landmarks.side(side).acetabularRim->plane.normal, landmarks, side,
                     CupDefinition::Anatomic, PelvicPlane::Anterior)
      .value();
}

Vec3 headOf(const LandmarkSet& landmarks, Side side) {
  return landmarks.side(side).femoralHead->sphere.center;
}

std::uint8_t labelNear(const LabelMap& labels, const Vec3& p) {
  const Eigen::Vector3i n = (labels.grid.indexFromWorld(p).array() + 0.5).floor().cast<int>();
  return labels.at(n.x(), n.y(), n.z());
}

std::ptrdiff_t countOf(const LabelMap& labels, std::uint8_t value) {
  return std::count(labels.voxels.begin(), labels.voxels.end(), value);
}

TEST(ShapeTraits, FemoralVersionTurnsTheNeckByWhatIsAskedAndNothingElse) {
  for (const auto& [seed, asked] : {std::pair{1, 15.0}, std::pair{2, -12.0}}) {
    HipTraits hip;
    hip.femoralVersionDeg = asked;
    const LandmarkSet before = landmarksOf({}, seed), after = landmarksOf(both(hip), seed);
    for (const Side side : kSides) {
      EXPECT_NEAR(versionDeg(after, side) - versionDeg(before, side), asked, 0.2);
      EXPECT_NEAR(neckShaftAngleDeg(after, side), neckShaftAngleDeg(before, side), 0.2);
      EXPECT_LT((headOf(after, side) - headOf(before, side)).norm(), 0.1);
      EXPECT_LT((after.side(side).asis->position - before.side(side).asis->position).norm(), 0.1);
    }
  }
}

TEST(ShapeTraits, TheNeckShaftAngleChangesInItsOwnPlane) {
  for (const auto& [seed, asked] : {std::pair{1, 12.0}, std::pair{2, -12.0}}) {
    HipTraits hip;
    hip.neckShaftAngleDeg = asked;
    const LandmarkSet before = landmarksOf({}, seed), after = landmarksOf(both(hip), seed);
    for (const Side side : kSides) {
      EXPECT_NEAR(neckShaftAngleDeg(after, side) - neckShaftAngleDeg(before, side), asked, 0.5);
      EXPECT_NEAR(versionDeg(after, side), versionDeg(before, side), 0.5);
      EXPECT_LT((headOf(after, side) - headOf(before, side)).norm(), 0.3);
      EXPECT_NEAR(after.side(side).femoralHead->sphere.radiusMm,
                  before.side(side).femoralHead->sphere.radiusMm, 0.2);
    }
  }
}

// A larger angle takes the head up against the trochanter, and the shaft nearer to the midline.
TEST(ShapeTraits, AValgusHipHasItsTrochanterLowAndAShortOffset) {
  HipTraits hip;
  hip.neckShaftAngleDeg = 12.0;
  const LandmarkSet before = landmarksOf({}), after = landmarksOf(both(hip));
  for (const Side side : kSides) {
    const auto trochanter = [&](const LandmarkSet& set) {
      return set.side(side).greaterTrochanter->position;
    };
    const Vec3 moved = trochanter(after) - trochanter(before);
    EXPECT_LT(moved.z(), -3.0);
    EXPECT_LT(moved.dot(lateral(side)), -3.0);
  }
}

TEST(ShapeTraits, TheSocketTurnsInTheAnteriorPelvicPlane) {
  for (const int seed : {1, 2}) {
    const LandmarkSet before = landmarksOf({}, seed);
    HipTraits hip;
    hip.acetabularVersionDeg = 10.0;
    hip.acetabularInclinationDeg = -8.0;
    ShapeTraits traits = both(hip);
    traits.pelvicTiltDeg = 7.0;  // which must not matter in this plane
    const LandmarkSet after = landmarksOf(traits, seed);
    for (const Side side : kSides) {
      const CupAngles was = socketAngles(before, side), is = socketAngles(after, side);
      EXPECT_NEAR(is.anteversionDeg - was.anteversionDeg, 10.0, 0.5);
      EXPECT_NEAR(is.inclinationDeg - was.inclinationDeg, -8.0, 0.5);
      EXPECT_LT(
          (after.side(side).acetabulum->sphere.center - before.side(side).acetabulum->sphere.center).norm(),
          0.1);
    }
  }
}

TEST(ShapeTraits, ThePelvisTiltsAndTheFemoraStay) {
  ShapeTraits traits;
  traits.pelvicTiltDeg = 10.0;
  const LandmarkSet before = landmarksOf({}), after = landmarksOf(traits);
  EXPECT_NEAR(pelvicTiltDeg(after).value() - pelvicTiltDeg(before).value(), 10.0, 0.5);
  for (const Side side : kSides) {
    EXPECT_LT(after.side(side).asis->position.y(), before.side(side).asis->position.y() - 10.0);
    EXPECT_LT((headOf(after, side) - headOf(before, side)).norm(), 0.1);
    EXPECT_LT((after.side(side).femoralShaft->line.point - before.side(side).femoralShaft->line.point).norm(),
              0.1);
  }
}

TEST(ShapeTraits, OneHipLeavesTheOtherAlone) {
  ShapeTraits traits;
  traits.right.femoralVersionDeg = 15.0;
  traits.right.acetabularVersionDeg = 10.0;
  traits.right.dysplasiaDeg = 20.0;
  traits.right.dislocation = 0.6;
  const LandmarkSet before = landmarksOf({}), after = landmarksOf(traits);
  EXPECT_NEAR(versionDeg(after, Side::Left), versionDeg(before, Side::Left), 0.01);
  EXPECT_LT((headOf(after, Side::Left) - headOf(before, Side::Left)).norm(), 0.01);
  EXPECT_NEAR(socketAngles(after, Side::Left).anteversionDeg, socketAngles(before, Side::Left).anteversionDeg,
              0.01);
}

TEST(ShapeTraits, SizeAndSexScaleThePatient) {
  const auto apart = [](const LandmarkSet& set) {
    return (headOf(set, Side::Left) - headOf(set, Side::Right)).norm();
  };
  const double before = apart(landmarksOf({}));
  ShapeTraits traits;
  traits.size = 1.1;
  EXPECT_NEAR(apart(landmarksOf(traits)) / before, 1.1, 1e-6);
  traits.sex = Sex::Female;
  const double woman = apart(landmarksOf(traits));
  traits.sex = Sex::Male;
  EXPECT_NEAR(apart(landmarksOf(traits)) / woman, 175.6 / 162.9, 1e-6);  // statures of ANSUR II
}

// The most lateral hip bone above the head's centre and near its socket, from the vertical.
double centreEdgeDeg(const LabelMap& labels, const LandmarkSet& landmarks, Side side) {
  const Vec3 center = headOf(landmarks, side);
  const double reach = landmarks.side(side).acetabulum->sphere.radiusMm + 7.0;
  const std::uint8_t bone = side == Side::Left ? kHipLeft : kHipRight;
  const int row = static_cast<int>(std::lround(labels.grid.indexFromWorld(center).y()));
  double most = -90.0;
  for (int k = 0; k < labels.grid.size.z(); ++k)
    for (int i = 0; i < labels.grid.size.x(); ++i) {
      const Vec3 r = labels.grid.worldFromIndex(Vec3(i, row, k)) - center;
      if (labels.at(i, row, k) == bone && r.z() > 0.0 && std::hypot(r.x(), r.z()) < reach)
        most = std::max(most, degFromRad(std::atan2(r.dot(lateral(side)), r.z())));
    }
  return most;
}

TEST(ShapeTraits, DysplasiaTakesRoofFromTheHead) {
  const double normal = centreEdgeDeg(plainLabels(), landmarksOf({}), Side::Right);
  EXPECT_GT(normal, 20.0);
  constexpr double kAsked = 15.0;
  ShapeTraits traits;
  traits.right.dysplasiaDeg = kAsked;
  EXPECT_NEAR(normal - centreEdgeDeg(coronalLabels(traits), landmarksOf(traits), Side::Right), kAsked, 4.0);
}

// The least distance of femur and hip bone in the coronal plane through the head's centre.
double jointSpaceMm(const LabelMap& labels, const LandmarkSet& landmarks, Side side) {
  const Vec3 center = headOf(landmarks, side);
  const int row = static_cast<int>(std::lround(labels.grid.indexFromWorld(center).y()));
  std::vector<Vec3> femur, bone;
  for (int k = 0; k < labels.grid.size.z(); ++k)
    for (int i = 0; i < labels.grid.size.x(); ++i) {
      const Vec3 p = labels.grid.worldFromIndex(Vec3(i, row, k));
      if ((p - center).norm() > 40.0) continue;
      const std::uint8_t label = labels.at(i, row, k);
      if (label == (side == Side::Left ? kFemurLeft : kFemurRight)) femur.push_back(p);
      if (label == (side == Side::Left ? kHipLeft : kHipRight)) bone.push_back(p);
    }
  double least = 1e3;
  for (const Vec3& f : femur)
    for (const Vec3& b : bone) least = std::min(least, (f - b).norm());
  return least - labels.grid.spacing.x();  // from surface to surface
}

TEST(ShapeTraits, TheJointSpaceIsAsWideAsAsked) {
  for (const double asked : {2.0, 5.0}) {
    HipTraits hip;
    hip.jointSpaceMm = asked;
    const ShapeTraits traits = both(hip);
    const LabelMap labels = coronalLabels(traits);
    const LandmarkSet landmarks = landmarksOf(traits);
    for (const Side side : kSides) EXPECT_NEAR(jointSpaceMm(labels, landmarks, side), asked, 1.0) << asked;
  }
}

TEST(ShapeTraits, ADislocatedHeadLeavesItsSocketUpwards) {
  const LandmarkSet before = landmarksOf({});
  for (const int grade : {2, 3, 4}) {
    ShapeTraits traits;
    traits.left.dislocation = dislocationOf(grade);
    const LandmarkSet after = landmarksOf(traits);
    const Vec3 way = headOf(after, Side::Left) - headOf(before, Side::Left);
    const double diameter = 2.0 * before.left.femoralHead->sphere.radiusMm;
    EXPECT_NEAR(way.z() / diameter, dislocationOf(grade), 0.01);
    EXPECT_EQ(croweGrade(way.z() / diameter), grade);
    EXPECT_GT(way.x(), 10.0);
    if (grade != 3) continue;
    const LabelMap labels = coronalLabels(traits);
    EXPECT_EQ(labelNear(labels, headOf(after, Side::Left)), kFemurLeft);
    const std::uint8_t inSocket = labelNear(labels, after.left.acetabulum->sphere.center);
    EXPECT_NE(inSocket, kFemurLeft);
    EXPECT_NE(inSocket, kHipLeft);
  }
}

TEST(ShapeTraits, OsteophytesAddBoneWhereTheyAre) {
  const LabelMap& before = plainLabels();
  std::ptrdiff_t hipBone = countOf(before, kHipRight), femur = countOf(before, kFemurRight);
  for (const int grade : {1, 3}) {
    ShapeTraits traits;
    traits.right.osteophytes = grade;
    const LabelMap labels = coronalLabels(traits);
    EXPECT_GT(countOf(labels, kHipRight), hipBone) << grade;
    EXPECT_GT(countOf(labels, kFemurRight), femur) << grade;
    hipBone = countOf(labels, kHipRight);
    femur = countOf(labels, kFemurRight);
    EXPECT_EQ(countOf(labels, kHipLeft), countOf(before, kHipLeft));
    EXPECT_EQ(countOf(labels, kFemurLeft), countOf(before, kFemurLeft));
  }
}

TEST(ShapeTraits, BonesKeepTheirVolumeWhenTheyMove) {
  ShapeTraits traits;
  traits.pelvicTiltDeg = -12.0;
  traits.right.acetabularVersionDeg = 15.0;
  const LabelMap &before = plainLabels(), after = coronalLabels(traits);
  for (const std::uint8_t bone : {kHipLeft, kHipRight})
    EXPECT_NEAR(static_cast<double>(countOf(after, bone)) / static_cast<double>(countOf(before, bone)), 1.0,
                0.02);
}

struct Moments {
  double mean = 0.0;
  double sd = 0.0;
};
template <class Value>
Moments momentsOf(const std::vector<ShapeTraits>& draws, const Value& value) {
  Moments m;
  for (const ShapeTraits& each : draws) m.mean += value(each) / static_cast<double>(draws.size());
  for (const ShapeTraits& each : draws)
    m.sd += std::pow(value(each) - m.mean, 2) / static_cast<double>(draws.size());
  m.sd = std::sqrt(m.sd);
  return m;
}

// The distributions of docs/phantom.md. A normal one that is cut at two standard deviations keeps 0.88 of
// its own.
TEST(ShapeTraits, DrawsFollowTheirDistributions) {
  constexpr double kCut = 0.8796;
  std::vector<ShapeTraits> women, men;
  for (std::uint64_t seed = 1; seed <= 4000; ++seed) {
    const ShapeTraits traits = drawnShapeTraits(seed);
    ASSERT_TRUE(checkTraits(traits));
    (traits.sex == Sex::Female ? women : men).push_back(traits);
  }
  EXPECT_NEAR(static_cast<double>(women.size()) / 4000.0, 0.5, 0.03);
  const auto version = [](const ShapeTraits& t) { return t.left.femoralVersionDeg; };
  EXPECT_NEAR(momentsOf(women, version).mean - momentsOf(men, version).mean, 16.4 - 12.1, 1.0);
  EXPECT_NEAR(momentsOf(men, version).sd, kCut * 9.6, 0.5);
  const auto socket = [](const ShapeTraits& t) { return t.right.acetabularVersionDeg; };
  EXPECT_NEAR(momentsOf(women, socket).mean - momentsOf(men, socket).mean, 24.63 - 21.31, 0.7);
  const auto tilt = [](const ShapeTraits& t) { return t.pelvicTiltDeg; };
  EXPECT_NEAR(momentsOf(women, tilt).sd, kCut * 6.4, 0.3);
  const auto apart = [](const ShapeTraits& t) {
    return t.left.femoralVersionDeg - t.right.femoralVersionDeg;
  };
  EXPECT_NEAR(momentsOf(women, apart).sd, kCut * 9.6 * std::sqrt(0.4), 0.4);  // correlation 0.8
  const auto healthy = [](const ShapeTraits& t) { return *t.left.jointSpaceMm + t.left.osteophytes; };
  EXPECT_NEAR(momentsOf(men, healthy).mean, 4.19, 0.1);
  const auto dislocated = [](const ShapeTraits& t) { return t.left.dislocation > 0.0 ? 1.0 : 0.0; };
  EXPECT_NEAR(momentsOf(women, dislocated).mean, 0.05, 0.02);
}

TEST(ShapeTraits, AGivenSexMovesTheMeansOfTheDraws) {
  const ShapeTraits woman = drawnShapeTraits(7, Sex::Female), man = drawnShapeTraits(7, Sex::Male);
  EXPECT_EQ(woman.sex, Sex::Female);
  EXPECT_EQ(man.sex, Sex::Male);
  EXPECT_NEAR(woman.left.femoralVersionDeg - man.left.femoralVersionDeg, 16.4 - 12.1, 1e-9);
}

TEST(ShapeTraits, TheSameSeedDrawsTheSame) {
  EXPECT_EQ(toJson(drawnShapeTraits(7)), toJson(drawnShapeTraits(7)));
  EXPECT_NE(toJson(drawnShapeTraits(7)), toJson(drawnShapeTraits(8)));
}

TEST(ShapeTraits, CrowesGradesBeginWhereHeSays) {
  EXPECT_EQ(croweGrade(0.0), 0);
  EXPECT_EQ(croweGrade(0.49), 1);
  EXPECT_EQ(croweGrade(0.5), 2);
  EXPECT_EQ(croweGrade(0.75), 3);
  EXPECT_EQ(croweGrade(1.01), 4);
  for (int grade = 0; grade <= 4; ++grade) EXPECT_EQ(croweGrade(dislocationOf(grade)), grade);
}

TEST(ShapeTraits, RefusesWhatNoPatientBears) {
  ShapeTraits traits;
  traits.right.neckShaftAngleDeg = 45.0;
  const auto none = makeVirtualPatient(model(), {1, Vec3(20, 20, 20), 24, traits}, Job());
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().code, ErrorCode::Usage);
  EXPECT_NE(none.error().message.find("neck-shaft angle"), std::string::npos);
}

}  // namespace
}  // namespace coxa
