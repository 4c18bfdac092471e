#include "coxa/implants/component_meshes.hpp"

#include "coxa/base/files.hpp"
#include "coxa/geometry/stl.hpp"
#include "coxa/implants/meshes.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <sstream>

namespace coxa {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

const Catalogue& catalogue() {
  static const Catalogue all = loadDefaultCatalogue().value();
  return all;
}

class ComponentMeshes : public ::testing::Test {
 protected:
  void SetUp() override { fs::create_directories(folder_); }
  void TearDown() override { fs::remove_all(folder_); }

  fs::path written(const std::string& name, const std::string& bytes) const {
    EXPECT_TRUE(writeFileAtomically(folder_ / name, std::string_view(bytes)));
    return folder_ / name;
  }
  fs::path written(const std::string& name, const TriangleMesh& mesh) const {
    return written(name, binaryStl(mesh));
  }

 private:
  fs::path folder_ =
      fs::path(::testing::TempDir()) / ::testing::UnitTest::GetInstance()->current_test_info()->name();
};

TriangleMesh stemMesh(const Stem& stem) {
  return joined(stemBodyMesh(stem), stemNeckMesh(stem, Head{}));
}

TriangleMesh scaled(TriangleMesh mesh, float factor) {
  for (auto& v : mesh.vertices) v *= factor;
  return mesh;
}

template <class Read>
void expectRefused(const Read& read, const fs::path& file, const std::string& why) {
  const auto mesh = read(file);
  ASSERT_FALSE(mesh);
  EXPECT_EQ(mesh.error().code, ErrorCode::BadInput);
  EXPECT_THAT(mesh.error().message, HasSubstr(file.string()));
  EXPECT_THAT(mesh.error().message, HasSubstr(why));
}

TEST_F(ComponentMeshes, ACupIsMeasured) {
  const auto cup = readCupMesh(written("mine.stl", cupMesh(*catalogue().cup("coxa-press-fit-cup-52"))));
  ASSERT_TRUE(cup) << cup.error().message;
  EXPECT_EQ(cup->name, "mine.stl");
  EXPECT_NEAR(cup->outsideRadiusMm, 26.0, 0.1);
  EXPECT_NEAR(cup->insideRadiusMm, 23.0, 0.1);
  EXPECT_NEAR(cup->openingMm, 0.0, 1e-6);
}

TEST_F(ComponentMeshes, AHeadIsMeasured) {
  const auto head = readHeadMesh(written("head.stl", headMesh(*headFor(catalogue(), 32.0, 0.0))));
  ASSERT_TRUE(head) << head.error().message;
  EXPECT_NEAR(head->diameterMm, 32.0, 0.1);
}

TEST_F(ComponentMeshes, AStemsNeckIsFound) {
  for (const Stem& wanted : catalogue().stems) {
    const auto stem = readStemMesh(written(wanted.id + ".stl", stemMesh(wanted)));
    ASSERT_TRUE(stem) << stem.error().message;
    EXPECT_NEAR(stem->lengthMm, wanted.lengthMm, 1e-3);
    EXPECT_NEAR(stem->neck.point.x(), wanted.neckBaseMm, 0.1);
    EXPECT_NEAR(degFromRad(std::acos(stem->neck.direction.dot(neckAxisInStem(wanted)))), 0.0, 0.3);
  }
}

TEST_F(ComponentMeshes, TextIsReadLikeBinary) {
  const TriangleMesh mesh = cupMesh(*catalogue().cup("coxa-press-fit-cup-52"));
  std::ostringstream text;
  text.precision(9);
  text << "solid cup\n";
  for (const auto& t : mesh.triangles) {
    text << "facet normal 0 0 0\nouter loop\n";
    for (const auto v : t) text << "vertex " << mesh.vertices[v].transpose() << "\n";
    text << "endloop\nendfacet\n";
  }
  text << "endsolid cup\n";
  const auto cup = readCupMesh(written("text.stl", text.str()));
  ASSERT_TRUE(cup) << cup.error().message;
  EXPECT_EQ(cup->mesh.triangles.size(), mesh.triangles.size());
  EXPECT_NEAR(volumeMm3(cup->mesh), volumeMm3(mesh), 1.0);
  expectRefused(readCupMesh, written("cut.stl", text.str().substr(0, 5000)), "cut off");
}

TEST_F(ComponentMeshes, WhatIsNoComponentIsRefusedWithAReason) {
  const TriangleMesh cup = cupMesh(*catalogue().cup("coxa-press-fit-cup-52"));
  expectRefused(readCupMesh, fs::path("/nowhere/cup.stl"), "");
  expectRefused(readCupMesh, written("notes.stl", std::string("not a mesh")), "it is no STL");
  expectRefused(readCupMesh, written("empty.stl", TriangleMesh{}), "no triangle");
  expectRefused(readCupMesh, written("metres.stl", scaled(cup, 0.001F)), "metres");
  expectRefused(readCupMesh, written("huge.stl", scaled(cup, 10.0F)), "millimetres");
  TriangleMesh open = cup;
  open.triangles.resize(open.triangles.size() / 2);
  expectRefused(readCupMesh, written("open.stl", open), "not closed");
  TriangleMesh inverted = cup;
  for (auto& t : inverted.triangles) std::swap(t[0], t[1]);
  expectRefused(readCupMesh, written("inverted.stl", inverted), "inside out");
}

TEST_F(ComponentMeshes, AFrameThatIsNotTheComponentsIsRefused) {
  RigidTransform turned = RigidTransform::Identity();
  turned.linear() = Eigen::AngleAxisd(kPi, Vec3::UnitX()).toRotationMatrix();
  const TriangleMesh cup = cupMesh(*catalogue().cup("coxa-press-fit-cup-52"));
  const TriangleMesh stem = stemMesh(*catalogue().stem("coxa-tapered-stem-5-high"));
  expectRefused(readCupMesh, written("turned.stl", transformed(cup, turned)), "opens towards +z");
  expectRefused(readStemMesh, written("stem.stl", transformed(stem, turned)), "+z along the axis");
  expectRefused(readHeadMesh, written("shell.stl", cup), "sphere about the origin");
}

}  // namespace
}  // namespace coxa
