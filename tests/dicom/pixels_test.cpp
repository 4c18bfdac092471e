#include "made_series.hpp"
#include "support/temp_folder.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>

namespace coxa {
namespace {

struct Syntax {
  const char* name;
  E_TransferSyntax id;
};

void PrintTo(const Syntax& syntax, std::ostream* out) {
  *out << syntax.name;
}

class TransferSyntax : public testing::TestWithParam<Syntax> {};

/// Every part of the range with a grain. The words climb without jumps over half the range: DCMTK's JPEG-LS
/// encoder writes damaged streams for those.
std::vector<int> fullRange(int bits, bool isSigned, int count, unsigned seed) {
  const int words = 1 << bits;
  std::mt19937 random(seed);
  std::uniform_int_distribution<int> grain(-words / 64, words / 64);
  std::vector<int> values;
  for (int n = 0; n < count; ++n) {
    const int ramp = static_cast<int>(static_cast<std::int64_t>(words - 1) * n / (count - 1));
    const int word = n == 0 || n == count - 1 ? ramp : std::clamp(ramp + grain(random), 0, words - 1);
    values.push_back(isSigned && word >= words / 2 ? word - words : word);
  }
  return values;
}

/// 16 bits signed, 12 bits unsigned, 12 bits signed, 8 bits: what scanners and converters write.
TEST_P(TransferSyntax, GivesEveryValueOfEveryLayout) {
  struct Layout {
    int allocated, stored;
    bool isSigned;
  };
  for (const Layout layout : {Layout{16, 16, true}, Layout{16, 16, false}, Layout{16, 12, false},
                              Layout{16, 12, true}, Layout{8, 8, false}}) {
    // DCMTK's JPEG-LS encoder (not its decoder) stops at an assertion for signed values of fewer bits than
    // their word.
    if (GetParam().id == EXS_JPEGLSLossless && layout.isSigned && layout.stored < 16) continue;
    SCOPED_TRACE(std::to_string(layout.stored) + (layout.isSigned ? " signed" : " unsigned"));
    const TempFolder folder;
    auto slices = madeSlices(7);
    unsigned seed = 3;
    for (MadeSlice& slice : slices) {
      slice.rows = 37;
      slice.columns = 41;
      slice.bitsAllocated = layout.allocated;
      slice.bitsStored = layout.stored;
      slice.isSigned = layout.isSigned;
      slice.intercept = layout.stored == 16 && !layout.isSigned ? "-32768"
                        : layout.stored == 16                   ? "0"
                                                                : "-1024";
      slice.stored = fullRange(layout.stored, layout.isSigned, 37 * 41, ++seed);
    }
    writeSlices(folder.path(), slices, GetParam().id);
    const auto ct = readFolder(folder.path());
    ASSERT_TRUE(ct) << ct.error().message << " " << ct.error().detail;
    EXPECT_TRUE(ct->notices.empty()) << ct->notices.front().message;
    for (int k = 0; k < 7; ++k) {
      const MadeSlice& slice = slices[static_cast<std::size_t>(k)];
      const int intercept = std::stoi(slice.intercept);
      for (std::size_t n = 0; n < slice.stored.size(); ++n)
        ASSERT_EQ(ct->volume.slice(k)[n], slice.stored[n] + intercept) << "slice " << k << " pixel " << n;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(All, TransferSyntax,
                         testing::Values(Syntax{"implicit", EXS_LittleEndianImplicit},
                                         Syntax{"explicit", EXS_LittleEndianExplicit},
                                         Syntax{"bigEndian", EXS_BigEndianExplicit},
                                         Syntax{"deflated", EXS_DeflatedLittleEndianExplicit},
                                         Syntax{"jpegLossless", EXS_JPEGProcess14},
                                         Syntax{"jpegLosslessSv1", EXS_JPEGProcess14SV1},
                                         Syntax{"jpegLs", EXS_JPEGLSLossless}, Syntax{"rle", EXS_RLELossless},
                                         Syntax{"jpeg2000", EXS_JPEG2000LosslessOnly}),
                         [](const auto& test) { return std::string(test.param.name); });

TEST(Pixels, AreConvertedByEachSlicesOwnSlopeAndIntercept) {
  const TempFolder folder;
  auto slices = madeSlices(3);
  slices[1].slope = "0.5";
  slices[1].intercept = "-1000.25";
  slices[2].slope = "2";
  writeSlices(folder.path(), slices);
  const auto ct = readFolder(folder.path());
  ASSERT_TRUE(ct) << ct.error().message;
  EXPECT_NE(noticeOf(*ct, "dicom.mixed-rescale"), nullptr);
  for (int j = 0; j < 6; ++j)
    for (int i = 0; i < 8; ++i) {
      EXPECT_EQ(ct->volume.at(i, j, 0), madeValue(i, j, 0) - 1024);
      EXPECT_EQ(ct->volume.at(i, j, 1), std::nearbyint(madeValue(i, j, 1) * 0.5 - 1000.25));
      EXPECT_EQ(ct->volume.at(i, j, 2), 2 * madeValue(i, j, 2) - 1024);
    }
}

TEST(Pixels, OutsideSixteenBitsAreClampedAndSaid) {
  const TempFolder folder;
  auto slices = madeSlices(3);
  slices[1].stored.assign(48, 100);
  slices[1].stored[7] = 32767;
  slices[1].stored[9] = -32768;
  slices[1].slope = "1.5";
  writeSlices(folder.path(), slices);
  const auto ct = readFolder(folder.path());
  ASSERT_TRUE(ct);
  EXPECT_EQ(ct->volume.slice(1)[7], 32767);
  EXPECT_EQ(ct->volume.slice(1)[9], -32768);
  const Notice* notice = noticeOf(*ct, "dicom.clamped");
  ASSERT_NE(notice, nullptr);
  EXPECT_EQ(notice->message.rfind("2 values", 0), 0U);
  EXPECT_NE(notice->message.find("s101.dcm"), std::string::npos);
}

TEST(Pixels, OfPaddingAreAir) {
  const TempFolder folder;
  auto slices = madeSlices(2);
  for (MadeSlice& slice : slices) {
    slice.stored.assign(48, 1100);
    slice.stored[3] = -2000;
    slice.change = [](DcmDataset& data) { data.putAndInsertSint16(DCM_PixelPaddingValue, -2000); };
  }
  writeSlices(folder.path(), slices);
  const auto ct = readFolder(folder.path());
  ASSERT_TRUE(ct);
  EXPECT_EQ(ct->volume.slice(0)[3], -1024);
  EXPECT_EQ(ct->volume.slice(0)[4], 76);
}

TEST(Pixels, WithoutRescaleAreTakenAsHuWithAWarning) {
  const TempFolder folder;
  auto slices = madeSlices(2);
  slices[1].change = [](DcmDataset& data) { data.findAndDeleteElement(DCM_RescaleSlope); };
  writeSlices(folder.path(), slices);
  const auto ct = readFolder(folder.path());
  ASSERT_TRUE(ct);
  ASSERT_NE(noticeOf(*ct, "dicom.no-rescale"), nullptr);
  EXPECT_NE(noticeOf(*ct, "dicom.no-rescale")->message.find("s101.dcm"), std::string::npos);
}

TEST(Pixels, InAnotherUnitAreReported) {
  const TempFolder folder;
  auto slices = madeSlices(2);
  for (MadeSlice& slice : slices)
    slice.change = [](DcmDataset& data) { data.putAndInsertString(DCM_RescaleType, "Z_EFF"); };
  writeSlices(folder.path(), slices);
  const auto ct = readFolder(folder.path());
  ASSERT_TRUE(ct);
  EXPECT_NE(noticeOf(*ct, "dicom.not-hu"), nullptr);
}

}  // namespace
}  // namespace coxa
