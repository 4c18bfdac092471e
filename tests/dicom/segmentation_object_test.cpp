#include "coxa/dicom/segmentation_object.hpp"

#include "made_series.hpp"
#include "support/temp_folder.hpp"

#include "coxa/base/files.hpp"
#include "coxa/dicom/ct_writer.hpp"
#include "coxa/dicom/parametric_map.hpp"

#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmdata/dctk.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <Eigen/Geometry>
#include <fstream>
#include <functional>
#include <random>

namespace coxa {
namespace {

using testing::HasSubstr;

Grid obliqueGrid() {
  Grid grid;
  grid.size = {11, 7, 9};  // 77 pixels a frame: frames do not end at bytes
  grid.spacing = {0.8, 1.1, 2.5};
  grid.origin = {-30, 12.5, -400};
  grid.direction = Eigen::AngleAxisd(0.3, Vec3(1, 2, 3).normalized()).toRotationMatrix();
  return grid;
}

// Every voxel at random 0, 3 or 8; the first and last two slices empty, so the grid in the file is shorter.
LabelMap noise() {
  LabelMap labels(obliqueGrid());
  std::mt19937 random(5);
  constexpr std::array<std::uint8_t, 3> values = {0, 3, 8};
  for (int k = 2; k < 7; ++k)
    for (int n = 0; n < 77; ++n) labels.slice(k)[n] = values[random() % 3];
  return labels;
}

std::vector<DicomSegment> segments() {
  const DicomCode anatomy = {"SCT", "123037004", "Anatomical Structure"};
  return {{3,
           "Femur, left",
           anatomy,
           {"SCT", "71341001", "Femur"},
           DicomCode{"SCT", "7771000", "Left"},
           {242, 230, 200}},
          {8,
           "Iliacus, left",
           anatomy,
           {"99COXA", "13", "Iliacus"},
           DicomCode{"SCT", "7771000", "Left"},
           {207, 89, 192}},
          {9, "Sacrum", anatomy, {"SCT", "54735007", "Sacrum"}, std::nullopt, {216, 200, 160}}};  // not there
}

DerivedObjectInfo info() {
  DerivedObjectInfo made;
  made.pseudonym = "P-123456";
  made.identity = "checksum of a CT";
  made.description = "Coxa segmentation";
  made.algorithm = "hip-ct";
  made.version = "0.0.0";
  made.seriesNumber = 300;
  return made;
}

/// A written segmentation, open for changes.
class SegmentationObject : public testing::Test {
 protected:
  void SetUp() override { ASSERT_TRUE(writeDicomSegmentation(file(), noise(), segments(), info())); }
  std::filesystem::path file() const { return folder_ / "seg.dcm"; }
  void change(const std::function<void(DcmDataset&)>& how) {
    DcmFileFormat format;
    ASSERT_TRUE(format.loadFile(file().c_str()).good());
    ASSERT_TRUE(format.loadAllDataIntoMemory().good());
    how(*format.getDataset());
    ASSERT_TRUE(format.saveFile(file().c_str()).good());
  }
  void expectRefused(const std::string& code) {
    const auto read = readDicomSegmentation(file());
    ASSERT_FALSE(read);
    EXPECT_EQ(read.error().code, ErrorCode::BadInput);
    EXPECT_TRUE(hasCode(read.error(), code)) << read.error().detail;
    EXPECT_THAT(read.error().message, HasSubstr("seg.dcm"));
  }

