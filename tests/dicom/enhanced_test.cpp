#include "made_series.hpp"
#include "support/temp_folder.hpp"

#include <gtest/gtest.h>

namespace coxa {
namespace {

constexpr int kFrames = 21;
constexpr int kRows = 24;  // GDCM's JPEG 2000 encoder corrupts memory on tiny images
constexpr int kColumns = 32;

DcmItem* itemOf(DcmItem& parent, const DcmTagKey& sequence, long number = 0) {
  DcmItem* item = nullptr;
  parent.findOrCreateSequenceItem(sequence, item, number);
  return item;
}

/// An Enhanced CT whose frames stand in the file in the order 0, 5, 10, … (modulo their number), each with
/// its own place and slope, and with what is common in the shared groups.
void makeEnhanced(DcmDataset& data) {
  data.putAndInsertString(DCM_SOPClassUID, UID_EnhancedCTImageStorage);
  data.putAndInsertString(DCM_NumberOfFrames, std::to_string(kFrames).c_str());
  for (const DcmTagKey& tag : {DCM_ImagePositionPatient, DCM_ImageOrientationPatient, DCM_PixelSpacing,
                               DCM_RescaleSlope, DCM_RescaleIntercept, DCM_RescaleType})
    data.findAndDeleteElement(tag);
  DcmItem* shared = itemOf(data, DCM_SharedFunctionalGroupsSequence);
  itemOf(*shared, DCM_PixelMeasuresSequence)->putAndInsertString(DCM_PixelSpacing, "0.8\\0.7");
  itemOf(*shared, DCM_PlaneOrientationSequence)
      ->putAndInsertString(DCM_ImageOrientationPatient, "1\\0\\0\\0\\1\\0");
  std::vector<Uint16> words;
  for (int n = 0; n < kFrames; ++n) {
    const int k = n * 5 % kFrames;
    DcmItem* groups = itemOf(data, DCM_PerFrameFunctionalGroupsSequence, n);
    itemOf(*groups, DCM_PlanePositionSequence)
        ->putAndInsertString(DCM_ImagePositionPatient, ("-10\\20\\" + std::to_string(2 * k)).c_str());
    DcmItem* rescale = itemOf(*groups, DCM_PixelValueTransformationSequence);
    rescale->putAndInsertString(DCM_RescaleSlope, k == 4 ? "2" : "1");
    rescale->putAndInsertString(DCM_RescaleIntercept, "-1000");
    rescale->putAndInsertString(DCM_RescaleType, "HU");
    for (int j = 0; j < kRows; ++j)
      for (int i = 0; i < kColumns; ++i) words.push_back(static_cast<Uint16>(madeValue(i, j, k)));
  }
  data.putAndInsertUint16Array(DCM_PixelData, words.data(), words.size());
}

class EnhancedCt : public testing::TestWithParam<E_TransferSyntax> {};

TEST_P(EnhancedCt, IsReadFrameByFrame) {
  const TempFolder folder;
  MadeSlice file;
  file.rows = kRows;
  file.columns = kColumns;
  file.change = makeEnhanced;
  writeSlice(folder / "enhanced.dcm", file, 0, GetParam());
  const auto ct = readFolder(folder.path());
  ASSERT_TRUE(ct) << ct.error().message << ct.error().detail;
  const Grid& grid = ct->volume.grid;
  ASSERT_EQ(grid.size, Eigen::Vector3i(kColumns, kRows, kFrames));
  EXPECT_EQ(grid.spacing, Vec3(0.7, 0.8, 2.0));
  EXPECT_EQ(grid.origin, Vec3(-10, 20, 0));
  for (int k = 0; k < kFrames; ++k)
    for (int j = 0; j < kRows; ++j)
      for (int i = 0; i < kColumns; ++i)
        ASSERT_EQ(ct->volume.at(i, j, k), (k == 4 ? 2 : 1) * madeValue(i, j, k) - 1000);
}

INSTANTIATE_TEST_SUITE_P(Syntaxes, EnhancedCt,
                         testing::Values(EXS_LittleEndianExplicit, EXS_BigEndianExplicit,
                                         EXS_DeflatedLittleEndianExplicit, EXS_JPEGProcess14SV1,
                                         EXS_JPEGLSLossless, EXS_RLELossless, EXS_JPEG2000LosslessOnly));

TEST(EnhancedCtFile, NamesTheFrameThatDoesNotFit) {
  const TempFolder folder;
  MadeSlice file;
  file.rows = kRows;
  file.columns = kColumns;
  file.change = [](DcmDataset& data) {
    makeEnhanced(data);
    DcmItem* groups = itemOf(data, DCM_PerFrameFunctionalGroupsSequence, 6);
    groups->findAndDeleteElement(DCM_PlanePositionSequence);
  };
  writeSlice(folder / "enhanced.dcm", file, 0);
  const auto ct = readFolder(folder.path());
  ASSERT_FALSE(ct);
  EXPECT_TRUE(hasCode(ct.error(), "dicom.no-geometry"));
  EXPECT_NE(ct.error().message.find("enhanced.dcm (frame 7)"), std::string::npos) << ct.error().message;
}

}  // namespace
}  // namespace coxa
