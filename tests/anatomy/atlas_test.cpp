#include "coxa/anatomy/atlas.hpp"

#include "support/temp_folder.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace coxa {
namespace {

std::filesystem::path atlasFolder() {
  return std::filesystem::path(COXA_SOURCE_DIR) / "models" / "hip-atlas";
}

TEST(Atlas, TheShippedOneIsSmallAndWhole) {
  std::uintmax_t bytes = 0;
  for (const auto& file : std::filesystem::directory_iterator(atlasFolder())) bytes += file.file_size();
  EXPECT_LE(bytes, 10U * 1000 * 1000);
  const auto atlas = readAtlas(atlasFolder());
  ASSERT_TRUE(atlas) << atlas.error().message;
  EXPECT_EQ(atlas->modes.size(), 5U);  // six shapes
  ASSERT_TRUE(atlas->landmarks.left.femoralHead && atlas->landmarks.right.femoralHead);
  const Vec3 between = 0.5 * (atlas->landmarks.left.femoralHead->sphere.center +
                              atlas->landmarks.right.femoralHead->sphere.center);
  EXPECT_LT(between.norm(), 2.0);
}

TEST(Atlas, ShapesWithinTwoStandardDeviationsDoNotFold) {
  const auto atlas = readAtlas(atlasFolder());
  ASSERT_TRUE(atlas) << atlas.error().message;
  for (const double sign : {-2.0, 2.0}) {
    const ScalarImage jacobian =
        jacobianDeterminant(exponential(velocityOf(*atlas, {sign, 0.0, sign, 0.0, sign})));
    EXPECT_GT(*std::min_element(jacobian.voxels.begin(), jacobian.voxels.end()), 0.0F);
  }
}

TEST(Atlas, RoundTripKeepsIt) {
  const auto atlas = readAtlas(atlasFolder());
  ASSERT_TRUE(atlas) << atlas.error().message;
  const TempFolder folder;
  ASSERT_TRUE(writeAtlas(folder / "atlas", *atlas));
  const auto again = readAtlas(folder / "atlas");
  ASSERT_TRUE(again) << again.error().message;
  EXPECT_EQ(again->labels.voxels, atlas->labels.voxels);
  EXPECT_EQ(again->surroundings.voxels, atlas->surroundings.voxels);
  ASSERT_EQ(again->modes.size(), atlas->modes.size());
  float worst = 0.0F;
  for (std::size_t n = 0; n < atlas->modes.front().voxels.size(); ++n)
    worst = std::max(worst, (again->modes.front().voxels[n] - atlas->modes.front().voxels[n]).norm());
  EXPECT_LT(worst, 0.01F);  // the file's unit
}

TEST(Atlas, AMissingFolderIsNamed) {
  const auto atlas = readAtlas("nowhere");
  ASSERT_FALSE(atlas);
  EXPECT_NE(atlas.error().message.find("nowhere"), std::string::npos);
}

}  // namespace
}  // namespace coxa