  TempFolder folder_;
};

TEST_F(SegmentationObject, ComesBackVoxelByVoxelAtItsPlace) {
  const auto read = readDicomSegmentation(file());
  ASSERT_TRUE(read) << read.error().message;
  const LabelMap written = noise();
  const Grid& grid = read->labels.grid;
  EXPECT_EQ(grid.size, Eigen::Vector3i(11, 7, 5));
  ASSERT_EQ(read->segments.size(), 2U);
  std::size_t labelled = 0;
  for (int k = 0; k < grid.size.z(); ++k)
    for (int j = 0; j < grid.size.y(); ++j)
      for (int i = 0; i < grid.size.x(); ++i) {
        const Vec3 source = written.grid.indexFromWorld(grid.worldFromIndex(Vec3(i, j, k)));
        ASSERT_LT((source - Vec3(i, j, k + 2)).norm(), 1e-6);
        const int number = read->labels.at(i, j, k);
        const int value = number == 0 ? 0 : number == 1 ? 3 : 8;
        ASSERT_EQ(value, written.at(i, j, k + 2));
        labelled += number != 0;
      }
  EXPECT_GT(labelled, 200U);
  EXPECT_TRUE(read->notices.empty());
}

TEST_F(SegmentationObject, KeepsNamesCodesAndColours) {
  const auto read = readDicomSegmentation(file());
  ASSERT_TRUE(read) << read.error().message;
  ASSERT_EQ(read->segments.size(), 2U);
  for (std::size_t n = 0; n < 2; ++n) {
    EXPECT_EQ(read->segments[n].value, n + 1);
    EXPECT_EQ(read->segments[n].name, segments()[n].name);
    EXPECT_EQ(read->segments[n].category, segments()[n].category);
    EXPECT_EQ(read->segments[n].type, segments()[n].type);
    EXPECT_EQ(read->segments[n].modifier, segments()[n].modifier);
    for (std::size_t c = 0; c < 3; ++c) EXPECT_NEAR(read->segments[n].rgb[c], segments()[n].rgb[c], 1);
  }
}

// What PS3.3 A.51 and C.8.20 require, as DCMTK's dcmdump shows it.
TEST_F(SegmentationObject, DcmdumpShowsTheRequiredAttributes) {
  const std::string command = "dcmdump -q +L " + file().string();
  FILE* pipe = ::popen(command.c_str(), "r");
  ASSERT_NE(pipe, nullptr);
  std::string dump;
  char buffer[4096];
  while (std::fgets(buffer, sizeof buffer, pipe) != nullptr) dump += buffer;
  ASSERT_EQ(::pclose(pipe), 0);
  for (const char* expected : {"=SegmentationStorage",
                               "[SEG]",
                               "[BINARY]",
                               "(0008,0070) LO [Coxa]",
                               "(0028,0100) US 1 ",
                               "(0028,0101) US 1 ",
                               "(0028,0102) US 0 ",
                               "[MONOCHROME2]",
                               "(0028,0008) IS [10]",
                               "[P-123456]",
                               "(0008,0008) CS [DERIVED\\PRIMARY]",
                               "FrameOfReferenceUID",
                               "DimensionOrganizationSequence",
                               "SharedFunctionalGroupsSequence",
                               "PerFrameFunctionalGroupsSequence",
                               "[71341001]",
                               "[99COXA]",
                               "[AUTOMATIC]",
                               "[hip-ct]",
                               "ContentDate",
                               "[SEGMENTATION]",
                               "LossyImageCompression"})
    EXPECT_THAT(dump, HasSubstr(expected));
}

TEST_F(SegmentationObject, TheSameInputGivesTheSameUids) {
  const auto uidsOf = [](const std::filesystem::path& path) {
    DcmFileFormat format;
    EXPECT_TRUE(format.loadFile(path.c_str()).good());
    std::string uids;
    for (const auto& tag :
         {DCM_SOPInstanceUID, DCM_SeriesInstanceUID, DCM_StudyInstanceUID, DCM_FrameOfReferenceUID}) {
      OFString uid;
      EXPECT_TRUE(format.getDataset()->findAndGetOFString(tag, uid).good());
      uids += uid.c_str() + std::string(" ");
    }
    return uids;
  };
  ASSERT_TRUE(writeDicomSegmentation(folder_ / "again.dcm", noise(), segments(), info()));
  EXPECT_EQ(uidsOf(folder_ / "again.dcm"), uidsOf(file()));
  LabelMap other = noise();
  other.at(5, 5, 5) = other.at(5, 5, 5) == 3 ? 8 : 3;
  ASSERT_TRUE(writeDicomSegmentation(folder_ / "other.dcm", other, segments(), info()));
  EXPECT_NE(uidsOf(folder_ / "other.dcm"), uidsOf(file()));
}

TEST_F(SegmentationObject, WithASourceItBelongsToThatPatientAndStudy) {
  Volume ct(obliqueGrid(), 40);
  CtSeriesInfo ctInfo;
  ctInfo.patientId = "4711";
  ctInfo.seed = 9;
  ASSERT_TRUE(writeCtSeries(folder_ / "ct", ct, ctInfo));
  const auto choice = chooseCtSeries(scanFolder(folder_ / "ct").value());
  ASSERT_TRUE(choice);
  DerivedObjectInfo of = info();
  of.source = choice->series;
  ASSERT_TRUE(writeDicomSegmentation(file(), noise(), segments(), of));
  change([&](DcmDataset& data) {
    OFString text;
    data.findAndGetOFString(DCM_PatientID, text);
    EXPECT_EQ(text, "4711");
    data.findAndGetOFString(DCM_StudyInstanceUID, text);
    EXPECT_EQ(text, choice->series.studyUid.c_str());
    DcmItem* series = nullptr;
    ASSERT_TRUE(data.findAndGetSequenceItem(DCM_ReferencedSeriesSequence, series, 0).good());
    series->findAndGetOFString(DCM_SeriesInstanceUID, text);
    EXPECT_EQ(text, choice->series.uid.c_str());
    DcmSequenceOfItems* images = nullptr;
    ASSERT_TRUE(series->findAndGetSequence(DCM_ReferencedInstanceSequence, images).good());
    EXPECT_EQ(images->card(), 9U);
  });
  const std::string frame = frameOfReferenceUid(choice->series).value();
  EXPECT_TRUE(readDicomSegmentation(file(), frame));
  const auto elsewhere = readDicomSegmentation(file(), "2.25.1");
  ASSERT_FALSE(elsewhere);
  EXPECT_TRUE(hasCode(elsewhere.error(), "dicom.seg-other-frame-of-reference"));
}

TEST_F(SegmentationObject, AFractionalOneIsRefused) {
  change([](DcmDataset& data) { data.putAndInsertString(DCM_SegmentationType, "FRACTIONAL"); });
  expectRefused("dicom.seg-fractional");
}

TEST_F(SegmentationObject, AnotherKindOfFileIsRefused) {
  change([](DcmDataset& data) { data.putAndInsertString(DCM_SOPClassUID, UID_CTImageStorage); });
  expectRefused("dicom.seg-not-one");
  std::ofstream(file()) << "no DICOM at all";
  expectRefused("dicom.damaged");
}

TEST_F(SegmentationObject, ATruncatedOneIsRefused) {
  const auto bytes = std::filesystem::file_size(file());
  for (const auto kept : {bytes - 20, bytes / 2, bytes / 10}) {
    std::filesystem::resize_file(file(), kept);
    expectRefused("dicom.damaged");
  }
}

TEST_F(SegmentationObject, MissingPixelsAreSeen) {
  change([](DcmDataset& data) {
    const std::vector<Uint8> few(16, 255);
    data.putAndInsertUint8Array(DCM_PixelData, few.data(), few.size());
  });
  expectRefused("dicom.damaged");
}

TEST_F(SegmentationObject, FramesOffTheGridAreRefused) {
  change([](DcmDataset& data) {
    DcmItem *frame = nullptr, *position = nullptr;
    ASSERT_TRUE(data.findAndGetSequenceItem(DCM_PerFrameFunctionalGroupsSequence, frame, 3).good());
    ASSERT_TRUE(frame->findAndGetSequenceItem(DCM_PlanePositionSequence, position, 0).good());
    ASSERT_TRUE(position->putAndInsertString(DCM_ImagePositionPatient, "-29\\12.5\\-391").good());
  });
  expectRefused("dicom.seg-geometry");
}

TEST_F(SegmentationObject, OverlappingSegmentsKeepTheLowerNumber) {
  change([](DcmDataset& data) {
    const std::vector<Uint8> all((77 * 10 + 15) / 16 * 2, 255);
    data.putAndInsertUint8Array(DCM_PixelData, all.data(), all.size());
  });
  const auto read = readDicomSegmentation(file());
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_THAT(read->labels.voxels, testing::Each(1));
  ASSERT_EQ(read->notices.size(), 1U);
  EXPECT_EQ(read->notices.front().code, "dicom.seg-overlap");
}

TEST(SegmentationObjects, NeedASegment) {
  const TempFolder folder;
  const auto written =
      writeDicomSegmentation(folder / "seg.dcm", LabelMap(obliqueGrid()), segments(), info());
  ASSERT_FALSE(written);
  EXPECT_EQ(written.error().code, ErrorCode::Usage);
  EXPECT_FALSE(std::filesystem::exists(folder / "seg.dcm"));
}

TEST(ParametricMap, HoldsTheNumbersAsTheyAre) {
  const TempFolder folder;
  ScalarImage image(obliqueGrid());
  std::mt19937 random(11);
  for (auto& voxel : image.voxels) voxel = std::uniform_real_distribution<float>(0, 1)(random);
  ASSERT_TRUE(writeParametricMap(folder / "map.dcm", image,
                                 {"Uncertainty", "Variance of the class probabilities"}, info()));
  DcmFileFormat format;
  ASSERT_TRUE(format.loadFile((folder / "map.dcm").c_str()).good());
  DcmDataset& data = *format.getDataset();
  OFString text;
  data.findAndGetOFString(DCM_SOPClassUID, text);
  EXPECT_EQ(text, UID_ParametricMapStorage);
  DcmElement* pixels = nullptr;
  ASSERT_TRUE(data.findAndGetElement(DCM_FloatPixelData, pixels).good());
  Float32* values = nullptr;
  ASSERT_TRUE(pixels->getFloat32Array(values).good());
  ASSERT_EQ(pixels->getLength(), image.voxels.size() * sizeof(float));
  EXPECT_EQ(std::vector<float>(values, values + image.voxels.size()), image.voxels);
  DcmItem *frame = nullptr, *position = nullptr;
  ASSERT_TRUE(data.findAndGetSequenceItem(DCM_PerFrameFunctionalGroupsSequence, frame, 8).good());
  ASSERT_TRUE(frame->findAndGetSequenceItem(DCM_PlanePositionSequence, position, 0).good());
  const Vec3 expected = image.grid.worldFromIndex({0, 0, 8});
  for (unsigned long axis = 0; axis < 3; ++axis) {
    Float64 at = 0.0;
    ASSERT_TRUE(position->findAndGetFloat64(DCM_ImagePositionPatient, at, axis).good());
    EXPECT_NEAR(at, expected[static_cast<int>(axis)], 1e-9);
  }
}

}  // namespace
}  // namespace coxa
