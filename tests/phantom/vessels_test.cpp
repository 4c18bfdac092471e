// Where the vessels must run, by anatomy: Gray's Anatomy, femoral triangle and external iliac vessels.
#include "coxa/phantom/virtual_patient.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>

namespace coxa {
namespace {

const PhantomModel& model() {
  static const PhantomModel read =
      readPhantomModel(std::filesystem::path(COXA_SOURCE_DIR) / "models" / "hip-atlas").value();
  return read;
}

const StructureTable& table() {
  static const StructureTable read = StructureTable::loadDefault().value();
  return read;
}

VirtualPatient patientOf(std::uint64_t seed, double arteryHu = 300.0, double veinHu = 150.0) {
  TissueTraits traits;
  traits.vessels = VesselTraits{1.0, arteryHu, veinHu};
  return makeVirtualPatient(model(), {seed, Vec3(1.8, 1.8, 4.0), 240, {}, traits}, Job()).value();
}

struct Section {
  Vec3 center = Vec3::Zero();
  double areaMm2 = 0.0;
};

// The cross-sections of a vessel by slice.
std::map<int, Section> sectionsOf(const VirtualPatient& patient, const std::string& name) {
  std::map<int, Section> sections;
  const Grid& grid = patient.vessels.grid;
  const std::uint8_t value = table().find(name)->value;
  for (int k = 0; k < grid.size.z(); ++k)
    for (int j = 0; j < grid.size.y(); ++j)
      for (int i = 0; i < grid.size.x(); ++i)
        if (patient.vessels.at(i, j, k) == value) {
          Section& section = sections[k];
          section.center += grid.worldFromIndex(Vec3(i, j, k));
          section.areaMm2 += grid.spacing.x() * grid.spacing.y();
        }
  for (auto& [k, section] : sections) section.center *= grid.spacing.x() * grid.spacing.y() / section.areaMm2;
  return sections;
}

void expectAnatomicalCourse(const VirtualPatient& patient) {
  for (const Side side : {Side::Right, Side::Left}) {
    const std::string suffix = std::string("_") + name(side);
    const Vec3 head = patient.landmarks.side(side).femoralHead->sphere.center;
    const double radius = patient.landmarks.side(side).femoralHead->sphere.radiusMm;
    const auto artery = sectionsOf(patient, "femoral_artery" + suffix);
    const auto vein = sectionsOf(patient, "femoral_vein" + suffix);
    int atHead = 0;
    for (const auto& [k, section] : artery) {
      const Vec3 p = section.center;
      EXPECT_GT(lateral(side).dot(p), 20.0) << "wrong side";
      if (std::abs(p.z() - head.z()) > radius || !vein.count(k)) continue;
      ++atHead;
      EXPECT_LT(p.y(), head.y() - 0.8 * radius) << "in front of the head";
      EXPECT_LT(lateral(side).dot(p - head), 0.0) << "medial of the head's centre";
      EXPECT_GT(lateral(side).dot(p - vein.at(k).center), 4.0) << "the artery is lateral of the vein";
    }
    EXPECT_GT(atHead, 5);
    const auto iliac = sectionsOf(patient, "iliac_artery" + suffix);
    ASSERT_FALSE(iliac.empty());
    const Section& upper = iliac.rbegin()->second;
    EXPECT_GT(upper.center.z(), head.z() + 45.0);
    EXPECT_GT(upper.center.y(), artery.rbegin()->second.center.y() + 10.0) << "iliac vessels lie deeper";
  }
}

// A tube that bones or muscles cut would be thinner than the atlas says. Femoral vessels run within some 20°
// of the scan's axis, where a section is at most 6 % larger.
void expectWholeLumen(const VirtualPatient& patient) {
  for (const VesselCourse& course : model().vessels) {
    if (course.structure.rfind("femoral", 0) != 0) continue;
    const auto sections = sectionsOf(patient, course.structure);
    double area = 0.0;
    for (const auto& [k, section] : sections) area += section.areaMm2;
    const double least = *std::min_element(course.diametersMm.begin(), course.diametersMm.end());
    const double most = *std::max_element(course.diametersMm.begin(), course.diametersMm.end());
    const double mean = area / static_cast<double>(sections.size());
    EXPECT_GT(mean, 0.25 * kPi * least * least) << course.structure;
    EXPECT_LT(mean, 0.25 * kPi * most * most) << course.structure;
    int thin = 0;
    for (const auto& [k, section] : sections)
      thin += section.areaMm2 < 0.6 * 0.25 * kPi * least * least ? 1 : 0;
    EXPECT_LT(thin, 0.1 * static_cast<double>(sections.size())) << course.structure;
  }
}

class Vessels : public testing::TestWithParam<std::uint64_t> {};

TEST_P(Vessels, LieWhereTheyBelong) {
  const VirtualPatient patient = patientOf(GetParam());
  expectAnatomicalCourse(patient);
  expectWholeLumen(patient);
}

INSTANTIATE_TEST_SUITE_P(OfPatients, Vessels, testing::Values(2, 31, 202));

TEST(Vessel, ShowsItsBlood) {
  const VirtualPatient patient = patientOf(5, 350.0, 120.0);
  std::map<std::string, double> hu;
  for (const StructureTruth& truth : patient.structures) hu[truth.name] = truth.meanHu;
  // Partial volume with the fat around takes some of it.
  EXPECT_NEAR(hu.at("femoral_artery_left"), 330.0, 40.0);
  EXPECT_NEAR(hu.at("femoral_vein_right"), 115.0, 25.0);
  for (std::size_t n = 0; n < patient.vessels.voxels.size(); ++n)
    if (patient.vessels.voxels[n] != 0) {
      ASSERT_EQ(patient.labels.voxels[n], 0);
    }
}

}  // namespace
}  // namespace coxa
