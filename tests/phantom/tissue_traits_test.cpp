#include "coxa/phantom/tissue_traits.hpp"

#include "support/temp_folder.hpp"

#include "coxa/base/files.hpp"
#include "coxa/geometry/stl.hpp"
#include "coxa/image/files.hpp"
#include "coxa/phantom/virtual_patient.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <tbb/global_control.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

namespace coxa {
namespace {

using testing::HasSubstr;

constexpr double kFatHu = -103.0;  // subcutaneous fat of CT 002, which the phantom draws

const PhantomModel& model() {
  static const PhantomModel read =
      readPhantomModel(std::filesystem::path(COXA_SOURCE_DIR) / "models" / "hip-atlas").value();
  return read;
}

const StructureTable& table() {
  static const StructureTable read = StructureTable::loadDefault().value();
  return read;
}

std::uint8_t valueOf(const std::string& name) {
  return table().find(name)->value;
}

VirtualPatient patientWith(const TissueTraits& traits, const Vec3& spacingMm = Vec3(2.5, 2.5, 5.0),
                           int matrix = 180) {
  return makeVirtualPatient(model(), {3, spacingMm, matrix, {}, traits}, Job()).value();
}

const VirtualPatient& plain() {
  static const VirtualPatient patient = patientWith({});
  return patient;
}

double count(const LabelMap& labels, const std::string& name) {
  return static_cast<double>(std::count(labels.voxels.begin(), labels.voxels.end(), valueOf(name)));
}

const StructureTruth& truthOf(const VirtualPatient& patient, const std::string& name) {
  return *std::find_if(patient.structures.begin(), patient.structures.end(),
                       [&](const StructureTruth& each) { return each.name == name; });
}

// How many faces of voxels two structures share.
int contact(const LabelMap& labels, std::uint8_t a, std::uint8_t b) {
  int faces = 0;
  const Grid& grid = labels.grid;
  for (int k = 0; k + 1 < grid.size.z(); ++k)
    for (int j = 0; j + 1 < grid.size.y(); ++j)
      for (int i = 0; i + 1 < grid.size.x(); ++i)
        for (const std::uint8_t next :
             {labels.at(i + 1, j, k), labels.at(i, j + 1, k), labels.at(i, j, k + 1)}) {
          const std::uint8_t here = labels.at(i, j, k);
          faces += (here == a && next == b) || (here == b && next == a) ? 1 : 0;
        }
  return faces;
}

TEST(TissueTraits, NeutralOnesChangeNothing) {
  TissueTraits neutral;
  for (const Structure& structure : table().all()) {
    if (structure.group == StructureGroup::Muscle) neutral.muscles[structure.name] = {};
    if (structure.group == StructureGroup::Bone) neutral.boneDensity[structure.kind] = 1.0;
  }
  const VirtualPatient same = patientWith(neutral);
  EXPECT_EQ(same.ct.voxels, plain().ct.voxels);
  EXPECT_EQ(same.labels.voxels, plain().labels.voxels);
  EXPECT_TRUE(same.vessels.empty());
}

TEST(TissueTraits, AMuscleHasTheVolumeAskedFor) {
  TissueTraits traits;
  traits.muscles["gluteus_medius_right"].volume = 0.6;
  traits.muscles["gluteus_minimus_right"].volume = 0.5;
  traits.muscles["psoas_major_left"].volume = 0.8;
  traits.muscles["gluteus_maximus_left"].volume = 1.2;
  traits.muscles["rectus_femoris_left"].volume = 1.15;
  const VirtualPatient changed = patientWith(traits);
  for (const Structure& structure : table().all()) {
    const double before = count(plain().labels, structure.name);
    if (before == 0.0) continue;
    const double ratio = count(changed.labels, structure.name) / before;
    EXPECT_NEAR(ratio, traits.muscle(structure.name).volume, 0.03) << structure.name;
  }
}

TEST(TissueTraits, AShrunkMuscleStaysOnItsBoneAndFatFillsTheRest) {
  TissueTraits traits;
  traits.muscles["gluteus_medius_right"].volume = 0.6;
  const VirtualPatient changed = patientWith(traits);
  const std::uint8_t hip = valueOf("hip_right"), muscle = valueOf("gluteus_medius_right");
  EXPECT_GT(contact(changed.labels, muscle, hip), 0.6 * contact(plain().labels, muscle, hip));
  double sum = 0.0, left = 0.0;
  for (std::size_t n = 0; n < changed.ct.voxels.size(); ++n)
    if (plain().labels.voxels[n] == muscle && changed.labels.voxels[n] != muscle) {
      sum += changed.ct.voxels[n];
      ++left;
    }
  EXPECT_NEAR(sum / left, kFatHu, 15.0);
}

TEST(TissueTraits, FatLowersTheMeanByItsShare) {
  TissueTraits traits;
  traits.muscles["gluteus_medius_right"].fatShare = 0.4;
  traits.muscles["gluteus_maximus_left"].fatShare = 0.15;
  const VirtualPatient fatty = patientWith(traits);
  EXPECT_EQ(fatty.labels.voxels, plain().labels.voxels);
  for (const char* name : {"gluteus_medius_right", "gluteus_maximus_left"}) {
    const double share = traits.muscle(name).fatShare;
    const StructureTruth &before = truthOf(plain(), name), &after = truthOf(fatty, name);
    EXPECT_NEAR(*after.fatShare, share, 0.01) << name;
    EXPECT_NEAR(*after.leanVolumeMl, (1.0 - share) * before.volumeMl, 0.02 * before.volumeMl) << name;
    EXPECT_NEAR(after.meanHu, (1.0 - share) * before.meanHu + share * kFatHu, 4.0) << name;
  }
  EXPECT_NEAR(truthOf(fatty, "psoas_major_left").meanHu, truthOf(plain(), "psoas_major_left").meanHu, 0.5);
}

// Correlation of HU at points that lie a step apart, over the voxels of a muscle.
double correlationAlong(const VirtualPatient& patient, std::uint8_t muscle, const auto& stepAt) {
  const Grid& grid = patient.ct.grid;
  double count = 0, a = 0, b = 0, aa = 0, bb = 0, ab = 0;
  for (int k = 0; k < grid.size.z(); ++k)
    for (int j = 0; j < grid.size.y(); ++j)
      for (int i = 0; i < grid.size.x(); ++i) {
        if (patient.labels.at(i, j, k) != muscle) continue;
        const Vec3 there = grid.worldFromIndex(Vec3(i, j, k)) + stepAt(grid.worldFromIndex(Vec3(i, j, k)));
        const Eigen::Vector3i m = grid.indexFromWorld(there).array().round().cast<int>();
        if (!grid.contains(m) || patient.labels.at(m.x(), m.y(), m.z()) != muscle) continue;
        const double x = patient.ct.at(i, j, k), y = patient.ct.at(m.x(), m.y(), m.z());
        ++count, a += x, b += y, aa += x * x, bb += y * y, ab += x * y;
      }
  return (ab / count - a * b / count / count) /
         std::sqrt((aa / count - a * a / count / count) * (bb / count - b * b / count / count));
}

TEST(TissueTraits, FatLiesAlongTheFascicles) {
  TissueTraits traits;
  traits.muscles["gluteus_medius_right"].fatShare = 0.4;
  const VirtualPatient patient = patientWith(traits, Vec3(2.0, 2.0, 2.5), 220);
  const Vec3 trochanter = patient.landmarks.right.greaterTrochanter->position;
  const auto along = [&](const Vec3& p) -> Vec3 { return 10.0 * (trochanter - p).normalized(); };
  const auto across = [&](const Vec3& p) -> Vec3 {
    return 10.0 * (trochanter - p).cross(Vec3::UnitY()).normalized();
  };
  const std::uint8_t muscle = valueOf("gluteus_medius_right");
  EXPECT_GT(correlationAlong(patient, muscle, along), correlationAlong(patient, muscle, across) + 0.15);
}

TEST(TissueTraits, BonesHaveTheDensityAskedFor) {
  TissueTraits traits;
  traits.boneDensity["femur"] = 0.7;
  const VirtualPatient thin = patientWith(traits);
  EXPECT_NEAR(*truthOf(thin, "femur_left").densityFactor, 0.7 * *truthOf(plain(), "femur_left").densityFactor,
              1e-6);
  // The little that is below water keeps its HU, and so does what the blur takes from beside the bone.
  EXPECT_NEAR(truthOf(thin, "femur_left").meanHu, 0.7 * truthOf(plain(), "femur_left").meanHu, 15.0);
  EXPECT_NEAR(truthOf(thin, "hip_left").meanHu, truthOf(plain(), "hip_left").meanHu, 1.0);
}

std::ptrdiff_t airVoxels(const VirtualPatient& patient) {
  return std::count_if(patient.ct.voxels.begin(), patient.ct.voxels.end(),
                       [](std::int16_t hu) { return hu < -600; });
}

TEST(TissueTraits, GasTakesItsShareOfTheBowel) {
  TissueTraits none, threefold;
  none.bowelGas = 0.0;
  threefold.bowelGas = 3.0;
  const auto without = static_cast<double>(airVoxels(patientWith(none)));
  const double gas = static_cast<double>(airVoxels(plain())) - without;
  EXPECT_GT(gas, 100.0);
  EXPECT_NEAR(static_cast<double>(airVoxels(patientWith(threefold))) - without, 3.0 * gas, 0.9 * gas);
}

// The brightest voxel of the lowest rows, where only the table is.
std::int16_t brightestBelow(const VirtualPatient& patient) {
  const Grid& grid = patient.ct.grid;
  std::int16_t most = -1024;
  for (int k = 0; k < grid.size.z(); ++k)
    for (int j = grid.size.y() - 25; j < grid.size.y(); ++j)
      for (int i = 0; i < grid.size.x(); ++i) most = std::max(most, patient.ct.at(i, j, k));
  return most;
}

TEST(TissueTraits, SkinAndTable) {
  TissueTraits traits;
  traits.skinMm = 5.0;
  traits.table = false;
  const VirtualPatient changed = patientWith(traits);
  const auto likeSkin = [](const VirtualPatient& patient) {
    return std::count_if(patient.ct.voxels.begin(), patient.ct.voxels.end(),
                         [](std::int16_t hu) { return hu > -40 && hu < 0; });
  };
  EXPECT_GT(likeSkin(changed), 1.3 * static_cast<double>(likeSkin(plain())));
  EXPECT_GT(brightestBelow(plain()), -700);
  EXPECT_LT(brightestBelow(changed), -900);
}

TEST(TissueTraits, RefusesWhatNoPatientHas) {
  TissueTraits traits;
  traits.muscles["gluteus_gigas_left"].volume = 0.9;
  const auto unknown = checkTissueTraits(traits, table());
  ASSERT_FALSE(unknown);
  EXPECT_EQ(unknown.error().code, ErrorCode::Usage);
  EXPECT_THAT(unknown.error().message, HasSubstr("gluteus_gigas_left"));
  EXPECT_THAT(unknown.error().message, HasSubstr("gluteus_medius_right"));
  traits = {};
  traits.muscles["gluteus_medius_left"].volume = 0.1;
  EXPECT_FALSE(checkTissueTraits(traits, table()));
  PhantomModel bare = model();
  bare.vessels.clear();
  traits = {};
  traits.vessels = VesselTraits{};
  EXPECT_FALSE(makeVirtualPatient(bare, {1, Vec3(6, 6, 12), 64, {}, traits}, Job()));
}

// Int J CARS 2022, doi 10.1007/s11548-022-02797-8: muscles of the worse side are 16.3 % smaller. Kajdi 2025,
// doi 10.1186/s12891-025-09043-7: the gluteus medius of painless old hips has a median fat fraction of 14 %.
TEST(TissueTraits, DrawsFollowTheirSources) {
  constexpr int kPatients = 400;
  double smaller = 0.0, density = 0.0;
  std::vector<double> fat;
  int rightIsWorse = 0;
  for (int seed = 0; seed < kPatients; ++seed) {
    const TissueTraits traits = drawnTissueTraits(static_cast<std::uint64_t>(seed), table());
    ASSERT_TRUE(checkTissueTraits(traits, table()));
    double left = 0.0, right = 0.0, fatLeft = 0.0, fatRight = 0.0;
    for (const auto& [name, muscle] : traits.muscles) {
      const bool onLeft = table().find(name)->side == Side::Left;
      (onLeft ? left : right) += muscle.volume;
      (onLeft ? fatLeft : fatRight) += muscle.fatShare;
    }
    const bool rightWorse = right < left;
    rightIsWorse += rightWorse ? 1 : 0;
    smaller += 1.0 - std::min(left, right) / std::max(left, right);
    density += traits.densityOf("femur");
    fat.push_back(traits.muscle(rightWorse ? "gluteus_medius_left" : "gluteus_medius_right").fatShare);
  }
  EXPECT_NEAR(smaller / kPatients, 0.163, 0.02);
  EXPECT_NEAR(density / kPatients, 0.9, 0.02);
  EXPECT_NEAR(rightIsWorse, kPatients / 2, 40);
  std::nth_element(fat.begin(), fat.begin() + kPatients / 2, fat.end());
  EXPECT_NEAR(fat[kPatients / 2], 0.14, 0.02);
}

TEST(TissueTraits, TheBadSideCanBeStated) {
  const TissueTraits right = drawnTissueTraits(5, table(), Side::Right);
  const TissueTraits left = drawnTissueTraits(5, table(), Side::Left);
  for (const auto& [name, muscle] : right.muscles) {
    const bool onRight = table().find(name)->side == Side::Right;
    const MuscleTraits& other = left.muscles.at(name);
    EXPECT_LE(onRight ? muscle.volume : other.volume, onRight ? other.volume : muscle.volume) << name;
  }
  EXPECT_EQ(right.boneDensity, left.boneDensity);
}

TEST(TissueTraits, ADrawnPatientIsTheSameOnOneCoreAndWrittenWithItsTruth) {
  const TissueTraits traits = drawnTissueTraits(11, table());
  const auto made = [&] {
    return makeVirtualPatient(model(), {11, Vec3(3.6, 3.6, 8.0), 128, {}, traits}, Job()).value();
  };
  const VirtualPatient many = made();
  {
    const tbb::global_control one(tbb::global_control::max_allowed_parallelism, 1);
    const VirtualPatient single = made();
    EXPECT_EQ(many.ct.voxels, single.ct.voxels);
    EXPECT_EQ(many.labels.voxels, single.labels.voxels);
    EXPECT_EQ(many.vessels.voxels, single.vessels.voxels);
  }
  const TempFolder folder;
  ASSERT_TRUE(writeVirtualPatient(folder / "p", many, 11, Job()));
  const auto vessels = readLabelMap(folder / "p" / "truth" / "vessels.nrrd");
  ASSERT_TRUE(vessels) << vessels.error().message;
  EXPECT_EQ(vessels->voxels, many.vessels.voxels);
  const auto json =
      nlohmann::json::parse(readFile(folder / "p" / "truth" / "densities.json").value()).at("structures");
  const auto& psoas = json.at("psoas_major_left");
  EXPECT_EQ(psoas.at("voxels").get<double>(), count(many.labels, "psoas_major_left"));
  EXPECT_NEAR(psoas.at("volumeMl").get<double>(),
              count(many.labels, "psoas_major_left") * 3.6 * 3.6 * 8.0 / 1000.0, 1e-6);
  EXPECT_TRUE(json.contains("femoral_artery_right"));

  ASSERT_TRUE(writeStructureMeshes(folder / "meshes", many.labels, table(), Job()));
  const auto mesh = meshFromStl(readFile(folder / "meshes" / "femur_left.stl").value());
  ASSERT_TRUE(mesh);
  EXPECT_NEAR(volumeMm3(*mesh) / 1000.0, json.at("femur_left").at("volumeMl").get<double>(),
              0.1 * json.at("femur_left").at("volumeMl").get<double>());
}

}  // namespace
}  // namespace coxa
