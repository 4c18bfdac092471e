#include "coxa/phantom/virtual_patient.hpp"

#include "support/temp_folder.hpp"

#include "coxa/base/files.hpp"
#include "coxa/image/files.hpp"

#include <gtest/gtest.h>
#include <itkGDCMImageIO.h>
#include <itkGDCMSeriesFileNames.h>
#include <itkImageSeriesReader.h>

#include <algorithm>
#include <cmath>

namespace coxa {
namespace {

constexpr std::uint8_t kFemurLeft = 3, kFemurRight = 4, kGluteusMaximusLeft = 7;

const PhantomModel& model() {
  static const PhantomModel read =
      readPhantomModel(std::filesystem::path(COXA_SOURCE_DIR) / "models" / "hip-atlas").value();
  return read;
}

VirtualPatientOptions coarse(std::uint64_t seed) {
  return {seed, Vec3(3.0, 3.0, 6.0), 160};
}

const VirtualPatient& firstPatient() {
  static const VirtualPatient patient = makeVirtualPatient(model(), coarse(1), Job()).value();
  return patient;
}

Vec3 centroidOf(const LabelMap& labels, std::uint8_t value) {
  Vec3 sum = Vec3::Zero();
  double count = 0;
  for (int k = 0; k < labels.grid.size.z(); ++k)
    for (int j = 0; j < labels.grid.size.y(); ++j)
      for (int i = 0; i < labels.grid.size.x(); ++i)
        if (labels.at(i, j, k) == value) {
          sum += labels.grid.worldFromIndex(Vec3(i, j, k));
          ++count;
        }
  return sum / count;
}

template <class Wanted>
double meanHu(const VirtualPatient& patient, const ScalarImage& depths, const Wanted& wanted) {
  double sum = 0, count = 0;
  for (std::size_t n = 0; n < depths.voxels.size(); ++n)
    if (wanted(patient.labels.voxels[n], depths.voxels[n])) {
      sum += patient.ct.voxels[n];
      ++count;
    }
  return sum / count;
}

TEST(VirtualPatient, SameSeedSamePatient) {
  const auto again = makeVirtualPatient(model(), coarse(1), Job());
  ASSERT_TRUE(again) << again.error().message;
  EXPECT_EQ(again->ct.voxels, firstPatient().ct.voxels);
  EXPECT_EQ(again->labels.voxels, firstPatient().labels.voxels);
}

TEST(VirtualPatient, AnotherSeedIsAnotherPatient) {
  const auto other = makeVirtualPatient(model(), coarse(2), Job());
  ASSERT_TRUE(other) << other.error().message;
  const auto headDistance = [](const LandmarkSet& s) {
    return (s.left.femoralHead->sphere.center - s.right.femoralHead->sphere.center).norm();
  };
  const auto radius = [](const LandmarkSet& s) { return s.left.femoralHead->sphere.radiusMm; };
  const LandmarkSet &a = firstPatient().landmarks, &b = other->landmarks;
  EXPECT_GT(std::abs(headDistance(a) - headDistance(b)) + std::abs(radius(a) - radius(b)), 1.0);
}

TEST(VirtualPatient, HounsfieldUnitsFollowTheLabels) {
  const VirtualPatient& patient = firstPatient();
  const ScalarImage depths = depthsMm(patient.labels, 16.0);
  const double femurShell = meanHu(patient, depths, [](auto label, float depth) {
    return (label == kFemurLeft || label == kFemurRight) && depth < 4.0F;
  });
  const double muscle = meanHu(
      patient, depths, [](auto label, float depth) { return label == kGluteusMaximusLeft && depth > 3.0F; });
  EXPECT_GT(femurShell, 250.0);
  EXPECT_GT(muscle, -29.0);  // Aubrey 2014: muscle lies within -29..150 HU, fat below -30
  EXPECT_LT(muscle, 150.0);
  EXPECT_NEAR(static_cast<double>(patient.ct.voxels.front()), -1000.0, 60.0);
}

TEST(VirtualPatient, LeftIsLeft) {
  const VirtualPatient& patient = firstPatient();
  EXPECT_GT(centroidOf(patient.labels, kFemurLeft).x(), centroidOf(patient.labels, kFemurRight).x() + 100);
  EXPECT_GT(patient.landmarks.left.femoralHead->sphere.center.x(),
            patient.landmarks.right.femoralHead->sphere.center.x() + 100);
}

TEST(VirtualPatient, TheHeadsCentresLieInTheFemora) {
  const VirtualPatient& patient = firstPatient();
  for (const Side side : {Side::Left, Side::Right}) {
    const Vec3 center = patient.landmarks.side(side).femoralHead->sphere.center;
    const Eigen::Vector3i n = (patient.labels.grid.indexFromWorld(center).array() + 0.5).floor().cast<int>();
    EXPECT_EQ(patient.labels.at(n.x(), n.y(), n.z()), side == Side::Left ? kFemurLeft : kFemurRight);
  }
}

TEST(VirtualPatient, AnotherReaderReadsTheSameCt) {
  const TempFolder folder;
  const VirtualPatient& patient = firstPatient();
  ASSERT_TRUE(writeVirtualPatient(folder / "p", patient, 1, Job()));
  auto names = itk::GDCMSeriesFileNames::New();
  names->SetDirectory((folder / "p" / "dicom").string());
  ASSERT_EQ(names->GetSeriesUIDs().size(), 1U);
  auto reader = itk::ImageSeriesReader<itk::Image<std::int16_t, 3>>::New();
  reader->SetImageIO(itk::GDCMImageIO::New());
  reader->SetFileNames(names->GetFileNames(names->GetSeriesUIDs().front()));
  reader->Update();
  const auto* image = reader->GetOutput();
  for (unsigned a = 0; a < 3; ++a) {
    ASSERT_EQ(static_cast<int>(image->GetLargestPossibleRegion().GetSize()[a]), patient.ct.grid.size[a]);
    EXPECT_NEAR(image->GetOrigin()[a], patient.ct.grid.origin[a], 1e-3);
    EXPECT_NEAR(image->GetSpacing()[a], patient.ct.grid.spacing[a], 1e-3);
  }
  EXPECT_TRUE(std::equal(patient.ct.voxels.begin(), patient.ct.voxels.end(), image->GetBufferPointer()));

  const auto labels = readLabelMap(folder / "p" / "truth" / "labels.nrrd");
  ASSERT_TRUE(labels) << labels.error().message;
  EXPECT_TRUE(sameGrid(labels->grid, patient.ct.grid));
  const auto landmarks = landmarksFromJson(readFile(folder / "p" / "truth" / "landmarks.json").value());
  ASSERT_TRUE(landmarks) << landmarks.error().message;
  EXPECT_TRUE(landmarks->left.femoralHead && landmarks->right.femoralHead);
}

TEST(VirtualPatient, RefusesAnImpossibleGrid) {
  const auto none = makeVirtualPatient(model(), {1, Vec3(0, 1, 1), 64}, Job());
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().code, ErrorCode::Usage);
}

}  // namespace
}  // namespace coxa
