#include "coxa/report/picture.hpp"

#include "support/shapes.hpp"
#include "support/temp_folder.hpp"

#include "coxa/report/scene_picture.hpp"
#include "coxa/report/slice_picture.hpp"

#include <gtest/gtest.h>

#include <cstdlib>

using namespace coxa;

namespace {

const std::uint8_t* pixel(const Picture& picture, int x, int y) {
  return picture.pixel(x, y);
}

/// Leaves the picture where a person can look at it.
void keep(const Picture& picture, const std::string& name) {
  const char* folder = std::getenv("COXA_KEEP");
  if (folder == nullptr) return;
  EXPECT_TRUE(writePng(std::filesystem::path(folder) / name, picture).has_value());
}

/// Oblique, anisotropic, left-handed voxels: nothing a picture may rely on.
Grid obliqueGrid() {
  Grid grid;
  grid.size = {90, 80, 50};
  grid.spacing = {1.0, 1.2, 3.0};
  grid.direction = Eigen::AngleAxisd(0.4, Vec3(0.2, 1.0, 0.3).normalized()).toRotationMatrix();
  grid.direction.col(2) *= -1.0;
  grid.origin = Vec3(10.0, -20.0, 30.0) - (grid.worldFromIndex(0.5 * grid.size.cast<double>()) - grid.origin);
  return grid;
}

/// A bright ball of 15 mm at `at` in dark surroundings.
Volume ballVolume(const Vec3& at) {
  Volume volume(obliqueGrid(), -1000);
  for (int k = 0; k < volume.grid.size.z(); ++k)
    for (int j = 0; j < volume.grid.size.y(); ++j)
      for (int i = 0; i < volume.grid.size.x(); ++i)
        if ((volume.grid.worldFromIndex(Vec3(i, j, k)) - at).norm() < 15.0) volume.at(i, j, k) = 1000;
  return volume;
}

struct Spot {
  double x = 0.0;
  double y = 0.0;
  double count = 0.0;
};

template <class Is>
Spot spotOf(const Picture& picture, Is is) {
  Spot spot;
  for (int y = 0; y < picture.height; ++y)
    for (int x = 0; x < picture.width; ++x)
      if (is(pixel(picture, x, y))) {
        spot.x += x + 0.5;
        spot.y += y + 0.5;
        spot.count += 1.0;
      }
  spot.x /= spot.count;
  spot.y /= spot.count;
  return spot;
}

/// Above 0 HU: halfway between the ball and its surroundings.
bool bright(const std::uint8_t* p) {
  return p[0] > 127 && p[1] > 127;
}

}  // namespace

TEST(SlicePicture, ShowsThingsWhereRadiologistsExpectThem) {
  const Vec3 middle(10.0, -20.0, 30.0);
  // The ball lies 12 mm to the patient's left, 8 mm behind and 5 mm above the picture's middle.
  const Vec3 ball = middle + Vec3(12.0, 8.0, 5.0);
  const Volume volume = ballVolume(ball);
  SlicePictureView view;
  view.center = middle;
  view.widthMm = 70.0;
  view.heightMm = 60.0;
  view.windowCenterHu = 0.0;
  view.windowWidthHu = 2000.0;
  const struct {
    BodyPlane plane;
    double right;
    double down;
    double depth;
  } cases[] = {{BodyPlane::Axial, 12.0, 8.0, 5.0},
               {BodyPlane::Coronal, 12.0, -5.0, 8.0},
               {BodyPlane::Sagittal, 8.0, -5.0, 12.0}};
  for (const auto& c : cases) {
    view.plane = c.plane;
    const Picture picture = slicePicture(volume, {}, {}, {}, view);
    EXPECT_EQ(picture.width, 280);
    EXPECT_EQ(picture.height, 240);
    // Only what belongs to the ball: the letters and the bar lie near the edges.
    const Spot spot = spotOf(picture, [&](const std::uint8_t* p) {
      const auto at = (p - picture.rgba.data()) / 4;
      const auto column = at % picture.width, row = at / picture.width;
      const double dx = static_cast<double>(column) / 4.0 - 35.0 - c.right;
      const double dy = static_cast<double>(row) / 4.0 - 30.0 - c.down;
      return bright(p) && std::hypot(dx, dy) < 17.0;
    });
    EXPECT_NEAR(spot.x / 4.0, 35.0 + c.right, 0.6);
    EXPECT_NEAR(spot.y / 4.0, 30.0 + c.down, 0.6);
    // A circle of the slice's radius: voxels of 3 mm do not stretch it.
    const double radius2 = 15.0 * 15.0 - c.depth * c.depth;
    EXPECT_NEAR(spot.count / 16.0, kPi * radius2, 0.12 * kPi * radius2);
    keep(picture, "slice" + std::to_string(static_cast<int>(c.plane)) + ".png");
  }
}

