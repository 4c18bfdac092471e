#include "made_series.hpp"
#include "support/shared_data.hpp"

#include "coxa/dicom/ct_reader.hpp"

#include <gdcmAttribute.h>
#include <gdcmImageReader.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

namespace coxa {
namespace {

namespace fs = std::filesystem;

/// What pydicom 2.3.1 says of the headers (pydicom.dcmread(file, stop_before_pixels=True) of every file):
/// transfer syntax, number of files, least and greatest ImagePositionPatient[2], x and y of all of them.
struct Expected {
  const char* folder;
  const char* transferSyntax;
  int slices;
  double firstZ, lastZ, x, y;
};

class RealCt : public testing::TestWithParam<Expected> {};

TEST_P(RealCt, LiesWherePydicomSaysItDoes) {
  COXA_NEEDS_SHARED_DATA();
  const Expected& expected = GetParam();
  const auto ct = readFolder(sharedData() / "pelvic-ref" / expected.folder);
  ASSERT_TRUE(ct) << ct.error().message;
  const Grid& grid = ct->volume.grid;
  EXPECT_TRUE(ct->notices.empty()) << ct->notices.front().message;
  EXPECT_EQ(ct->facts.transferSyntaxUid, expected.transferSyntax);
  EXPECT_EQ(ct->facts.patientPosition, "HFS");
  EXPECT_EQ(ct->facts.tubeVoltageKv, 120.0);
  EXPECT_EQ(grid.size, Eigen::Vector3i(512, 512, expected.slices));
  EXPECT_LT((grid.origin - Vec3(expected.x, expected.y, expected.firstZ)).norm(), 1e-9);
  EXPECT_NEAR(grid.worldFromIndex(Vec3(0, 0, expected.slices - 1)).z(), expected.lastZ, 1e-9);
  EXPECT_LT((grid.spacing - Vec3(1, 1, 3)).norm(), 1e-6);
  EXPECT_TRUE(grid.direction.isIdentity(1e-9));
}

/// Every voxel of every slice against GDCM, which has its own parser and decoders.
TEST_P(RealCt, HasEveryVoxelWhereGdcmHasIt) {
  COXA_NEEDS_SHARED_DATA();
  const fs::path folder = sharedData() / "pelvic-ref" / GetParam().folder;
  const auto ct = readFolder(folder);
  ASSERT_TRUE(ct);
  const Grid& grid = ct->volume.grid;
  std::vector<int> seen(static_cast<std::size_t>(grid.size.z()), 0);
  for (const auto& entry : fs::directory_iterator(folder)) {
    gdcm::ImageReader reader;
    reader.SetFileName(entry.path().c_str());
    ASSERT_TRUE(reader.Read());
    const gdcm::Image& slice = reader.GetImage();
    const double* origin = slice.GetOrigin();
    const double* axes = slice.GetDirectionCosines();
    EXPECT_TRUE(grid.direction.col(0).isApprox(Vec3(axes[0], axes[1], axes[2]), 1e-9));
    EXPECT_TRUE(grid.direction.col(1).isApprox(Vec3(axes[3], axes[4], axes[5]), 1e-9));
    const Vec3 index = grid.indexFromWorld(Vec3(origin[0], origin[1], origin[2]));
    const int k = static_cast<int>(std::lround(index.z()));
    ASSERT_LT((index - Vec3(0, 0, k)).norm(), 1e-3);
    ++seen.at(static_cast<std::size_t>(k));
    std::vector<std::int16_t> stored(slice.GetBufferLength() / 2);
    ASSERT_EQ(stored.size(), 512U * 512U);
    ASSERT_TRUE(slice.GetBuffer(reinterpret_cast<char*>(stored.data())));
    const auto same = [&](std::int16_t hu, std::int16_t value) {
      return hu == value * slice.GetSlope() + slice.GetIntercept();
    };
    ASSERT_TRUE(std::equal(stored.begin(), stored.end(), ct->volume.slice(k),
                           [&](std::int16_t value, std::int16_t hu) { return same(hu, value); }))
        << entry.path().filename();
  }
  EXPECT_TRUE(std::all_of(seen.begin(), seen.end(), [](int count) { return count == 1; }));
}

INSTANTIATE_TEST_SUITE_P(Pelvic, RealCt,
                         testing::Values(Expected{"ct-002", "1.2.840.10008.1.2.4.70", 163, 60.5999755859375,
                                                  546.599975585937, -256.0859375, -142.38594055175},
                                         Expected{"ct-003", "1.2.840.10008.1.2.4.80", 145, -38.5, 393.5,
                                                  -256.0859375, -158.0859375}));

}  // namespace
}  // namespace coxa
