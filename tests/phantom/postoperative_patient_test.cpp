#include "coxa/phantom/postoperative_patient.hpp"

#include "replaced_hips.hpp"
#include "support/temp_folder.hpp"

#include "coxa/anatomy/frames.hpp"
#include "coxa/geometry/clip.hpp"
#include "coxa/image/files.hpp"

#include <gtest/gtest.h>
#include <tbb/global_control.h>

#include <algorithm>
#include <cmath>
#include <map>

namespace coxa {
namespace {

constexpr std::uint8_t kCup = 1, kLiner = 2, kHead = 3, kStem = 4;

const PostoperativePatient& after() {
  static const PostoperativePatient patient =
      makePostoperativePatient(model(), coarse(), replacements(), HuScale::Clipped12Bit, Job()).value();
  return patient;
}

template <class Use>
void forEachVoxel(const Grid& grid, const Use& use) {
  for (int k = 0; k < grid.size.z(); ++k)
    for (int j = 0; j < grid.size.y(); ++j)
      for (int i = 0; i < grid.size.x(); ++i) use(grid.offset(i, j, k), grid.worldFromIndex(Vec3(i, j, k)));
}

// Middles between a voxel with value `inside` and a neighbour for which `isOutside` holds: points of the
// surface between them, none systematically on one side.
template <class IsOutside>
std::vector<Vec3> surfacePoints(const LabelMap& map, std::uint8_t inside, const IsOutside& isOutside) {
  std::vector<Vec3> points;
  const Grid& grid = map.grid;
  for (int k = 1; k + 1 < grid.size.z(); ++k)
    for (int j = 1; j + 1 < grid.size.y(); ++j)
      for (int i = 1; i + 1 < grid.size.x(); ++i) {
        if (map.at(i, j, k) != inside) continue;
        for (int axis = 0; axis < 3; ++axis)
          for (const int step : {-1, 1}) {
            Eigen::Vector3i n(i, j, k);
            n[axis] += step;
            if (isOutside(map.at(n.x(), n.y(), n.z())))
              points.push_back(grid.worldFromIndex(0.5 * (Eigen::Vector3i(i, j, k) + n).cast<double>()));
          }
      }
  return points;
}

double volumeOf(const LabelMap& map, std::uint8_t value) {
  return static_cast<double>(std::count(map.voxels.begin(), map.voxels.end(), value)) *
         map.grid.voxelVolumeMm3();
}

TEST(PostoperativePatient, NoBoneWhereImplantsAreOrTheReamerWas) {
  for (const HipReplacement& each : replacements()) {
    const Vec3 center = each.hip.cupCenter();
    const double radius = 0.5 * each.hip.cup.outerDiameterMm;
    int reamed = 0, boneBefore = 0;
    forEachVoxel(after().implants.grid, [&](std::size_t n, const Vec3& p) {
      if (after().implants.voxels[n] != 0) {
        ASSERT_EQ(after().patient.labels.voxels[n], 0);
      }
      if ((p - center).norm() > radius) return;
      reamed += after().patient.labels.voxels[n] == valueOf("hip", each.hip.side);
      boneBefore += before().labels.voxels[n] == valueOf("hip", each.hip.side);
    });
    EXPECT_EQ(reamed, 0);
    EXPECT_GT(boneBefore, 20);
  }
}

TEST(PostoperativePatient, CupCentreAndAxisAreThoseOfItsVoxels) {
  const LabelMap& implants = after().implants;
  for (const HipReplacement& each : replacements()) {
    const std::uint8_t liner = onSide(kLiner, each.hip.side);
    const auto inner = surfacePoints(implants, onSide(kCup, each.hip.side),
                                     [&](std::uint8_t value) { return value == liner; });
    const auto sphere = fitSphere(inner);
    ASSERT_TRUE(sphere);
    EXPECT_LT((sphere->center - each.hip.cupCenter()).norm(), 1.0);
    EXPECT_NEAR(sphere->radiusMm, 0.5 * each.hip.cup.innerDiameterMm(), 0.6);

    // The centroid of a hemispherical body lies on its axis, away from the opening.
    Vec3 sum = Vec3::Zero();
    double count = 0;
    forEachVoxel(implants.grid, [&](std::size_t n, const Vec3& p) {
      const std::uint8_t value = implants.voxels[n];
      if (value != onSide(kCup, each.hip.side) && value != liner) return;
      sum += p;
      ++count;
    });
    const Vec3 axis = (each.hip.cupCenter() - sum / count).normalized();
    const double cosine = std::min(1.0, axis.dot(each.hip.cupAxis()));
    EXPECT_LT(std::acos(cosine) * 180.0 / 3.14159265358979, 2.5);
  }
}

TEST(PostoperativePatient, TheHeadIsInTheCup) {
  for (const HipReplacement& each : replacements()) {
    Vec3 sum = Vec3::Zero();
    double count = 0;
    forEachVoxel(after().implants.grid, [&](std::size_t n, const Vec3& p) {
      if (after().implants.voxels[n] != onSide(kHead, each.hip.side)) return;
      sum += p;
      ++count;
    });
    EXPECT_LT((sum / count - each.hip.cupCenter()).norm(), 0.7);
  }
}

TEST(PostoperativePatient, VoxelsFillTheVolumeOfTheMeshes) {
  constexpr double kRelative = 0.05;
  for (const HipReplacement& each : replacements()) {
    std::map<std::string, TriangleMesh> meshes;
    for (auto& part : implantMeshes(each)) meshes[part.name] = std::move(part.mesh);
    const auto volume = [&](std::uint8_t value) {
      return volumeOf(after().implants, onSide(value, each.hip.side));
    };
    EXPECT_NEAR(volume(kHead) / volumeMm3(meshes["head"]), 1.0, kRelative);
    EXPECT_NEAR(volume(kCup) / volumeMm3(meshes["cup"]), 1.0, kRelative);
    EXPECT_NEAR(volume(kLiner) / volumeMm3(meshes["liner"]), 1.0, kRelative);
    // Of the stem the part that no other component reaches into.
    const PosedHip hip = reduced(each.hip);
    const Plane below{hip.world_from_stem * Vec3(0, 0, -20), -hip.world_from_stem.linear().col(2)};
    double stem = 0.0;
    forEachVoxel(after().implants.grid, [&](std::size_t n, const Vec3& p) {
      if (after().implants.voxels[n] == onSide(kStem, each.hip.side) && below.signedDistance(p) > 0)
        stem += after().implants.grid.voxelVolumeMm3();
    });
    EXPECT_NEAR(stem / volumeMm3(clipped(meshes["stem_body"], below)), 1.0, 2 * kRelative);
    for (const auto& [part, mesh] : meshes) EXPECT_TRUE(isClosed(mesh)) << part;
    EXPECT_NEAR(volumeMm3(meshes["screw_1"]),
                kPi * std::pow(0.5 * each.screws[0].diameterMm, 2) *
                    (each.screws[0].tip - each.screws[0].head).norm(),
                0.01 * volumeMm3(meshes["screw_1"]));
  }
}

TEST(PostoperativePatient, TheFemurMovesRigidlyAndThePelvisStays) {
  for (const HipReplacement& each : replacements()) {
    const std::uint8_t femur = valueOf("femur", each.hip.side), hip = valueOf("hip", each.hip.side);
    const Vec3 trochanter = before().landmarks.side(each.hip.side).lesserTrochanter->position;
    int same = 0, all = 0, hipSame = 0, hipAll = 0;
    forEachVoxel(before().labels.grid, [&](std::size_t n, const Vec3& p) {
      // Far below the neck only the stem took bone away.
      if (before().labels.voxels[n] == femur && p.z() < trochanter.z() - 40.0) {
        const Eigen::Vector3i to =
            before().labels.grid.indexFromWorld(p + each.hip.reduction()).array().round().cast<int>();
        if (!before().labels.grid.contains(to)) return;
        ++all;
        const auto found = after().patient.labels.at(to.x(), to.y(), to.z());
        same += found == femur || after().implants.at(to.x(), to.y(), to.z()) != 0;
      }
      if (before().labels.voxels[n] == hip && (p - each.hip.cupCenter()).norm() > 50.0) {
        ++hipAll;
        hipSame += after().patient.labels.voxels[n] == hip || after().implants.voxels[n] != 0;
      }
    });
    // Rounding to voxels costs a part of the surface.
    ASSERT_GT(all, 0);
    EXPECT_GT(static_cast<double>(same) / all, 0.85);
    EXPECT_GT(static_cast<double>(hipSame) / hipAll, 0.995);
  }
}

TEST(PostoperativePatient, ArtifactsArePresentNearMetalAndOnlyInSlicesWithMetal) {
  const Volume &with = after().patient.ct, &without = after().ctWithoutArtifact;
  double error = 0.0, count = 0.0;
  for (int k = 0; k < with.grid.size.z(); ++k) {
    const std::size_t from = with.grid.offset(0, 0, k), to = with.grid.offset(0, 0, k + 1);
    const bool metal = std::any_of(without.slice(k), without.slice(k) + (to - from),
                                   [](std::int16_t hu) { return hu > 2000; });
    for (std::size_t n = from; n < to; ++n) {
      const int difference = with.voxels[n] - without.voxels[n];
      // A slice that metal fills in part has less; one far from any has nothing at all.
      if (metal && after().implants.voxels[n] == 0 && after().patient.labels.voxels[n] != 0) {
        error += std::abs(difference);
        ++count;
      }
    }
  }
  EXPECT_GT(error / count, 15.0);
  for (std::size_t n = with.grid.offset(0, 0, with.grid.size.z() - 1); n < with.voxels.size(); ++n)
    ASSERT_EQ(with.voxels[n], without.voxels[n]);
}

TEST(PostoperativePatient, WithoutArtifactsMuscleIsWhatItWas) {
  const std::uint8_t muscle = valueOf("gluteus_maximus", Side::Right);
  double now = 0, nowCount = 0, then = 0, thenCount = 0;
  for (std::size_t n = 0; n < before().labels.voxels.size(); ++n) {
    if (after().patient.labels.voxels[n] == muscle) {
      now += after().ctWithoutArtifact.voxels[n];
      ++nowCount;
    }
    if (before().labels.voxels[n] == muscle) {
      then += before().ct.voxels[n];
      ++thenCount;
    }
  }
  EXPECT_NEAR(now / nowCount, then / thenCount, 3.0);
}

TEST(PostoperativePatient, SamePatientOnAnyNumberOfThreads) {
  const VirtualPatientOptions small{7, Vec3(5.0, 5.0, 8.0), 96};
  const auto made = [&] {
    return makePostoperativePatient(model(), small, {replacements().front()}, HuScale::Extended, Job())
        .value();
  };
  const PostoperativePatient many = made();
  const tbb::global_control one(tbb::global_control::max_allowed_parallelism, 1);
  const PostoperativePatient single = made();
  EXPECT_EQ(many.patient.ct.voxels, single.patient.ct.voxels);
  EXPECT_EQ(many.ctWithoutArtifact.voxels, single.ctWithoutArtifact.voxels);
  EXPECT_EQ(many.implants.voxels, single.implants.voxels);
  EXPECT_GT(*std::max_element(single.patient.ct.voxels.begin(), single.patient.ct.voxels.end()), 3071);
}

TEST(PostoperativePatient, HasTheTraitsOfItsTissue) {
  VirtualPatientOptions small{7, Vec3(3.6, 3.6, 8.0), 128};
  const auto made = [&] {
    return makePostoperativePatient(model(), small, {replacements().front()}, HuScale::Clipped12Bit, Job())
        .value()
        .patient;
  };
  const VirtualPatient plain = made();
  small.tissue.muscles["gluteus_medius_right"] = {0.6, 0.3};
  small.tissue.vessels = VesselTraits{1.0, 300.0, 150.0};
  const VirtualPatient changed = made();
  const auto count = [](const LabelMap& map, std::uint8_t value) {
    return static_cast<double>(std::count(map.voxels.begin(), map.voxels.end(), value));
  };
  const std::uint8_t muscle = valueOf("gluteus_medius", Side::Right);
  EXPECT_NEAR(count(changed.labels, muscle), 0.6 * count(plain.labels, muscle),
              0.04 * count(plain.labels, muscle));
  for (const StructureTruth& truth : changed.structures)
    if (truth.value == muscle) {
      EXPECT_NEAR(*truth.fatShare, 0.3, 0.02);
    }
  EXPECT_TRUE(plain.vessels.empty());
  for (const char* kind : {"femoral_artery", "iliac_vein"}) {
    const std::uint8_t vessel = valueOf(kind, Side::Right);
    EXPECT_GT(count(changed.vessels, vessel), 0.0) << kind;
  }
  for (std::size_t n = 0; n < changed.vessels.voxels.size(); ++n)
    if (changed.vessels.voxels[n] != 0) {
      ASSERT_EQ(changed.labels.voxels[n], 0);
    }
}

TEST(PostoperativePatient, IsWrittenWithItsTruth) {
  const TempFolder folder;
  ASSERT_TRUE(writePostoperativePatient(folder / "p", after(), replacements(), 7, Job()));
  const auto implants = readLabelMap(folder / "p" / "truth" / "implants.nrrd");
  ASSERT_TRUE(implants) << implants.error().message;
  EXPECT_EQ(implants->voxels, after().implants.voxels);
  const auto clean = readVolume(folder / "p" / "truth" / "ct_without_artifact.nrrd");
  ASSERT_TRUE(clean) << clean.error().message;
  EXPECT_EQ(clean->voxels, after().ctWithoutArtifact.voxels);
  for (const char* part : {"right-cup", "right-head", "left-stem_body", "left-screw_2"})
    EXPECT_GT(std::filesystem::file_size(folder / "p" / "truth" / "meshes" / (std::string(part) + ".stl")),
              1000U);
}

TEST(PostoperativePatient, RefusesSlicesLargerThanTheScanner) {
  const auto made = makePostoperativePatient(model(), {7, Vec3(3.0, 3.0, 4.0), 600}, replacements(),
                                             HuScale::Clipped12Bit, Job());
  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().code, ErrorCode::Usage);
}

}  // namespace
}  // namespace coxa
