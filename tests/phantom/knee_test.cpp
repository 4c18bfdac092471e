#include "coxa/anatomy/frames.hpp"
#include "coxa/anatomy/structures.hpp"
#include "coxa/phantom/postoperative_patient.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <tuple>

namespace coxa {
namespace {

constexpr std::uint8_t kFemurLeft = 3, kFemurRight = 4;
constexpr std::array<Side, 2> kSides{Side::Left, Side::Right};

const PhantomModel& model() {
  static const PhantomModel read =
      readPhantomModel(std::filesystem::path(COXA_SOURCE_DIR) / "models" / "hip-atlas").value();
  return read;
}

VirtualPatientOptions toKnee(std::uint64_t seed, const Vec3& spacingMm, int matrix,
                             const ShapeTraits& shape = {}) {
  return {seed, spacingMm, matrix, shape, {}, ScanExtent::Knee};
}

const VirtualPatient& patient() {
  static const VirtualPatient made =
      makeVirtualPatient(model(), toKnee(1, Vec3(1.5, 1.5, 2.0), 300), Job()).value();
  return made;
}

// Landmarks do not depend on the scan, so that of this one is as coarse as can be.
LandmarkSet truthOf(const ShapeTraits& shape, std::uint64_t seed) {
  return makeVirtualPatient(model(), toKnee(seed, Vec3(20, 20, 20), 24, shape), Job()).value().landmarks;
}

std::uint8_t femurOf(Side side) {
  return side == Side::Left ? kFemurLeft : kFemurRight;
}

struct Section {
  double areaMm2 = 0.0;
  Vec3 middle = Vec3::Zero();
};

Section sectionOf(const LabelMap& labels, std::uint8_t value, int k) {
  Section section;
  for (int j = 0; j < labels.grid.size.y(); ++j)
    for (int i = 0; i < labels.grid.size.x(); ++i)
      if (labels.at(i, j, k) == value) {
        section.areaMm2 += labels.grid.spacing.x() * labels.grid.spacing.y();
        section.middle += labels.grid.worldFromIndex(Vec3(i, j, k));
      }
  section.middle *= labels.grid.spacing.x() * labels.grid.spacing.y() / std::max(section.areaMm2, 1.0);
  return section;
}

int sliceAt(const LabelMap& labels, double z) {
  return static_cast<int>(std::lround(labels.grid.indexFromWorld(Vec3(0, 0, z)).z()));
}

Vec3 kneeCenter(const HipLandmarks& hip) {
  return 0.5 * (hip.medialEpicondyle->position + hip.lateralEpicondyle->position);
}

TEST(Knee, WithoutItNothingChanges) {
  VirtualPatientOptions options = toKnee(1, Vec3(6, 6, 12), 80);
  const auto knee = makeVirtualPatient(model(), options, Job());
  ASSERT_TRUE(knee) << knee.error().message;
  options.extent = ScanExtent::MidThigh;
  const VirtualPatient plain = makeVirtualPatient(model(), options, Job()).value();
  PhantomModel bare = model();
  bare.distalFemur = {};
  EXPECT_EQ(plain.ct.voxels, makeVirtualPatient(bare, options, Job())->ct.voxels);
  EXPECT_FALSE(plain.landmarks.left.medialEpicondyle);
  // The hips are the same patient's, from well above the junction.
  for (const Side side : kSides)
    EXPECT_LT((knee->landmarks.side(side).femoralHead->sphere.center -
               plain.landmarks.side(side).femoralHead->sphere.center)
                  .norm(),
              1e-9);
}

// Slices of 2 mm. The shaft leans by up to 20° and bows, so its middle may move by 1 mm per slice; a shaft as
// scanned above the junction has steps of its own.
TEST(Knee, TheShaftGoesOnWithoutAStep) {
  const LabelMap& labels = patient().labels;
  for (const Side side : kSides) {
    const HipLandmarks& hip = patient().landmarks.side(side);
    const int high = sliceAt(labels, hip.lesserTrochanter->position.z() - 30.0);
    const int low = sliceAt(labels, kneeCenter(hip).z() + 90.0);
    Section above = sectionOf(labels, femurOf(side), high);
    const double first = above.areaMm2;
    for (int k = high - 1; k >= low; --k) {
      const Section here = sectionOf(labels, femurOf(side), k);
      EXPECT_LT(std::abs(here.areaMm2 - above.areaMm2), 0.08 * above.areaMm2) << k;
      EXPECT_LT((here.middle - above.middle).head<2>().norm(), 1.2) << k;
      EXPECT_GT(here.areaMm2, 0.6 * first) << k;
      EXPECT_LT(here.areaMm2, 1.6 * first) << k;
      above = here;
    }
  }
}

// In every slice from head to condyles, no hole.
TEST(Knee, TheLabelsHoldTheWholeFemur) {
  const LabelMap& labels = patient().labels;
  for (const Side side : kSides) {
    const HipLandmarks& hip = patient().landmarks.side(side);
    const int low = sliceAt(labels, kneeCenter(hip).z() - 15.0);
    const int high = sliceAt(labels, hip.femoralHead->sphere.center.z());
    for (int k = low; k <= high; ++k) EXPECT_GT(sectionOf(labels, femurOf(side), k).areaMm2, 300.0) << k;
    const auto below = sliceAt(labels, kneeCenter(hip).z() - 45.0 * 1.2);
    EXPECT_EQ(sectionOf(labels, femurOf(side), std::max(below, 0)).areaMm2, 0.0);
  }
}

// The version in degrees is the condyles' own: it is what the distal femur's bone has, changed by the trait.
TEST(Knee, TheVersionTraitIsExactAgainstTheEpicondyles) {
  const HipLandmarks& bone = model().distalFemur.landmarks;
  const Vec3 neck = bone.femoralNeck->line.direction;
  const Vec3 across = bone.medialEpicondyle->position - bone.lateralEpicondyle->position;
  const double own = degFromRad(std::atan2(-neck.y(), -neck.x()) - std::atan2(-across.y(), -across.x()));
  for (const auto& [seed, right, left] :
       {std::tuple{1U, 0.0, 0.0}, std::tuple{2U, 15.0, -12.0}, std::tuple{3U, -25.0, 30.0}}) {
    ShapeTraits shape;
    shape.right.femoralVersionDeg = right;
    shape.left.femoralVersionDeg = left;
    shape.left.neckShaftAngleDeg = left == 0.0 ? 0.0 : 8.0;  // which must not matter
    const LandmarkSet truth = truthOf(shape, seed);
    EXPECT_NEAR(neckVersionDeg(truth, Side::Right).value(), own + right, 0.05);
    EXPECT_NEAR(neckVersionDeg(truth, Side::Left).value(), own + left, 0.5);
  }
}

TEST(Knee, TheVersionTraitLeavesTheKneeAsItLies) {
  ShapeTraits shape;
  shape.right.femoralVersionDeg = 20.0;
  const HipLandmarks before = truthOf({}, 2).right, after = truthOf(shape, 2).right;
  const auto across = [](const HipLandmarks& hip) {
    return Vec3((hip.lateralEpicondyle->position - hip.medialEpicondyle->position).normalized());
  };
  EXPECT_GT(across(before).dot(across(after)), std::cos(radFromDeg(0.1)));
}

// Left is left, epicondyles lie beside and condyles behind, in the proportions of the distal femur's bone.
TEST(Knee, TheCondylesLieWhereTheyShould) {
  const VirtualPatient& made = patient();
  for (const Side side : kSides) {
    const HipLandmarks& hip = made.landmarks.side(side);
    const Vec3 outwards = hip.lateralEpicondyle->position - hip.medialEpicondyle->position;
    EXPECT_GT(outwards.dot(lateral(side)), 0.8 * outwards.norm());
    const double width = outwards.norm() / hip.femoralHead->sphere.radiusMm;
    EXPECT_GT(width, 3.1);  // 81 / 23.1 in the distal femur's bone
    EXPECT_LT(width, 3.9);
    const double length = (hip.femoralHead->sphere.center - kneeCenter(hip)).norm();
    EXPECT_GT(length / outwards.norm(), 4.0);  // 383 / 81 there
    EXPECT_LT(length / outwards.norm(), 5.4);
    const Section condyles = sectionOf(made.labels, femurOf(side), sliceAt(made.labels, kneeCenter(hip).z()));
    const Section shaft =
        sectionOf(made.labels, femurOf(side), sliceAt(made.labels, kneeCenter(hip).z() + 80.0));
    EXPECT_GT(condyles.areaMm2, 3.0 * shaft.areaMm2);
    EXPECT_GT(condyles.middle.y(), shaft.middle.y());  // behind the shaft
  }
}

// Both knees come from one bone: seen from their own frames they are mirror images.
TEST(Knee, RightAndLeftAreMirrorImages) {
  const VirtualPatient& made = patient();
  const auto inFemur = [&](Side side, const Vec3& own) {
    const HipLandmarks& hip = made.landmarks.side(side);
    const double scale = (hip.lateralEpicondyle->position - hip.medialEpicondyle->position).norm() / 80.0;
    const FemurFrame frame = femurFrame(made.landmarks, side).value();
    const Vec3 p =
        kneeCenter(hip) + scale * frame.femur_from_world.linear().transpose() * (lateralMirror(side) * own);
    const Eigen::Vector3i n = (made.labels.grid.indexFromWorld(p).array() + 0.5).floor().cast<int>();
    return made.labels.at(n.x(), n.y(), n.z()) == femurOf(side);
  };
  int inside = 0, different = 0;
  for (double x = -45.0; x <= 45.0; x += 2.0)
    for (double y = -40.0; y <= 45.0; y += 2.0)
      for (double z = -30.0; z <= 60.0; z += 2.0) {
        const bool left = inFemur(Side::Left, {x, y, z}), right = inFemur(Side::Right, {x, y, z});
        inside += left || right;
        different += left != right;
      }
  EXPECT_GT(inside, 10000);
  EXPECT_LT(different, 0.08 * inside);  // voxels' steps: 1 mm over the surface is 12 %
}

TEST(Knee, MusclesEndWhereTheyShould) {
  const LabelMap& labels = patient().labels;
  const auto table = StructureTable::loadDefault().value();
  const auto lowestOf = [&](const char* kind, Side side) {
    const IndexBox box = boundsOf(labels, table.find(kind, side)->value);
    return labels.grid.worldFromIndex(box.min.cast<double>()).z();
  };
  for (const Side side : kSides) {
    const HipLandmarks& hip = patient().landmarks.side(side);
    const double knee = kneeCenter(hip).z();
    const double size = (hip.lateralEpicondyle->position - hip.medialEpicondyle->position).norm() / 81.0;
    EXPECT_GT(lowestOf("rectus_femoris", side), knee + 20.0 * size);  // above the patella
    EXPECT_GT(lowestOf("adductors", side), knee);
    EXPECT_GT(lowestOf("vastus_lateralis_intermedius", side), knee - 10.0 * size);
    EXPECT_LT(lowestOf("vastus_medialis", side), knee + 30.0 * size);
    EXPECT_LT(lowestOf("biceps_femoris", side), knee);
    EXPECT_LT(lowestOf("semimembranosus", side), knee);
  }
}

TEST(Knee, BoneOfNoStructureIsBrightAndUnlabelled) {
  const VirtualPatient& made = patient();
  const Grid& grid = made.ct.grid;
  for (const Side side : kSides) {
    const Vec3 knee = kneeCenter(made.landmarks.side(side));
    int tibia = 0;
    const int k = sliceAt(made.labels, knee.z() - 50.0);
    for (int j = 0; j < grid.size.y(); ++j)
      for (int i = 0; i < grid.size.x(); ++i)
        if ((grid.worldFromIndex(Vec3(i, j, k)) - knee).head<2>().norm() < 45.0)
          tibia += made.ct.at(i, j, k) > 150 && made.labels.at(i, j, k) == 0;
    EXPECT_GT(tibia * grid.spacing.x() * grid.spacing.y(), 800.0);
  }
}

struct FindingError {
  double epicondyleMm = 0.0;
  double versionDeg = 0.0;
  double axisDeg = 0.0;
};

FindingError findingError(const VirtualPatient& made, const LandmarkSet& found, Side side) {
  const HipLandmarks &truth = made.landmarks.side(side), &here = found.side(side);
  FindingError error;
  error.epicondyleMm =
      std::max((truth.medialEpicondyle->position - here.medialEpicondyle->position).norm(),
               (truth.lateralEpicondyle->position - here.lateralEpicondyle->position).norm());
  error.versionDeg = neckVersionDeg(found, side).value() - neckVersionDeg(made.landmarks, side).value();
  const Vec3 z = truth.femoralShaft->line.direction;
  const auto across = [&](const HipLandmarks& hip) {
    const Vec3 v = hip.lateralEpicondyle->position - hip.medialEpicondyle->position;
    return Vec3((v - v.dot(z) * z).normalized());
  };
  error.axisDeg = degFromRad(std::acos(std::clamp(across(truth).dot(across(here)), -1.0, 1.0)));
  return error;
}

TEST(Knee, LandmarksAreFoundOnItsLabels) {
  ShapeTraits shape;
  shape.left.femoralVersionDeg = shape.right.femoralVersionDeg = 12.0;
  const auto turned = makeVirtualPatient(model(), toKnee(2, Vec3(2.0, 2.0, 2.0), 230, shape), Job());
  ASSERT_TRUE(turned) << turned.error().message;
  for (const VirtualPatient* made : {&patient(), &*turned}) {
    const auto found = findLandmarks(made->labels, {}, Job());
    ASSERT_TRUE(found) << found.error().message;
    for (const Side side : kSides) {
      ASSERT_TRUE(found->side(side).medialEpicondyle && found->side(side).lateralEpicondyle);
      EXPECT_EQ(femurFrame(*found, side)->substitute, "");
      const FindingError error = findingError(*made, *found, side);
      EXPECT_LT(error.epicondyleMm, 4.0) << name(side);
      EXPECT_LT(std::abs(error.versionDeg), 5.0) << name(side);
      EXPECT_LT(error.axisDeg, 2.5) << name(side);  // a voxel at either end
    }
  }
}

// As a network draws it that has never seen a knee: from the middle of the condyles their section goes on
// through the tibia to the scan's end.
TEST(Knee, AnOutlineThatRunsOnIntoTheTibiaHasNoEpicondyles) {
  LabelMap labels = patient().labels;
  for (const Side side : kSides) {
    const std::uint8_t femur = femurOf(side);
    const int level = sliceAt(labels, kneeCenter(patient().landmarks.side(side)).z());
    for (int k = 0; k < level; ++k)
      for (int j = 0; j < labels.grid.size.y(); ++j)
        for (int i = 0; i < labels.grid.size.x(); ++i)
          if (labels.at(i, j, level) == femur) labels.at(i, j, k) = femur;
  }
  const auto found = findLandmarks(labels, {}, Job());
  ASSERT_TRUE(found) << found.error().message;
  EXPECT_FALSE(found->left.medialEpicondyle);
  EXPECT_FALSE(found->right.lateralEpicondyle);
  EXPECT_TRUE(std::any_of(found->notices.begin(), found->notices.end(),
                          [](const Notice& notice) { return notice.code == "anatomy.epicondyles-missing"; }));
}

TEST(Knee, RefusesWhatHasNoKnee) {
  PhantomModel bare = model();
  bare.distalFemur = {};
  const auto none = makeVirtualPatient(bare, toKnee(1, Vec3(20, 20, 20), 24), Job());
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().code, ErrorCode::Usage);
  bare = model();
  bare.atlas.landmarks.left.lesserTrochanter.reset();
  const auto blind = makeVirtualPatient(bare, toKnee(1, Vec3(20, 20, 20), 24), Job());
  ASSERT_FALSE(blind);
  EXPECT_EQ(blind.error().code, ErrorCode::BadInput);
}

}  // namespace
}  // namespace coxa
