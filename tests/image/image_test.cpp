#include "support/temp_folder.hpp"

#include "coxa/base/files.hpp"
#include "coxa/image/components.hpp"
#include "coxa/image/files.hpp"
#include "coxa/image/resample.hpp"

#include <gtest/gtest.h>

#include <Eigen/Geometry>
#include <fstream>

namespace coxa {
namespace {

Grid obliqueGrid() {
  Grid grid;
  grid.size = {20, 16, 12};
  grid.spacing = {0.8, 1.1, 2.5};
  grid.origin = {-30, 12, 400};
  grid.direction = Eigen::AngleAxisd(0.3, Vec3(1, 2, 3).normalized()).toRotationMatrix();
  return grid;
}

// A function that trilinear interpolation reproduces exactly.
double plane(const Vec3& p) {
  return 3 * p.x() - 2 * p.y() + p.z();
}

ScalarImage planeOn(const Grid& grid) {
  ScalarImage image(grid);
  for (int k = 0; k < grid.size.z(); ++k)
    for (int j = 0; j < grid.size.y(); ++j)
      for (int i = 0; i < grid.size.x(); ++i)
        image.at(i, j, k) = static_cast<float>(plane(grid.worldFromIndex(Vec3(i, j, k))));
  return image;
}

TEST(Image, IndexAndWorldAreInverse) {
  const Grid grid = obliqueGrid();
  const Vec3 index(3.25, 7.5, 2.125);
  EXPECT_LT((grid.indexFromWorld(grid.worldFromIndex(index)) - index).norm(), 1e-12);
}

TEST(Image, ResamplingReproducesALinearFieldAcrossObliqueGrids) {
  const ScalarImage source = planeOn(obliqueGrid());
  Grid target;
  target.size = {5, 5, 5};
  target.origin = source.grid.center() - Vec3(2, 2, 2);
  const ScalarImage out = resampleLinear(source, target);
  for (int k = 0; k < 5; ++k)
    for (int j = 0; j < 5; ++j)
      for (int i = 0; i < 5; ++i)
        EXPECT_NEAR(out.at(i, j, k), plane(target.worldFromIndex(Vec3(i, j, k))), 1e-2);
}

TEST(Image, AxisAlignedGridCoversTheSource) {
  const Grid source = obliqueGrid();
  const Grid aligned = axisAligned(source, Vec3(1, 1, 1));
  for (int corner = 0; corner < 8; ++corner) {
    const Vec3 index((corner & 1) ? 19 : 0, (corner & 2) ? 15 : 0, (corner & 4) ? 11 : 0);
    const Vec3 inAligned = aligned.indexFromWorld(source.worldFromIndex(index));
    EXPECT_TRUE((inAligned.array() > -0.5).all());
    EXPECT_TRUE((inAligned.array() < aligned.size.cast<double>().array() - 0.5).all());
  }
}

TEST(Image, MirroringMovesVoxelsAcrossThePlane) {
  LabelMap labels(obliqueGrid());
  const LabelMap mirror = mirroredLeftRight(labels, 10.0);
  const Vec3 p = labels.grid.worldFromIndex(Vec3(2, 3, 4));
  const Vec3 q = mirror.grid.worldFromIndex(Vec3(2, 3, 4));
  EXPECT_LT((q - Vec3(20 - p.x(), p.y(), p.z())).norm(), 1e-9);
}

class ImageFiles : public testing::TestWithParam<const char*> {};

TEST_P(ImageFiles, RoundTripKeepsGridAndVoxels) {
  const TempFolder folder;
  Volume volume(obliqueGrid());
  for (std::size_t n = 0; n < volume.voxels.size(); ++n)
    volume.voxels[n] = static_cast<std::int16_t>(static_cast<int>(n) * 13 % 5000 - 1024);
  const auto path = folder / (std::string("v") + GetParam());
  ASSERT_TRUE(writeImage(path, volume));
  const auto read = readVolume(path);
  ASSERT_TRUE(read) << read.error().message << read.error().detail;
  EXPECT_TRUE(sameGrid(read->grid, volume.grid));
  EXPECT_EQ(read->voxels, volume.voxels);
}

INSTANTIATE_TEST_SUITE_P(Formats, ImageFiles, testing::Values(".nrrd", ".nii.gz", ".mha"));

TEST(ImageFilesErrors, TruncatedFileIsNamed) {
  const TempFolder folder;
  ASSERT_TRUE(writeImage(folder / "v.nrrd", Volume(obliqueGrid(), 77)));
  const auto bytes = readFile(folder / "v.nrrd").value();
  std::ofstream(folder / "v.nrrd", std::ios::binary) << bytes.substr(0, bytes.size() - 20);
  const auto read = readVolume(folder / "v.nrrd");
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().code, ErrorCode::BadInput);
  EXPECT_NE(read.error().message.find("v.nrrd"), std::string::npos);
}

TEST(ImageFilesErrors, ValuesThatAreNoLabelsAreRefused) {
  const TempFolder folder;
  ASSERT_TRUE(writeImage(folder / "v.nrrd", Volume(obliqueGrid(), -5)));
  EXPECT_FALSE(readLabelMap(folder / "v.nrrd"));
}

TEST(Components, LargestIsKeptPerLabel) {
  Grid grid;
  grid.size = {10, 10, 3};
  LabelMap labels(grid);
  for (int i = 0; i < 5; ++i) labels.at(i, 0, 0) = 1;
  labels.at(8, 8, 2) = 1;
  labels.at(6, 0, 0) = 2;
  labels.at(6, 1, 0) = 2;
  labels.at(5, 0, 0) = 2;
  labels.at(0, 9, 2) = 2;
  const LabelMap kept = keepLargestComponents(labels);
  EXPECT_EQ(kept.at(4, 0, 0), 1);
  EXPECT_EQ(kept.at(8, 8, 2), 0);
  EXPECT_EQ(kept.at(6, 1, 0), 2);
  EXPECT_EQ(kept.at(0, 9, 2), 0);
  const Components parts = connectedComponents(labels);
  EXPECT_EQ(parts.voxelCounts, (std::vector<std::size_t>{8, 1, 1}));
}

}  // namespace
TEST(ImageFiles, VectorsComeBackAsTheyWere) {
  const TempFolder folder;
  Grid grid;
  grid.size = {3, 4, 5};
  grid.spacing = {8, 8, 6};
  grid.origin = {-20, 30, 100};
  grid.direction << 0, 1, 0, -1, 0, 0, 0, 0, 1;
  VectorImage field(grid, Eigen::Vector3f::Zero());
  for (std::size_t n = 0; n < field.voxels.size(); ++n)
    field.voxels[n] = Eigen::Vector3f(static_cast<float>(n), -0.5F, 1.0F / static_cast<float>(n + 1));
  ASSERT_TRUE(writeImage(folder / "way.nrrd", field));
  const auto read = readVectorImage(folder / "way.nrrd");
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_TRUE(sameGrid(read->grid, grid));
  EXPECT_EQ(read->voxels, field.voxels);

  const auto asScalars = readScalarImage(folder / "way.nrrd");
  ASSERT_FALSE(asScalars);
  EXPECT_NE(asScalars.error().message.find("single values"), std::string::npos);
}

}  // namespace coxa
