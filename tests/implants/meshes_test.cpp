#include "coxa/implants/meshes.hpp"

#include "coxa/implants/posed.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace coxa {
namespace {

const Catalogue& shipped() {
  static const Catalogue catalogue = loadDefaultCatalogue().value();
  return catalogue;
}

double hemisphereVolume(double radius) {
  return 2.0 / 3.0 * kPi * std::pow(radius, 3);
}

// Inscribed polyhedra of this fineness lose about 0.2 % of their volume.
constexpr double kRelative = 0.003;

TEST(ImplantMeshes, CupsAreClosedHemisphericalShells) {
  for (const Cup& cup : shipped().cups) {
    const TriangleMesh mesh = cupMesh(cup);
    EXPECT_TRUE(isClosed(mesh)) << cup.id;
    const double outer = hemisphereVolume(0.5 * cup.outerDiameterMm),
                 inner = hemisphereVolume(0.5 * cup.innerDiameterMm());
    EXPECT_NEAR(volumeMm3(mesh), outer - inner, kRelative * outer) << cup.id;
    EXPECT_NEAR(bounds(mesh).max().z(), 0.0, 1e-6);
    EXPECT_NEAR(bounds(mesh).min().z(), -0.5 * cup.outerDiameterMm, 1e-4);
  }
}

TEST(ImplantMeshes, LinersFillTheSpaceBetweenCupAndHead) {
  for (const Liner& liner : shipped().liners) {
    const TriangleMesh mesh = linerMesh(liner);
    EXPECT_TRUE(isClosed(mesh)) << liner.id;
    const double outer = hemisphereVolume(0.5 * liner.outerDiameterMm);
    EXPECT_NEAR(volumeMm3(mesh), outer - hemisphereVolume(0.5 * liner.headDiameterMm), kRelative * outer);
  }
}

TEST(ImplantMeshes, HeadsAreSpheres) {
  for (const Head& head : shipped().heads) {
    const TriangleMesh mesh = headMesh(head);
    EXPECT_TRUE(isClosed(mesh)) << head.id;
    const double ball = 2.0 * hemisphereVolume(0.5 * head.diameterMm);
    EXPECT_NEAR(volumeMm3(mesh), ball, kRelative * ball);
    EXPECT_LT(centroid(mesh).norm(), 1e-3);
  }
}

/// Volume of the body as the integral of its elliptic sections (Simpson).
double bodyVolume(const Stem& stem) {
  constexpr int n = 4000;
  double sum = 0.0;
  for (int i = 0; i <= n; ++i) {
    const StemSection s = stemSection(stem, stem.lengthMm * i / n);
    const double weight = i == 0 || i == n ? 1.0 : (i % 2 ? 4.0 : 2.0);
    sum += weight * kPi * s.halfWidthMm * s.halfDepthMm;
  }
  return sum * stem.lengthMm / n / 3.0;
}

TEST(ImplantMeshes, StemBodiesHaveTheVolumeOfTheirSections) {
  for (const Stem& stem : shipped().stems) {
    const TriangleMesh mesh = stemBodyMesh(stem);
    EXPECT_TRUE(isClosed(mesh)) << stem.id;
    EXPECT_NEAR(volumeMm3(mesh) / bodyVolume(stem), 1.0, kRelative) << stem.id;
    EXPECT_NEAR(bounds(mesh).min().z(), -stem.lengthMm, 1e-4);
    EXPECT_NEAR(bounds(mesh).max().x(), stem.proximalMedialMm, 1e-3);
    EXPECT_NEAR(bounds(mesh).min().x(), -stem.proximalLateralMm, 1e-3);
  }
}

TEST(ImplantMeshes, NecksAreCylindersToTheHeadsCentre) {
  for (const Stem& stem : shipped().stems)
    for (const Head& head : shipped().heads) {
      const TriangleMesh mesh = stemNeckMesh(stem, head);
      EXPECT_TRUE(isClosed(mesh)) << stem.id;
      const double length = stem.neckLengthMm + head.neckLengthMm;
      const double cylinder = kPi * std::pow(0.5 * stem.neckDiameterMm, 2) * length;
      EXPECT_NEAR(volumeMm3(mesh) / cylinder, 1.0, kRelative);
      const Vec3 middle = headCenterInStem(stem, head) - 0.5 * length * neckAxisInStem(stem);
      EXPECT_LT((centroid(mesh) - middle).norm(), 1e-2);
    }
}

TEST(ImplantMeshes, TheNeckGrowsOutOfTheBody) {
  for (const Stem& stem : shipped().stems) {
    EXPECT_LT(stem.neckBaseMm + 0.5, stem.proximalMedialMm) << stem.id;
    EXPECT_GT(neckAxisInStem(stem).x(), 0.0);
  }
}

// Neck–shaft angle 135°: the head lies as far medial of the neck's base as above it.
TEST(ImplantMeshes, NeckShaftAngle) {
  const Stem& stem = *shipped().stem("coxa-tapered-stem-5-standard");
  const Vec3 shorter = headCenterInStem(stem, *shipped().head("coxa-head-28-3.5"));
  const Vec3 longer = headCenterInStem(stem, *shipped().head("coxa-head-28+7"));
  EXPECT_NEAR(shorter.x() - stem.neckBaseMm, shorter.z(), 1e-9);
  EXPECT_NEAR((longer - shorter).norm(), 10.5, 1e-9);
}

TEST(ImplantMeshes, HighOffsetMovesTheHeadMedialAtTheSameHeight) {
  const Head& head = *shipped().head("coxa-head-32+0");
  for (int size = 1; size <= 12; ++size) {
    const Vec3 standard =
        headCenterInStem(*stemFor(shipped(), "coxa-tapered-stem", size, StemOffset::Standard), head);
    const Vec3 high =
        headCenterInStem(*stemFor(shipped(), "coxa-tapered-stem", size, StemOffset::High), head);
    EXPECT_NEAR(high.x() - standard.x(), 6.5, 1.0);
    EXPECT_NEAR(high.z(), standard.z(), 0.5);
  }
}

TEST(PosedHip, PlacesEveryComponentByName) {
  PosedHip hip;
  hip.cup = *shipped().cup("coxa-press-fit-cup-52");
  hip.head = *shipped().head("coxa-head-32+0");
  hip.liner = *linerFor(shipped(), hip.cup, 32.0);
  hip.stem = *shipped().stem("coxa-tapered-stem-5-standard");
  hip.world_from_cup.translation() = Vec3(-90.0, 5.0, 20.0);
  hip.world_from_stem.translation() = Vec3(-120.0, 10.0, -30.0);
  hip.world_from_stem.linear() = Eigen::AngleAxisd(0.3, Vec3::UnitZ()).toRotationMatrix();

  const auto femoral = femoralComponents(hip);
  ASSERT_EQ(femoral.size(), 3U);
  EXPECT_EQ(femoral[0].name, "head");
  EXPECT_LT((centroid(femoral[0].mesh) - hip.headCenter()).norm(), 1e-2);
  EXPECT_LT((hip.headCenter() + hip.reduction() - hip.cupCenter()).norm(), 1e-9);
  const auto pelvic = pelvicComponents(hip);
  ASSERT_EQ(pelvic.size(), 2U);
  EXPECT_EQ(pelvic[1].name, "liner");
  EXPECT_NEAR(bounds(pelvic[0].mesh).max().z(), 20.0, 1e-4);
}

}  // namespace
}  // namespace coxa
