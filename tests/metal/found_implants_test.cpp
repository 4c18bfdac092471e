#include "coxa/metal/found_implants.hpp"

#include "implant_phantom.hpp"

#include "coxa/base/files.hpp"
#include "coxa/geometry/stl.hpp"
#include "coxa/image/resample.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <random>

namespace coxa {
namespace {

using ::testing::Contains;
using ::testing::IsEmpty;
using ::testing::IsSupersetOf;

const Catalogue& catalogue() {
  static const Catalogue all = loadDefaultCatalogue().value();
  return all;
}

/// A scan of drawn implants with their truth; made once per test program.
struct Scan {
  std::vector<PosedHip> truth;  ///< right before left
  Volume ct;
};

Scan bothHips(unsigned seed, double highestHu) {
  ImplantScanOptions options;
  options.highestHu = highestHu;
  Scan scan;
  scan.truth = {drawnHip(seed, Side::Right, catalogue()), drawnHip(seed + 1, Side::Left, catalogue())};
  std::vector<Solid> solids = solidsOf(scan.truth[0], options);
  for (const Solid& solid : solidsOf(scan.truth[1], options)) solids.push_back(solid);
  scan.ct = scanOf(solids, -200.0, 60.0, seed, options);
  return scan;
}

const Scan& clippedScan() {
  static const Scan scan = bothHips(11, 3071.0);
  return scan;
}
const FoundImplants& foundInClippedScan() {
  static const FoundImplants found = findImplants(clippedScan().ct, catalogue(), {}, Job()).value();
  return found;
}

std::vector<std::string> codes(const std::vector<Notice>& notices) {
  std::vector<std::string> all;
  all.reserve(notices.size());
  for (const Notice& notice : notices) all.push_back(notice.code);
  return all;
}

double betweenDeg(const Vec3& a, const Vec3& b) {
  return degFromRad(std::atan2(a.cross(b).norm(), a.dot(b)));
}

/// The bars: cup centre 1 mm, cup axis 1°, stem version and varus 1.5°, products exact.
void expectWithinBars(const FoundHip& found, const PosedHip& truth) {
  EXPECT_EQ(found.side, truth.side);
  ASSERT_TRUE(found.posed());
  EXPECT_EQ(found.cup->product->id, truth.cup.id);
  EXPECT_EQ(found.head->product->id, truth.head.id);
  EXPECT_EQ(found.stem->product->id, truth.stem.id);
  EXPECT_EQ(found.liner->id, truth.liner.id);
  EXPECT_LT((found.cup->center() - truth.cupCenter()).norm(), 1.0);
  EXPECT_LT(betweenDeg(found.cup->axis(), truth.cupAxis()), 1.0);
  EXPECT_LT((found.head->center - truth.headCenter()).norm(), 0.5);
  EXPECT_LT(betweenDeg(found.stem->axis(), truth.world_from_stem.linear().col(2)), 1.5);
  EXPECT_LT(betweenDeg(found.stem->medial(), truth.world_from_stem.linear().col(0)), 1.5);
  EXPECT_NEAR(found.cup->outerDiameterMm.value, truth.cup.outerDiameterMm, 0.6);
  EXPECT_NEAR(found.head->diameterMm.value, truth.head.diameterMm, 0.6);
}

TEST(FindImplants, BothHipsOnAScaleThatEndsAt3071) {
  const FoundImplants& found = foundInClippedScan();
  ASSERT_EQ(found.hips.size(), 2U);
  for (std::size_t n = 0; n < 2; ++n) {
    expectWithinBars(found.hips[n], clippedScan().truth[n]);
    EXPECT_GT(found.hips[n].screwsMl, 0.3);
    EXPECT_THAT(found.hips[n].notices, IsEmpty());
  }
  EXPECT_THAT(codes(found.notices), Contains("metal.clipped"));
}

TEST(FindImplants, BothHipsWhereTheScaleShowsTheMetal) {
  const Scan scan = bothHips(23, 32000.0);
  const auto found = findImplants(scan.ct, catalogue(), {}, Job());
  ASSERT_TRUE(found);
  ASSERT_EQ(found->hips.size(), 2U);
  for (std::size_t n = 0; n < 2; ++n) expectWithinBars(found->hips[n], scan.truth[n]);
}

// The standard deviations are no decoration: no error beyond five of them (the least that counts is 0.02).
TEST(FindImplants, ErrorsKeepWithinTheirUncertainty) {
  for (std::size_t n = 0; n < 2; ++n) {
    const FoundHip& hip = foundInClippedScan().hips[n];
    const PosedHip& truth = clippedScan().truth[n];
    const double centerSd = std::sqrt(hip.cup->centerCovariance.trace());
    EXPECT_GT(centerSd, 0.0);
    EXPECT_LT(centerSd, 0.5);
    EXPECT_LT((hip.cup->center() - truth.cupCenter()).norm(), 5.0 * std::max(centerSd, 0.02));
    const double axisSd = degFromRad(std::sqrt(hip.stem->turnCovariance.trace()));
    EXPECT_LT(betweenDeg(hip.stem->axis(), truth.world_from_stem.linear().col(2)),
              5.0 * std::max(axisSd, 0.02));
  }
}

// A bright block beside the joint, as streaks of cobalt-chrome are; who found the metal told it from it.
TEST(FindImplants, WhatWasToldFromMetalCountsAsTissue) {
  Volume streaked = clippedScan().ct;
  const Vec3 joint = clippedScan().truth[0].cupCenter();
  const Eigen::AlignedBox3d block(joint + Vec3(-45, -40, -6), joint + Vec3(40, 40, 6));
  for (int k = 0; k < streaked.grid.size.z(); ++k)
    for (int j = 0; j < streaked.grid.size.y(); ++j)
      for (int i = 0; i < streaked.grid.size.x(); ++i)
        if (block.contains(streaked.grid.worldFromIndex(Vec3(i, j, k)))) streaked.at(i, j, k) = 3071;
  const auto told = findImplants(streaked, foundInClippedScan().metal, catalogue(), {}, Job());
  ASSERT_TRUE(told);
  ASSERT_EQ(told->hips.size(), 2U);
  expectWithinBars(told->hips[0], clippedScan().truth[0]);
  EXPECT_LT((told->hips[0].cup->center() - foundInClippedScan().hips[0].cup->center()).norm(), 0.2);
}

TEST(FindImplants, AMirroredScanGivesTheMirroredHips) {
  const auto mirrored = findImplants(mirroredLeftRight(clippedScan().ct), catalogue(), {}, Job());
  ASSERT_TRUE(mirrored);
  ASSERT_EQ(mirrored->hips.size(), 2U);
  const Vec3 mirror(-1, 1, 1);
  for (std::size_t n = 0; n < 2; ++n) {
    const FoundHip& own = foundInClippedScan().hips[n];
    const FoundHip& other = mirrored->hips[1 - n];
    EXPECT_EQ(other.side, coxa::other(own.side));
    EXPECT_EQ(other.stem->product->id, own.stem->product->id);
    EXPECT_LT((other.cup->center() - mirror.cwiseProduct(own.cup->center())).norm(), 0.01);
    EXPECT_LT(betweenDeg(other.cup->axis(), mirror.cwiseProduct(own.cup->axis())), 0.01);
    EXPECT_LT(betweenDeg(other.stem->medial(), mirror.cwiseProduct(own.stem->medial())), 0.1);
  }
}

/// At most: of the cup's centre, its axis, the stem's axis, and the way its neck points.
struct PoseBars {
  double centerMm, cupDeg, stemDeg, medialDeg;
};

/// Both hips of the clipped scan, looked for among these: nothing named, all measured.
void expectUnknownButMeasured(const Catalogue& searched, const PoseBars& bars) {
  const auto found = findImplants(clippedScan().ct, searched, {}, Job());
  ASSERT_TRUE(found);
  ASSERT_EQ(found->hips.size(), 2U);
  for (std::size_t n = 0; n < 2; ++n) {
    const FoundHip& hip = found->hips[n];
    const PosedHip& truth = clippedScan().truth[n];
    EXPECT_THAT(codes(hip.notices), IsSupersetOf({"implants.unknown-cup", "implants.unknown-stem"}));
    EXPECT_FALSE(hip.posed());
    EXPECT_EQ(hip.side, truth.side);
    EXPECT_NEAR(hip.cup->outerDiameterMm.value, truth.cup.outerDiameterMm, 0.4);
    EXPECT_LT((hip.cup->center() - truth.cupCenter()).norm(), bars.centerMm);
    EXPECT_LT(betweenDeg(hip.cup->axis(), truth.cupAxis()), bars.cupDeg);
    EXPECT_LT(betweenDeg(hip.stem->axis(), truth.world_from_stem.linear().col(2)), bars.stemDeg);
    EXPECT_LT(betweenDeg(hip.stem->medial(), truth.world_from_stem.linear().col(0)), bars.medialDeg);
  }
}

TEST(FindImplants, WithoutCatalogueGivesHemisphereAndAxes) {
  expectUnknownButMeasured(Catalogue{}, {0.3, 1.0, 2.0, 3.0});
}

TEST(FindImplants, StrangersAreMeasuredButNotNamed) {
  // Cups 1 mm wider than the true one at every size, stems flatter and of a longer flare.
  Catalogue strangers = catalogue();
  for (Cup& cup : strangers.cups) cup.outerDiameterMm += 1.0;
  for (Stem& stem : strangers.stems) {
    stem.flareMm *= 1.4;
    stem.proximalDepthMm *= 0.85;
  }
  expectUnknownButMeasured(strangers, {0.3, 1.0, 0.5, 1.0});
}

/// As a user would have it: exported to STL, read again.
template <class Mesh>
Mesh exported(const TriangleMesh& mesh, const std::string& name,
              Result<Mesh> (*read)(const std::filesystem::path&)) {
  const auto file = std::filesystem::path(::testing::TempDir()) / name;
  EXPECT_TRUE(writeFileAtomically(file, binaryStl(mesh)));
  auto component = read(file);
  std::filesystem::remove(file);
  EXPECT_TRUE(component) << component.error().message;
  return component.value_or(Mesh{});
}

TEST(FindImplants, TheUsersOwnMeshesLieWhereTheCataloguesWould) {
  const PosedHip& truth = clippedScan().truth[0];
  ImplantSearch search;
  for (const double added : {-2.0, 0.0, 2.0}) {
    Cup cup = truth.cup;
    cup.outerDiameterMm += added;
    search.own.cups.push_back(exported(cupMesh(cup), std::to_string(cup.outerDiameterMm), readCupMesh));
  }
  search.own.heads = {exported(headMesh(truth.head), "head.stl", readHeadMesh)};
  search.own.stems = {
      exported(joined(stemBodyMesh(truth.stem), stemNeckMesh(truth.stem, Head{})), "stem.stl", readStemMesh)};
  const auto found = findImplants(clippedScan().ct, Catalogue{}, search, Job());
  ASSERT_TRUE(found);
  ASSERT_EQ(found->hips.size(), 2U);
  const FoundHip &own = found->hips[0], &catalogues = foundInClippedScan().hips[0];
  ASSERT_TRUE(own.cup->own && own.head->own && own.stem->own);
  EXPECT_EQ(own.cup->own->name, std::to_string(truth.cup.outerDiameterMm));
  EXPECT_EQ(own.stem->own->name, "stem.stl");
  EXPECT_LT((own.cup->center() - catalogues.cup->center()).norm(), 0.05);
  EXPECT_LT(betweenDeg(own.cup->axis(), catalogues.cup->axis()), 0.2);
  EXPECT_LT((own.stem->world_from_stem.translation() - catalogues.stem->world_from_stem.translation()).norm(),
            0.2);
  EXPECT_LT(betweenDeg(own.stem->axis(), catalogues.stem->axis()), 0.1);
  EXPECT_LT(betweenDeg(own.stem->medial(), catalogues.stem->medial()), 0.2);
  EXPECT_NEAR(own.stem->residualMm, catalogues.stem->residualMm, 0.02);
  EXPECT_FALSE(own.posed());
  const auto surfaces = own.surfaces();
  ASSERT_EQ(surfaces.size(), 3U);
  const auto cup = transformed(cupMesh(truth.cup), truth.world_from_cup);
  EXPECT_LT((bounds(surfaces[0]).min() - bounds(cup).min()).norm(), 0.5);
  EXPECT_LT((bounds(surfaces[0]).max() - bounds(cup).max()).norm(), 0.5);
}

TEST(FindImplants, LabelsFillTheComponents) {
  const LabelMap labels = implantLabels(foundInClippedScan());
  std::array<double, 256> volume{};
  for (const auto value : labels.voxels) volume[value] += labels.grid.voxelVolumeMm3();
  for (std::size_t n = 0; n < 2; ++n) {
    const PosedHip& truth = clippedScan().truth[n];
    const std::size_t shift = truth.side == Side::Left ? kLeftImplantLabels : 0;
    const auto half = [](double outer, double inner) {
      return 2.0 / 3.0 * kPi * (std::pow(outer, 3) - std::pow(inner, 3));
    };
    const double outer = 0.5 * truth.cup.outerDiameterMm, inner = 0.5 * truth.cup.innerDiameterMm();
    const double head = 0.5 * truth.head.diameterMm;
    EXPECT_NEAR(volume[1 + shift] / half(outer, inner), 1.0, 0.04);
    EXPECT_NEAR(volume[2 + shift] / half(inner, head), 1.0, 0.04);
    EXPECT_NEAR(volume[3 + shift] / (2.0 * half(head, 0.0)), 1.0, 0.04);
    EXPECT_GT(volume[4 + shift], 0.9 * volumeMm3(stemBodyMesh(truth.stem)));
    EXPECT_GT(volume[5 + shift], 300.0);
  }
}

std::vector<Solid> rightHip() {
  return solidsOf(clippedScan().truth[0], {});
}

TEST(FindImplants, SaysWhenTheStemsTipIsNotInTheScan) {
  const auto found = findImplants(scanOf(rightHip(), -70.0, 50.0, 3), catalogue(), {}, Job());
  ASSERT_TRUE(found);
  ASSERT_EQ(found->hips.size(), 1U);
  EXPECT_THAT(codes(found->hips[0].notices), Contains("implants.tip-not-in-scan"));
  EXPECT_LT((found->hips[0].cup->center() - clippedScan().truth[0].cupCenter()).norm(), 1.0);
  ASSERT_TRUE(found->hips[0].stem);
  EXPECT_LT(betweenDeg(found->hips[0].stem->axis(), clippedScan().truth[0].world_from_stem.linear().col(2)),
            3.0);
}

TEST(FindImplants, AHeadWithoutShellIsSaidToBeOne) {
  std::vector<Solid> solids = {rod({-90, 0, 0}, {-120, 0, -30}, 6.0, 8000),
                               rod({-120, 0, -25}, {-122, 0, -150}, 8.0, 8000),
                               sphere({-90, 0, 0}, 24.0, 20000)};
  const auto found = findImplants(scanOf(solids, -170.0, 50.0, 3), catalogue(), {}, Job());
  ASSERT_TRUE(found);
  ASSERT_EQ(found->hips.size(), 1U);
  const FoundHip& hip = found->hips[0];
  EXPECT_FALSE(hip.cup);
  EXPECT_EQ(hip.side, Side::Right);
  EXPECT_NEAR(hip.head->diameterMm.value, 48.0, 1.5);
  EXPECT_FALSE(hip.stem && hip.stem->product);
  EXPECT_THAT(codes(hip.notices), IsSupersetOf({"implants.no-shell", "implants.unknown-stem"}));
}

void expectNoHip(const std::vector<Solid>& solids, const std::string& code) {
  const auto found = findImplants(scanOf(solids, -140.0, 40.0, 5), catalogue(), {}, Job());
  ASSERT_TRUE(found);
  EXPECT_THAT(found->hips, IsEmpty());
  EXPECT_THAT(codes(found->notices), Contains(code));
}

TEST(FindImplants, ANailWithItsScrewsIsNoHip) {
  expectNoHip({rod({-110, 0, 20}, {-115, 0, -130}, 6.0, 8000), rod({-130, 0, -30}, {-80, 0, 5}, 5.0, 8000)},
              "implants.not-a-hip");
}

TEST(FindImplants, APlateIsNoHip) {
  const Eigen::AlignedBox3d box(Vec3(-140, -8, -120), Vec3(-135, 8, 10));
  expectNoHip({{box, [=](const Vec3& p) { return box.contains(p); }, 8000.0},
               rod({-135, 0, -100}, {-105, 0, -100}, 2.5, 8000),
               rod({-135, 0, -60}, {-105, 0, -60}, 2.5, 8000)},
              "implants.not-a-hip");
}

TEST(FindImplants, MetalOfTheTableIsNoHip) {
  expectNoHip({rod({-60, 124, -130}, {-60, 124, 30}, 4.0, 8000)}, "metal.outside-body");
}

TEST(FindImplants, MarkersAreNoHip) {
  expectNoHip({sphere({-90, 0, 0}, 2.0, 8000), sphere({40, 20, -50}, 2.0, 8000)}, "metal.markers");
}

TEST(FindImplants, NoiseIsNoHip) {
  Volume ct = scanOf({}, -60.0, 40.0, 1);
  std::mt19937_64 random(4);
  std::uniform_int_distribution<std::size_t> any(0, ct.voxels.size() - 1);
  for (int n = 0; n < 3000; ++n) ct.voxels[any(random)] = 3071;
  const auto found = findImplants(ct, catalogue(), {}, Job());
  ASSERT_TRUE(found);
  EXPECT_THAT(found->hips, IsEmpty());
  EXPECT_THAT(codes(found->notices), Contains("metal.noise"));
}

TEST(FindImplants, AnEmptyScanIsNoHip) {
  expectNoHip({}, "metal.none");
}

TEST(FindImplants, StopsWhenCancelled) {
  const Job job;
  job.cancel();
  const auto found = findImplants(clippedScan().ct, catalogue(), {}, job);
  ASSERT_FALSE(found);
  EXPECT_EQ(found.error().code, ErrorCode::Cancelled);
}

}  // namespace
}  // namespace coxa
