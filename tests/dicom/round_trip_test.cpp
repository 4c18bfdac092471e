#include "support/temp_folder.hpp"

#include "coxa/dicom/ct_reader.hpp"
#include "coxa/dicom/ct_writer.hpp"
#include "coxa/dicom/scan.hpp"

#include <gtest/gtest.h>

#include <random>

namespace coxa {
namespace {

Volume noise(const Mat3& direction) {
  Grid grid;
  grid.size = {19, 13, 6};
  grid.origin = {-12.25, 30.5, -401.125};
  grid.spacing = {0.75, 0.8, 2.5};
  grid.direction = direction;
  Volume volume(grid);
  std::mt19937 random(7);
  std::uniform_int_distribution<int> hu(-32768, 32767);
  for (auto& voxel : volume.voxels) voxel = static_cast<std::int16_t>(hu(random));
  return volume;
}

Mat3 columns(const Vec3& x, const Vec3& y, const Vec3& z) {
  Mat3 m;
  m << x, y, z;
  return m;
}

/// Every way a series can lie in the patient comes back voxel by voxel at its place in the world.
class RoundTrip : public testing::TestWithParam<Mat3> {};

TEST_P(RoundTrip, GivesBackTheVolume) {
  const TempFolder folder;
  const Volume written = noise(GetParam());
  ASSERT_TRUE(writeCtSeries(folder / "ct", written, {}));
  const auto index = scanFolder(folder.path());
  ASSERT_TRUE(index) << index.error().message;
  const auto choice = chooseCtSeries(*index);
  ASSERT_TRUE(choice) << choice.error().message;
  const auto ct = readCt(choice->series);
  ASSERT_TRUE(ct) << ct.error().message;
  EXPECT_TRUE(ct->notices.empty());
  const Grid& grid = ct->volume.grid;
  ASSERT_EQ(grid.voxelCount(), written.grid.voxelCount());
  EXPECT_NEAR(grid.direction.determinant(), 1.0, 1e-9);
  for (int k = 0; k < grid.size.z(); ++k)
    for (int j = 0; j < grid.size.y(); ++j)
      for (int i = 0; i < grid.size.x(); ++i) {
        const Vec3 world = grid.worldFromIndex(Vec3(i, j, k));
        const Vec3 source = written.grid.indexFromWorld(world);
        const Eigen::Vector3i at = source.array().round().cast<int>();
        ASSERT_LT((source - at.cast<double>()).norm(), 1e-6);
        ASSERT_TRUE(written.grid.contains(at));
        ASSERT_EQ(ct->volume.at(i, j, k), written.at(at.x(), at.y(), at.z()));
      }
}

INSTANTIATE_TEST_SUITE_P(
    Orientations, RoundTrip,
    testing::Values(Mat3(Mat3::Identity()),
                    columns(Vec3::UnitX(), Vec3::UnitY(), -Vec3::UnitZ()),   // downwards
                    columns(-Vec3::UnitX(), -Vec3::UnitY(), Vec3::UnitZ()),  // prone
                    columns(-Vec3::UnitX(), Vec3::UnitY(), -Vec3::UnitZ()),  // feet first
                    columns(Vec3::UnitX(), -Vec3::UnitZ(), Vec3::UnitY()),   // coronal
                    columns(Vec3::UnitY(), -Vec3::UnitZ(), -Vec3::UnitX()),  // sagittal
                    columns(-Vec3::UnitX(), Vec3::UnitY(), Vec3::UnitZ()),   // mirrored
                    Mat3(Eigen::AngleAxisd(0.7, Vec3(1, 2, 3).normalized()).toRotationMatrix())));  // oblique

}  // namespace
}  // namespace coxa
