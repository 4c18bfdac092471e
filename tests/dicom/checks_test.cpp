#include "made_series.hpp"
#include "support/temp_folder.hpp"

#include "coxa/dicom/ct_reader.hpp"
#include "coxa/dicom/scan.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <fstream>

namespace coxa {
namespace {

namespace fs = std::filesystem;

CtImage readOrDie(const fs::path& folder) {
  auto ct = readFolder(folder);
  if (!ct) throw std::runtime_error(ct.error().message);
  return std::move(*ct);
}

/// The error must carry the code and every word of `named`.
void expectError(const Result<CtImage>& ct, const std::string& code,
                 const std::vector<std::string>& named = {}) {
  ASSERT_FALSE(ct) << "expected " << code;
  EXPECT_EQ(ct.error().code, ErrorCode::BadInput);
  EXPECT_TRUE(hasCode(ct.error(), code)) << ct.error().detail << ": " << ct.error().message;
  for (const std::string& word : named)
    EXPECT_NE(ct.error().message.find(word), std::string::npos) << ct.error().message;
}

void expectNotice(const CtImage& ct, const std::string& code, const std::vector<std::string>& named = {}) {
  const Notice* notice = noticeOf(ct, code);
  ASSERT_NE(notice, nullptr) << "expected " << code;
  for (const std::string& word : named)
    EXPECT_NE(notice->message.find(word), std::string::npos) << notice->message;
}

TEST(Checks, AnEvenSeriesHasNothingToSay) {
  const TempFolder folder;
  writeSlices(folder.path(), madeSlices(12));
  EXPECT_TRUE(readOrDie(folder.path()).notices.empty());
}

TEST(Checks, FileNamesAndTheirOrderDoNotMatter) {
  const TempFolder folder;
  auto slices = madeSlices(12);
  writeSlices(folder / "a", slices);
  for (std::size_t k = 0; k < slices.size(); ++k)
    slices[k].name = "n" + std::to_string((k * 7 + 3) % 12) + "/image";
  writeSlices(folder / "b", slices);
  const CtImage a = readOrDie(folder / "a");
  const CtImage b = readOrDie(folder / "b");
  EXPECT_EQ(a.volume.voxels, b.volume.voxels);
  EXPECT_TRUE(sameGrid(a.volume.grid, b.volume.grid));
}

TEST(Checks, MissingSlicesAreFilledAndTheirPlacesNamed) {
  const TempFolder folder;
  auto slices = madeSlices(12);
  for (MadeSlice& slice : slices) slice.stored.assign(48, 1000 + static_cast<int>(slice.position.z() * 4));
  slices.erase(slices.begin() + 7);
  slices.erase(slices.begin() + 3, slices.begin() + 5);
  writeSlices(folder.path(), slices);
  const CtImage ct = readOrDie(folder.path());
  expectNotice(ct, "dicom.missing-slices", {"3 of 12", "z = 7.5 mm", "z = 10 mm", "z = 17.5 mm"});
  ASSERT_EQ(ct.volume.grid.size.z(), 12);
  EXPECT_DOUBLE_EQ(ct.volume.grid.spacing.z(), 2.5);
  for (int k = 0; k < 12; ++k) EXPECT_EQ(ct.volume.at(4, 4, k), -24 + 10 * k);
}

TEST(Checks, AWideGapIsAnError) {
  const TempFolder folder;
  auto slices = madeSlices(20);
  slices.erase(slices.begin() + 8, slices.begin() + 13);
  writeSlices(folder.path(), slices);
  expectError(readFolder(folder.path()), "dicom.missing-slices",
              {"s107.dcm", "z = 17.5 mm", "z = 32.5 mm", "15 mm"});
}

TEST(Checks, ASliceThatIsThereTwiceIsUsedOnce) {
  const TempFolder folder;
  const auto slices = madeSlices(6);
  writeSlices(folder.path(), slices);
  writeSlice(folder / "twice.dcm", slices[2], 2);
  const CtImage ct = readOrDie(folder.path());
  expectNotice(ct, "dicom.doubled-slices", {"1 slices", "twice.dcm", "z = 5 mm"});
  EXPECT_EQ(ct.volume.grid.size.z(), 6);
}

TEST(Checks, TwoSlicesAtOnePlaceWithOtherContentsAreAnError) {
  const TempFolder folder;
  auto slices = madeSlices(6);
  writeSlices(folder.path(), slices);
  slices[2].stored.assign(48, 77);
  writeSlice(folder / "other.dcm", slices[2], 40);
  expectError(readFolder(folder.path()), "dicom.doubled-slices", {"other.dcm", "s102.dcm", "z = 5 mm"});
}

TEST(Checks, UnevenSlicesAreInterpolatedAtTheirTruePlaces) {
  const TempFolder folder;
  auto slices = madeSlices(11, 2.0);
  for (std::size_t k = 6; k < slices.size(); ++k) slices[k].position.z() += 0.9;
  for (MadeSlice& slice : slices)
    slice.stored.assign(48, 1000 + static_cast<int>(std::lround(slice.position.z() * 10)));
  writeSlices(folder.path(), slices);
  const CtImage ct = readOrDie(folder.path());
  expectNotice(ct, "dicom.uneven-spacing", {"2.9 mm after z = 10 mm", "steps of 2 mm"});
  for (int k = 0; k < ct.volume.grid.size.z(); ++k) EXPECT_NEAR(ct.volume.at(3, 3, k), -24 + 20 * k, 1);
}

/// 1 % of the step is the border.
TEST(Checks, SpacingIsUnevenBeyondOnePercent) {
  for (const auto& [shift, uneven] : {std::pair{0.015, false}, std::pair{0.035, true}}) {
    const TempFolder folder;
    auto slices = madeSlices(11, 2.0);
    slices[5].position.z() += shift;
    writeSlices(folder.path(), slices);
    EXPECT_EQ(noticeOf(readOrDie(folder.path()), "dicom.uneven-spacing") != nullptr, uneven) << shift;
  }
}

TEST(Checks, RoundedPositionsAreEven) {
  const TempFolder folder;
  auto slices = madeSlices(40, 0.625);
  for (MadeSlice& slice : slices) slice.position.z() = std::round(slice.position.z() * 10.0) / 10.0;
  writeSlices(folder.path(), slices);
  const CtImage ct = readOrDie(folder.path());
  EXPECT_TRUE(ct.notices.empty()) << ct.notices.front().message;
  EXPECT_NEAR(ct.volume.grid.spacing.z(), 0.625, 0.003);
}

TEST(Checks, ATiltedGantryIsStraightened) {
  const TempFolder folder;
  const double tilt = radFromDeg(15.0);
  auto slices = madeSlices(16, 2.0);
  // The table moves along z while the slices are turned about x.
  const Vec3 column(0, std::cos(tilt), std::sin(tilt));
  const Vec3 ball(0.0, 4.0, 15.0);
  for (MadeSlice& slice : slices) {
    slice.rows = 48;
    slice.columns = 40;
    slice.column = column;
    slice.position = Vec3(-14.0, -16.0, slice.position.z());
    for (int j = 0; j < 48; ++j)
      for (int i = 0; i < 40; ++i) {
        const Vec3 at = slice.position + Vec3::UnitX() * (0.7 * i) + column * (0.8 * j);
        slice.stored.push_back(static_cast<int>(2000 - 100 * std::min(15.0, (at - ball).norm())));
      }
  }
  writeSlices(folder.path(), slices);
  const CtImage ct = readOrDie(folder.path());
  expectNotice(ct, "dicom.gantry-tilt", {"15°"});
  const Grid& grid = ct.volume.grid;
  EXPECT_LT((grid.direction.transpose() * grid.direction - Mat3::Identity()).norm(), 1e-6);
  EXPECT_NEAR(grid.spacing.z(), 2.0 * std::cos(tilt), 1e-6);
  int compared = 0;
  for (int k = 0; k < grid.size.z(); ++k)
    for (int j = 0; j < grid.size.y(); ++j)
      for (int i = 0; i < grid.size.x(); ++i) {
        const double distance = (grid.worldFromIndex(Vec3(i, j, k)) - ball).norm();
        if (distance > 8.0 || distance < 2.0) continue;
        ++compared;
        ASSERT_NEAR(ct.volume.at(i, j, k), 2000 - 100 * distance - 1024, 12.0);
      }
  EXPECT_GT(compared, 1000);
}

TEST(Checks, SlicesShiftedSidewaysWithoutARuleAreAnError) {
  const TempFolder folder;
  auto slices = madeSlices(10);
  slices[4].position.x() += 3.0;
  writeSlices(folder.path(), slices);
  expectError(readFolder(folder.path()), "dicom.shifted-slices", {"s104.dcm", "z = 10 mm", "3 mm"});
}

TEST(Checks, LocalizersArePassedOver) {
  const TempFolder folder;
  auto slices = madeSlices(10);
  slices.push_back({});
  slices.back().name = "scout.dcm";
  slices.back().column = -Vec3::UnitZ();
  slices.back().rows = 20;
  slices.back().change = [](DcmDataset& data) {
    data.putAndInsertString(DCM_ImageType, "ORIGINAL\\PRIMARY\\LOCALIZER");
  };
  writeSlices(folder.path(), slices);
  const CtImage ct = readOrDie(folder.path());
  expectNotice(ct, "dicom.localizers", {"scout.dcm"});
  EXPECT_EQ(ct.volume.grid.size.z(), 10);
}

TEST(Checks, ASingleSliceInAnotherPlaneIsPassedOver) {
  const TempFolder folder;
  auto slices = madeSlices(12);
  slices.push_back({});
  slices.back().name = "reformat.dcm";
  slices.back().column = -Vec3::UnitZ();
  writeSlices(folder.path(), slices);
  const CtImage ct = readOrDie(folder.path());
  expectNotice(ct, "dicom.other-orientation", {"reformat.dcm", "12 others"});
  EXPECT_EQ(ct.volume.grid.size.z(), 12);
}

TEST(Checks, MixedOrientationsAreAnError) {
  const TempFolder folder;
  auto slices = madeSlices(10);
  for (std::size_t k = 6; k < 10; ++k) slices[k].column = -Vec3::UnitZ();
  writeSlices(folder.path(), slices);
  expectError(readFolder(folder.path()), "dicom.mixed-orientations", {"s106.dcm", "6 alike"});
}

TEST(Checks, SlicesThatDoNotFitTogetherAreAnError) {
  struct Case {
    const char* code;
    std::function<void(MadeSlice&)> spoil;
  };
  const std::vector<Case> cases{
      {"dicom.mixed-matrix", [](MadeSlice& slice) { slice.rows = 7; }},
      {"dicom.mixed-spacing",
       [](MadeSlice& slice) {
         slice.change = [](DcmDataset& data) { data.putAndInsertString(DCM_PixelSpacing, "0.8\\0.71"); };
       }},
      {"dicom.mixed-frame-of-reference",
       [](MadeSlice& slice) {
         slice.change = [](DcmDataset& data) {
           data.putAndInsertString(DCM_FrameOfReferenceUID, "1.2.3.99");
         };
       }},
      {"dicom.no-geometry",
       [](MadeSlice& slice) {
         slice.change = [](DcmDataset& data) { data.findAndDeleteElement(DCM_ImagePositionPatient); };
       }},
      {"dicom.unsupported-pixels", [](MadeSlice& slice) {
         slice.change = [](DcmDataset& data) { data.putAndInsertUint16(DCM_BitsStored, 17); };
       }}};
  for (const Case& test : cases) {
    SCOPED_TRACE(test.code);
    const TempFolder folder;
    auto slices = madeSlices(8);
    test.spoil(slices[5]);
    writeSlices(folder.path(), slices);
    expectError(readFolder(folder.path()), test.code, {"s105.dcm"});
  }
}

TEST(Checks, AnotherModalityIsAnError) {
  const TempFolder folder;
  auto slices = madeSlices(4);
  for (MadeSlice& slice : slices)
    slice.change = [](DcmDataset& data) {
      data.putAndInsertString(DCM_Modality, "MR");
      data.putAndInsertString(DCM_SOPClassUID, UID_MRImageStorage);
    };
  writeSlices(folder.path(), slices);
  const auto index = scanFolder(folder.path());
  ASSERT_TRUE(index);
  EXPECT_FALSE(chooseCtSeries(*index));
  expectError(readCt(index->patients.front().studies.front().series.front()), "dicom.not-ct",
              {"s100.dcm", "MR"});
}

TEST(Checks, OneSliceIsNoVolume) {
  const TempFolder folder;
  writeSlices(folder.path(), madeSlices(1));
  expectError(readFolder(folder.path()), "dicom.too-few-slices");
}

class Damaged : public testing::TestWithParam<E_TransferSyntax> {};

/// Cut at any length: named, never a crash, never a volume.
TEST_P(Damaged, ATruncatedFileIsNamed) {
  const TempFolder folder;
  auto slices = madeSlices(4);
  for (MadeSlice& slice : slices) slice.rows = slice.columns = 64;
  writeSlices(folder.path(), slices, GetParam());
  const auto index = scanFolder(folder.path());
  ASSERT_TRUE(index);
  const SeriesInfo series = chooseCtSeries(*index)->series;
  const auto size = fs::file_size(folder / "s102.dcm");
  for (int part = 0; part < 20; ++part) {
    fs::resize_file(folder / "s102.dcm", size * static_cast<std::uintmax_t>(19 - part) / 20);
    expectError(readCt(series), "dicom.damaged", {"s102.dcm"});
    ASSERT_TRUE(scanFolder(folder.path()));
  }
}

/// Bytes of the compressed pixels turned over: an error or, where the code allows no telling, a volume of the
/// right size; never a crash.
TEST_P(Damaged, ACorruptFileNeverCrashes) {
  const TempFolder folder;
  auto slices = madeSlices(3);
  for (MadeSlice& slice : slices) slice.rows = slice.columns = 64;
  writeSlices(folder.path(), slices, GetParam());
  const SeriesInfo series = chooseCtSeries(*scanFolder(folder.path()))->series;
  const fs::path file = folder / "s101.dcm";
  std::ifstream in(file, std::ios::binary);
  const std::string whole{std::istreambuf_iterator<char>(in), {}};
  for (std::size_t n = 0; n < 60; ++n) {
    std::string bytes = whole;
    for (std::size_t i = 0; i < 4; ++i)
      bytes[(132 + n * 7919 + i * 104729) % bytes.size()] ^= static_cast<char>(0x55 + n);
    std::ofstream(file, std::ios::binary) << bytes;
    const auto ct = readCt(series);
    EXPECT_TRUE(!ct || ct->volume.grid.size.z() == 3 || !ct->notices.empty());
  }
}

INSTANTIATE_TEST_SUITE_P(Syntaxes, Damaged,
                         testing::Values(EXS_LittleEndianExplicit, EXS_LittleEndianImplicit,
                                         EXS_DeflatedLittleEndianExplicit, EXS_JPEGProcess14SV1,
                                         EXS_JPEGLSLossless, EXS_RLELossless, EXS_JPEG2000LosslessOnly));

TEST(Checks, ReadingCanBeCancelled) {
  const TempFolder folder;
  writeSlices(folder.path(), madeSlices(8));
  const SeriesInfo series = chooseCtSeries(*scanFolder(folder.path()))->series;
  const Job job;
  job.cancel();
  const auto ct = readCt(series, job);
  ASSERT_FALSE(ct);
  EXPECT_EQ(ct.error().code, ErrorCode::Cancelled);
}

}  // namespace
}  // namespace coxa
