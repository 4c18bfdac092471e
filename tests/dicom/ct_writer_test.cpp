#include "coxa/dicom/ct_writer.hpp"

#include "support/temp_folder.hpp"

#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmdata/dctk.h>
#include <gtest/gtest.h>

#include <fstream>
#include <regex>
#include <set>

namespace coxa {
namespace {

namespace fs = std::filesystem;

Volume smallVolume() {
  Grid grid;
  grid.size = {7, 5, 3};
  grid.origin = {-12.25, 30.5, -401.123456};
  grid.spacing = {0.75, 0.8, 2.5};
  grid.direction = Eigen::AngleAxisd(0.3, Vec3(1, 2, 3).normalized()).toRotationMatrix();
  Volume volume(grid);
  for (std::size_t i = 0; i < volume.voxels.size(); ++i)
    volume.voxels[i] = static_cast<std::int16_t>(37 * i - 1024);
  volume.voxels.front() = -32768;
  volume.voxels.back() = 32767;
  return volume;
}

std::string value(DcmFileFormat& file, const DcmTagKey& tag) {
  OFString text;
  file.getDataset()->findAndGetOFStringArray(tag, text);
  return {text.data(), text.size()};
}

std::string bytesOf(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

TEST(CtWriter, WritesEachSliceInItsPlaceWithItsValues) {
  const TempFolder folder;
  const Volume volume = smallVolume();
  CtSeriesInfo info;
  info.patientName = PersonName("Virtual^Patient=仮想^患者");
  info.seed = 5;
  ASSERT_TRUE(writeCtSeries(folder / "ct", volume, info));
  for (int k = 0; k < 3; ++k) {
    DcmFileFormat file;
    const std::string name = "000" + std::to_string(k + 1) + ".dcm";
    ASSERT_TRUE(file.loadFile((folder / "ct" / name).c_str()).good());
    EXPECT_EQ(value(file, DCM_PatientName), "Virtual^Patient=仮想^患者");
    Vec3 position;
    for (unsigned i = 0; i < 3; ++i)
      ASSERT_TRUE(file.getDataset()->findAndGetFloat64(DCM_ImagePositionPatient, position(i), i).good());
    EXPECT_LT((position - volume.grid.worldFromIndex({0, 0, double(k)})).norm(), 1e-9);
    const Uint16* pixels = nullptr;
    unsigned long count = 0;
    ASSERT_TRUE(file.getDataset()->findAndGetUint16Array(DCM_PixelData, pixels, &count).good());
    ASSERT_EQ(count, 35UL);
    EXPECT_TRUE(std::equal(pixels, pixels + count, volume.slice(k), [](Uint16 stored, std::int16_t hu) {
      return static_cast<std::int16_t>(stored) == hu;
    }));
  }
}

TEST(CtWriter, MakesValidUidsThatFollowTheSeed) {
  const TempFolder folder;
  CtSeriesInfo info;
  info.seed = 1;
  ASSERT_TRUE(writeCtSeries(folder / "a", smallVolume(), info));
  ASSERT_TRUE(writeCtSeries(folder / "b", smallVolume(), info));
  info.seed = 2;
  ASSERT_TRUE(writeCtSeries(folder / "c", smallVolume(), info));
  EXPECT_EQ(bytesOf(folder / "a" / "0002.dcm"), bytesOf(folder / "b" / "0002.dcm"));
  std::set<std::string> instances;
  for (const char* series : {"a", "c"})
    for (const char* slice : {"0001.dcm", "0002.dcm", "0003.dcm"}) {
      DcmFileFormat file;
      ASSERT_TRUE(file.loadFile((folder / series / slice).c_str()).good());
      for (const DcmTagKey& tag :
           {DCM_StudyInstanceUID, DCM_SeriesInstanceUID, DCM_FrameOfReferenceUID, DCM_SOPInstanceUID}) {
        EXPECT_LE(value(file, tag).size(), 64U);
        EXPECT_TRUE(std::regex_match(value(file, tag), std::regex("2\\.25\\.[1-9][0-9]*")));
      }
      instances.insert(value(file, DCM_SOPInstanceUID));
    }
  EXPECT_EQ(instances.size(), 6U);
}

TEST(CtWriter, NeverTouchesAFolderThatHoldsSomething) {
  const TempFolder folder;
  std::ofstream(folder / "mine.txt") << "keep";
  const auto done = writeCtSeries(folder.path(), smallVolume(), {});
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code, ErrorCode::Usage);
  EXPECT_EQ(std::distance(fs::directory_iterator(folder.path()), {}), 1);
}

TEST(CtWriter, LeavesNothingBehindWhenStoppedOrUnableToWrite) {
  const TempFolder folder;
  std::unique_ptr<Job> job;
  job = std::make_unique<Job>([&](const Progress&) { job->cancel(); });
  const auto done = writeCtSeries(folder / "ct", smallVolume(), {}, *job);
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code, ErrorCode::Cancelled);
  EXPECT_TRUE(fs::is_empty(folder.path()));

  std::ofstream(folder / "file") << "in the way";
  EXPECT_FALSE(writeCtSeries(folder / "file" / "ct", smallVolume(), {}));
  EXPECT_FALSE(writeCtSeries(folder / "ct", Volume{}, {}));
  EXPECT_EQ(std::distance(fs::directory_iterator(folder.path()), {}), 1);
}

}  // namespace
}  // namespace coxa