TEST(SlicePicture, PaintsLabelsAndOutlines) {
  const Vec3 middle(10.0, -20.0, 30.0);
  const Volume volume = ballVolume(middle);
  LabelMap labels(volume.grid, 0);
  for (std::size_t i = 0; i < labels.voxels.size(); ++i) labels.voxels[i] = volume.voxels[i] > 0 ? 7 : 0;
  TriangleMesh ring = shapes::sphere(20.0);
  for (auto& v : ring.vertices) v += middle.cast<float>();
  SlicePictureView view;
  view.center = middle;
  view.widthMm = view.heightMm = 60.0;
  view.windowCenterHu = 0.0;
  view.windowWidthHu = 2000.0;
  view.labelOpacity = 1.0;
  const Picture picture = slicePicture(volume, labels, {{7, {10, 200, 30}}}, {{&ring, {250, 20, 20}}}, view);
  EXPECT_EQ(pixel(picture, 120, 120)[1], 200);
  EXPECT_EQ(pixel(picture, 120, 120)[0], 10);
  const Spot outline = spotOf(picture, [](const std::uint8_t* p) { return p[0] > 180 && p[1] < 80; });
  EXPECT_NEAR(outline.x, 120.0, 1.0);
  EXPECT_NEAR(outline.y, 120.0, 1.0);
  EXPECT_GT(pixel(picture, 120 + 80, 120)[0], 120);
  EXPECT_LT(pixel(picture, 120 + 72, 120)[0], 60);
  keep(picture, "labels.png");
}

TEST(ScenePicture, ShowsThePatientFromTheFront) {
  // Patient's left is on the picture's right, superior up; the nearer (anterior) ball hides the other.
  TriangleMesh left = shapes::sphere(10.0);
  TriangleMesh high = shapes::sphere(10.0);
  TriangleMesh front = shapes::sphere(10.0);
  TriangleMesh back = shapes::sphere(8.0);
  for (auto& v : left.vertices) v += Eigen::Vector3f(40.0F, 0.0F, 0.0F);
  for (auto& v : high.vertices) v += Eigen::Vector3f(0.0F, 0.0F, 40.0F);
  for (auto& v : front.vertices) v += Eigen::Vector3f(0.0F, -30.0F, 0.0F);
  for (auto& v : back.vertices) v += Eigen::Vector3f(0.0F, 30.0F, 0.0F);
  const std::vector<SceneSurface> surfaces = {
      {&left, {255, 0, 0}}, {&high, {0, 255, 0}}, {&front, {0, 0, 255}}, {&back, {255, 255, 0}}};
  ScenePictureView view;
  view.width = view.height = 300;
  const Picture picture = scenePicture(surfaces, view);
  keep(picture, "scene.png");
  const auto isRed = [](const std::uint8_t* p) { return p[0] > 40 && p[1] < 20 && p[2] < 20; };
  const auto isGreen = [](const std::uint8_t* p) { return p[1] > 40 && p[0] < 20 && p[2] < 20; };
  const auto isBlue = [](const std::uint8_t* p) { return p[2] > 40 && p[0] < 20 && p[1] < 20; };
  const auto isYellow = [](const std::uint8_t* p) { return p[0] > 40 && p[1] > 40 && p[2] < 20; };
  EXPECT_GT(spotOf(picture, isRed).x, 200.0);
  EXPECT_LT(spotOf(picture, isGreen).y, 100.0);
  EXPECT_GT(spotOf(picture, isBlue).count, 1000.0);
  EXPECT_LT(spotOf(picture, isYellow).count, 30.0);
  EXPECT_EQ(pixel(picture, 1, 1)[0], 255);
}

TEST(ScenePicture, TranslucentSurfacesLetOthersThrough) {
  const TriangleMesh inner = shapes::sphere(10.0);
  const TriangleMesh outer = shapes::sphere(20.0);
  ScenePictureView view;
  view.width = view.height = 200;
  const Picture picture = scenePicture({{&inner, {255, 0, 0}}, {&outer, {0, 0, 255}, 0.4}}, view);
  EXPECT_GT(pixel(picture, 100, 100)[0], 80);
  EXPECT_GT(pixel(picture, 100, 100)[2], 40);
  const Picture opaque = scenePicture({{&inner, {255, 0, 0}}, {&outer, {0, 0, 255}}}, view);
  EXPECT_EQ(pixel(opaque, 100, 100)[0], 0);
}

TEST(PictureFile, RoundTripsAsPng) {
  TempFolder folder;
  Picture picture(3, 2);
  for (std::size_t i = 0; i < 24; ++i)
    if (i % 4 != 3) picture.rgba[i] = static_cast<std::uint8_t>(10 * i);
  ASSERT_TRUE(writePng(folder / "a.png", picture).has_value());
  const auto again = readPicture(folder / "a.png");
  ASSERT_TRUE(again.has_value());
  EXPECT_EQ(again->width, 3);
  EXPECT_EQ(again->rgba, picture.rgba);
  EXPECT_FALSE(readPicture(folder / "b.png").has_value());
}
