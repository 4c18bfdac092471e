#include "coxa/dicom/scan.hpp"

#include "made_series.hpp"
#include "support/temp_folder.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>

namespace coxa {
namespace {

namespace fs = std::filesystem;

/// `count` slices of a series of their own.
void addSeries(const fs::path& folder, int number, int count,
               const std::function<void(DcmDataset&)>& change = {}) {
  auto slices = madeSlices(count);
  for (MadeSlice& slice : slices)
    slice.change = [=](DcmDataset& data) {
      data.putAndInsertString(DCM_SeriesNumber, std::to_string(number).c_str());
      data.putAndInsertString(DCM_SeriesInstanceUID, ("1.2.3.2." + std::to_string(number)).c_str());
      if (change) change(data);
    };
  writeSlices(folder, slices);
}

std::function<void(DcmDataset&)> put(const DcmTagKey& tag, const std::string& value) {
  return [=](DcmDataset& data) { data.putAndInsertString(tag, value.c_str()); };
}

PersonName nameWith(const std::string& characterSet, const std::string& bytes) {
  const TempFolder folder;
  addSeries(folder.path(), 1, 1, [&](DcmDataset& data) {
    if (!characterSet.empty()) data.putAndInsertString(DCM_SpecificCharacterSet, characterSet.c_str());
    data.putAndInsertString(DCM_PatientName, bytes.c_str());
  });
  return scanFolder(folder.path())->patients.front().name;
}

TEST(Scan, FindsPatientsStudiesAndSeriesAmongForeignFiles) {
  const TempFolder folder;
  addSeries(folder / "a/b/c", 1, 3);
  addSeries(folder / "d", 2, 4, put(DCM_SeriesDescription, "Pelvis"));
  addSeries(folder / "e", 3, 2, put(DCM_StudyInstanceUID, "1.2.3.77"));
  addSeries(folder / "f", 4, 2, put(DCM_PatientID, "other"));
  std::ofstream(folder / "README.txt") << "not DICOM";
  const std::ofstream empty(folder / "d" / "empty");
  std::ofstream(folder / "d" / "photo.jpg") << std::string(5000, '\xFF');
  fs::create_directory_symlink(folder.path(), folder / "a" / "loop");
  const auto index = scanFolder(folder.path());
  ASSERT_TRUE(index) << index.error().message;
  EXPECT_EQ(index->dicomFiles, 11);
  EXPECT_EQ(index->foreignFiles, 3);
  EXPECT_TRUE(index->notices.empty());
  ASSERT_EQ(index->patients.size(), 2U);
  ASSERT_EQ(index->patients[0].studies.size(), 2U);
  const auto& series = index->patients[0].studies[0].series;
  ASSERT_EQ(series.size(), 2U);
  EXPECT_EQ(series[0].number, 1);
  EXPECT_EQ(series[1].description, "Pelvis");
  EXPECT_EQ(series[1].imageCount, 4);
  EXPECT_EQ(series[1].files.size(), 4U);
  EXPECT_EQ(series[1].columns, 8);
  EXPECT_EQ(series[1].rows, 6);
  EXPECT_EQ(series[1].plane, SlicePlane::Axial);
  EXPECT_EQ(series[1].transferSyntaxUid, "1.2.840.10008.1.2.1");
}

TEST(Scan, NamesTheOrientation) {
  const auto planeOf = [](const std::string& axes) {
    const TempFolder folder;
    addSeries(folder.path(), 1, 1, put(DCM_ImageOrientationPatient, axes));
    return scanFolder(folder.path())->patients[0].studies[0].series[0].plane;
  };
  EXPECT_EQ(planeOf("1\\0\\0\\0\\1\\0"), SlicePlane::Axial);
  EXPECT_EQ(planeOf("1\\0\\0\\0\\0\\-1"), SlicePlane::Coronal);
  EXPECT_EQ(planeOf("0\\1\\0\\0\\0\\-1"), SlicePlane::Sagittal);
  EXPECT_EQ(planeOf("1\\0\\0\\0\\0.70710678\\0.70710678"), SlicePlane::Oblique);
}

TEST(Scan, AFileWithoutPreambleIsReadAndABrokenOneNamed) {
  const TempFolder folder;
  addSeries(folder.path(), 1, 2);
  DcmFileFormat file;
  ASSERT_TRUE(file.loadFile((folder / "s101.dcm").c_str()).good());
  ASSERT_TRUE(file.getDataset()->saveFile((folder / "s101.dcm").c_str(), EXS_LittleEndianImplicit).good());
  fs::copy(folder / "s100.dcm", folder / "broken.dcm");
  fs::resize_file(folder / "broken.dcm", 400);
  const auto index = scanFolder(folder.path());
  ASSERT_TRUE(index);
  EXPECT_EQ(index->patients[0].studies[0].series[0].imageCount, 2);
  ASSERT_EQ(index->notices.size(), 1U);
  EXPECT_EQ(index->notices[0].code, "dicom.unreadable");
  EXPECT_NE(index->notices[0].message.find("broken.dcm"), std::string::npos);
}

TEST(Scan, SaysWhenThereIsNothing) {
  const TempFolder folder;
  EXPECT_TRUE(hasCode(scanFolder(folder.path()).error(), "dicom.no-files"));
  EXPECT_TRUE(hasCode(scanFolder(folder / "missing").error(), "dicom.no-folder"));
}

/// DICOM PS3.5 annex H.3.1 and H.3.2 give these bytes for Yamada Tarou; annex I the Korean, X the Chinese
/// one.
TEST(PatientName, IsReadInAnyCharacterSet) {
  EXPECT_EQ(nameWith("\\ISO 2022 IR 87",
                     "Yamada^Tarou=\x1B$B;3ED\x1B(B^\x1B$BB@O:\x1B(B="
                     "\x1B$B$d$^$@\x1B(B^\x1B$B$?$m$&\x1B(B")
                .forDicomFile(),
            "Yamada^Tarou=山田^太郎=やまだ^たろう");
  EXPECT_EQ(nameWith("ISO 2022 IR 13\\ISO 2022 IR 87",
                     "\xD4\xCF\xC0\xDE^\xC0\xDB\xB3=\x1B$B;3ED\x1B(J^\x1B$BB@O:\x1B(J="
                     "\x1B$B$d$^$@\x1B(J^\x1B$B$?$m$&\x1B(J")
                .forDicomFile(),
            "ﾔﾏﾀﾞ^ﾀﾛｳ=山田^太郎=やまだ^たろう");
  EXPECT_EQ(nameWith("\\ISO 2022 IR 149", "Hong^Gildong=\x1B$)C\xFB\xF3^\x1B$)C\xD1\xCE\xD4\xD7")
                .ideographicForScreen(),
            "洪 吉洞");
  EXPECT_EQ(nameWith("ISO_IR 192", "Wang^XiaoDong=王^小東").forScreen(), "王 小東");
  EXPECT_EQ(nameWith("GB18030", "Wang^XiaoDong=\xCD\xF5^\xD0\xA1\xB6\xAB").forScreen(), "王 小东");
  EXPECT_EQ(nameWith("ISO_IR 100", "Buc^J\xE9r\xF4me").forScreen(), "Buc Jérôme");
  EXPECT_EQ(nameWith("ISO_IR 144",
                     "\xBB\xEE\xDA"
                     "ce\xDC\xD1yp\xD3")
                .forScreen(),
            "Люкceмбypг");
}

TEST(PatientName, WithAWrongCharacterSetStaysValidUtf8) {
  EXPECT_EQ(nameWith("", "Müller^Jürgen").forScreen(), "Müller Jürgen");  // UTF-8 and not said
  EXPECT_EQ(nameWith("", "M\xFCller").forScreen(), "M\xEF\xBF\xBDller");
  EXPECT_EQ(nameWith("ISO 9999", "Doe^Jane").forScreen(), "Doe Jane");
}

TEST(PatientName, IsInNoMessage) {
  const TempFolder folder;
  addSeries(folder / "x", 1, 3, put(DCM_PatientName, "Secret^Name"));
  addSeries(folder / "y", 2, 3, [](DcmDataset& data) {
    data.putAndInsertString(DCM_PatientID, "other");
    data.putAndInsertString(DCM_PatientName, "Secret^Other");
  });
  testing::internal::CaptureStderr();
  const auto index = scanFolder(folder.path());
  const auto choice = chooseCtSeries(*index);
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "");
  ASSERT_FALSE(choice);
  EXPECT_EQ((choice.error().message + choice.error().detail).find("Secret"), std::string::npos);
  EXPECT_EQ(choice.error().message.find("4711"), std::string::npos);
}

TEST(Choice, TakesTheLargestAxialSeriesAndSaysWhy) {
  const TempFolder folder;
  addSeries(folder / "1", 1, 9, put(DCM_ImageType, "ORIGINAL\\PRIMARY\\LOCALIZER"));
  addSeries(folder / "2", 2, 4);
  addSeries(folder / "3", 3, 6);
  addSeries(folder / "4", 4, 8, put(DCM_ImageOrientationPatient, "1\\0\\0\\0\\0\\-1"));
  addSeries(folder / "5", 5, 20, put(DCM_Modality, "MR"));
  const auto index = scanFolder(folder.path());
  const auto choice = chooseCtSeries(*index);
  ASSERT_TRUE(choice) << choice.error().message;
  EXPECT_EQ(choice->series.number, 3);
  EXPECT_EQ(choice->others.size(), 4U);
  EXPECT_NE(choice->reason.find("series 3"), std::string::npos);
  EXPECT_NE(choice->reason.find("most slices"), std::string::npos);
  EXPECT_EQ(choice->patientName.forScreen(), "Doe Jane");
  EXPECT_EQ(choice->pseudonym, pseudonymFor("4711", choice->patientName));
}

TEST(Choice, FollowsTheSelector) {
  const TempFolder folder;
  addSeries(folder / "2", 2, 4);
  addSeries(folder / "3", 3, 6);
  const auto index = scanFolder(folder.path());
  EXPECT_EQ(chooseCtSeries(*index, "2")->series.number, 2);
  EXPECT_EQ(chooseCtSeries(*index, "1.2.3.2.3")->series.number, 3);
  const auto none = chooseCtSeries(*index, "7");
  ASSERT_FALSE(none);
  EXPECT_TRUE(hasCode(none.error(), "dicom.no-series"));
  EXPECT_NE(none.error().message.find("series 2"), std::string::npos);
}

TEST(Choice, DoesNotGuessAmongPatients) {
  const TempFolder folder;
  addSeries(folder / "2", 2, 4);
  addSeries(folder / "3", 3, 6, put(DCM_PatientID, "other"));
  const auto index = scanFolder(folder.path());
  EXPECT_TRUE(hasCode(chooseCtSeries(*index).error(), "dicom.several-patients"));
  EXPECT_EQ(chooseCtSeries(*index, "3")->series.number, 3);
}

}  // namespace
}  // namespace coxa
