#include "coxa/render/slice_scene.hpp"

#include "support/sphere_mesh.hpp"

#include "coxa/render/color_maps.hpp"

#include <gmock/gmock.h>

#include <cmath>

namespace coxa {
namespace {

constexpr int kWidth = 300, kHeight = 200;
constexpr std::array kPlanes = {BodyPlane::Axial, BodyPlane::Coronal, BodyPlane::Sagittal};

/// 60 × 60 × 60 mm about the origin with 3 mm slices, its axes turned by `direction`.
Grid gridAlong(const Mat3& direction) {
  Grid grid;
  grid.size = {60, 60, 20};
  grid.spacing = {1.0, 1.0, 3.0};
  grid.direction = direction;
  grid.origin = -(grid.center() - grid.origin);
  return grid;
}

std::vector<Mat3> directions() {
  const Mat3 flipped = Vec3(-1.0, -1.0, 1.0).asDiagonal();
  const Mat3 oblique = (Eigen::AngleAxisd(radFromDeg(20.0), Vec3::UnitZ()) *
                        Eigen::AngleAxisd(radFromDeg(-15.0), Vec3::UnitX()))
                           .toRotationMatrix();
  Mat3 coronal;  // i to the left, j inferior, k posterior
  coronal << 1.0, 0.0, 0.0, 0.0, 0.0, 1.0, 0.0, -1.0, 0.0;
  return {Mat3::Identity(), flipped, oblique, coronal};
}

template <class T>
void fillBall(Image<T>& image, const Vec3& center, double radius, T value) {
  const Grid& g = image.grid;
  for (int k = 0; k < g.size.z(); ++k)
    for (int j = 0; j < g.size.y(); ++j)
      for (int i = 0; i < g.size.x(); ++i)
        if ((g.worldFromIndex(Vec3(i, j, k)) - center).norm() <= radius) image.at(i, j, k) = value;
}

std::shared_ptr<Volume> volumeWithBall(const Grid& grid, const Vec3& center, double radius = 5.0) {
  auto volume = std::make_shared<Volume>(grid, std::int16_t{-1000});
  fillBall(*volume, center, radius, std::int16_t{1000});
  return volume;
}

SliceScene sceneOf(BodyPlane plane, std::shared_ptr<const Volume> volume) {
  SliceScene scene(plane);
  scene.setSize(kWidth, kHeight, 1.0);
  scene.setCrosshairVisible(false);
  scene.setVolume(std::move(volume));
  return scene;
}

Rgb colorAt(SliceScene& scene, const Vec3& world) {
  const DisplayPoint p = scene.displayFromWorld(world);
  return scene.picture().color(static_cast<int>(p.x), static_cast<int>(p.y));
}

TEST(SliceScene, ComparesTwoVolumesAtABorder) {
  const Grid grid = gridAlong(Mat3::Identity());
  SliceScene scene = sceneOf(BodyPlane::Axial, std::make_shared<Volume>(grid, std::int16_t{-1000}));
  scene.setComparison(std::make_shared<Volume>(grid, std::int16_t{1000}));
  const Vec3 left(-20.0, 10.0, 0.0), right(20.0, 10.0, 0.0);
  const auto shown = [&](double border) {
    scene.setComparisonBorder(border);
    return std::array{colorAt(scene, left)[0] > 200, colorAt(scene, right)[0] > 200,
                      *scene.huAt(left) == 1000.0, *scene.huAt(right) == 1000.0};
  };
  EXPECT_EQ(shown(0.0), (std::array{true, true, true, true}));
  EXPECT_EQ(shown(0.5), (std::array{false, true, false, true}));
  EXPECT_EQ(shown(1.0), (std::array{false, false, false, false}));
  scene.setComparisonBorder(0.0);
  scene.setComparison(nullptr);
  EXPECT_LT(colorAt(scene, right)[0], 20);
}

TEST(SliceScene, ShowsThePointWhereItLiesForAnyGrid) {
  const Vec3 ball(12.0, -9.0, 6.0);  // left, anterior, superior
  for (const Mat3& direction : directions())
    for (const BodyPlane plane : kPlanes) {
      SliceScene scene = sceneOf(plane, volumeWithBall(gridAlong(direction), ball));
      scene.showPoint(ball);
      EXPECT_GT(colorAt(scene, ball)[0], 200);
      EXPECT_LT(colorAt(scene, -ball)[0], 20);
    }
}

TEST(SliceScene, KeepsRadiologicalConvention) {
  const Vec3 point(12.0, -9.0, 6.0);  // left, anterior, superior
  const auto at = [&](BodyPlane plane) {
    return sceneOf(plane, volumeWithBall(gridAlong(Mat3::Identity()), point)).displayFromWorld(point);
  };
  EXPECT_GT(at(BodyPlane::Axial).x, kWidth / 2);   // the patient's left at the picture's right
  EXPECT_LT(at(BodyPlane::Axial).y, kHeight / 2);  // anterior at the top
  EXPECT_GT(at(BodyPlane::Coronal).x, kWidth / 2);
  EXPECT_LT(at(BodyPlane::Coronal).y, kHeight / 2);  // superior at the top
  EXPECT_LT(at(BodyPlane::Sagittal).x, kWidth / 2);  // anterior at the left
  EXPECT_LT(at(BodyPlane::Sagittal).y, kHeight / 2);
}

/// The letters of an empty volume's picture, cut out at the left, right and top.
struct Letters {
  std::vector<Rgb> left, right, top;
};
Letters lettersOf(BodyPlane plane) {
  SliceScene scene =
      sceneOf(plane, std::make_shared<Volume>(gridAlong(Mat3::Identity()), std::int16_t{-1000}));
  const Picture& picture = scene.picture();
  Letters letters;
  const auto isLetter = [](Rgb c) { return c[0] > 200 && c[2] < 160; };
  const auto cut = [&](int x0, int y0, int x1, int y1, std::vector<Rgb>& out) {
    int left = x1, top = y1, right = x0, bottom = y0;
    for (int y = y0; y < y1; ++y)
      for (int x = x0; x < x1; ++x)
        if (isLetter(picture.color(x, y))) {
          left = std::min(left, x), right = std::max(right, x);
          top = std::min(top, y), bottom = std::max(bottom, y);
        }
    for (int y = top; y <= bottom; ++y)
      for (int x = left; x <= right; ++x) out.push_back(isLetter(picture.color(x, y)) ? Rgb{1, 1, 1} : Rgb{});
  };
  cut(0, 80, 30, 120, letters.left);
  cut(kWidth - 30, 80, kWidth, 120, letters.right);
  cut(130, 0, 170, 30, letters.top);
  return letters;
}

TEST(SliceScene, NamesTheSides) {
  const Letters axial = lettersOf(BodyPlane::Axial), coronal = lettersOf(BodyPlane::Coronal),
                sagittal = lettersOf(BodyPlane::Sagittal);
  EXPECT_FALSE(axial.left.empty());
  EXPECT_EQ(axial.left, coronal.left);    // R
  EXPECT_EQ(axial.right, coronal.right);  // L
  EXPECT_EQ(axial.top, sagittal.left);    // A
  EXPECT_EQ(coronal.top, sagittal.top);   // S
  EXPECT_NE(axial.left, axial.right);
}

TEST(SliceScene, KeepsProportionsOfThickSlices) {
  SliceScene scene =
      sceneOf(BodyPlane::Coronal, volumeWithBall(gridAlong(Mat3::Identity()), Vec3::Zero(), 15.0));
  scene.showPoint(Vec3::Zero());
  const Picture& picture = scene.picture();
  int across = 0, down = 0;
  for (int x = 60; x < 240; ++x) across += picture.color(x, kHeight / 2)[0] > 128;
  for (int y = 30; y < 170; ++y) down += picture.color(kWidth / 2, y)[0] > 128;
  EXPECT_NEAR(across / scene.pixelsPerMm(), 30.0, 2.0);
  EXPECT_NEAR(down / scene.pixelsPerMm(), 30.0, 4.0);  // half a slice at either end
}

TEST(SliceScene, WindowsHounsfieldUnits) {
  for (const auto& [hu, gray] : {std::pair{-300, 0}, {-160, 0}, {40, 127}, {240, 255}, {2000, 255}}) {
    SliceScene scene = sceneOf(BodyPlane::Axial, std::make_shared<Volume>(gridAlong(Mat3::Identity()),
                                                                          static_cast<std::int16_t>(hu)));
    scene.setWindowLevel({400.0, 40.0});
    const Rgb color = colorAt(scene, Vec3(7.0, 7.0, 0.0));
    EXPECT_NEAR(color[0], gray, 1);
    EXPECT_EQ(color[0], color[1]);
    EXPECT_EQ(color[0], color[2]);
  }
}

TEST(SliceScene, OverlaysLabelsInTheirColours) {
  const Grid grid = gridAlong(Mat3::Identity());
  auto labels = std::make_shared<LabelMap>(grid);
  fillBall(*labels, Vec3::Zero(), 10.0, std::uint8_t{9});
  for (const BodyPlane plane : kPlanes) {
    SliceScene scene = sceneOf(plane, std::make_shared<Volume>(grid, std::int16_t{-1000}));
    scene.setLabels(labels);
    scene.setLabelStyle(9, {{200, 40, 80}, true});
    EXPECT_EQ(colorAt(scene, Vec3::Zero()), (Rgb{0, 0, 0})) << "no overlay asked for";
    scene.setOverlay(SliceOverlay::Labels);
    scene.setLabelOpacity(0.5);
    EXPECT_EQ(colorAt(scene, Vec3::Zero()), (Rgb{100, 20, 40}));
    EXPECT_EQ(colorAt(scene, Vec3(15.0, 15.0, 15.0)), (Rgb{0, 0, 0}));
    scene.setLabelStyle(9, {{200, 40, 80}, false});
    EXPECT_EQ(colorAt(scene, Vec3::Zero()), (Rgb{0, 0, 0}));
  }
}

TEST(SliceScene, OutlinesLabels) {
  const Grid grid = gridAlong(Mat3::Identity());
  auto labels = std::make_shared<LabelMap>(grid);
  fillBall(*labels, Vec3::Zero(), 10.0, std::uint8_t{9});
  SliceScene scene = sceneOf(BodyPlane::Axial, std::make_shared<Volume>(grid, std::int16_t{-1000}));
  scene.setLabels(labels);
  scene.setLabelStyle(9, {{200, 40, 80}, true});
  scene.setOverlay(SliceOverlay::Labels);
  scene.setLabelOpacity(0.0);
  scene.showPoint(Vec3::Zero());
  const Picture& picture = scene.picture();
  int outline = 0;
  for (int x = 60; x < kWidth / 2; ++x) outline += picture.color(x, kHeight / 2)[0] > 100;
  EXPECT_EQ(outline, 1);
}

TEST(SliceScene, ShowsUncertaintyInCividis) {
  const Grid grid = gridAlong(Mat3::Identity());
  auto uncertainty = std::make_shared<ScalarImage>(grid, 0.0F);
  fillBall(*uncertainty, Vec3::Zero(), 10.0, 0.2F);
  SliceScene scene = sceneOf(BodyPlane::Axial, std::make_shared<Volume>(grid, std::int16_t{40}));
  scene.setUncertaintyOpacity(1.0);
  scene.setOverlay(SliceOverlay::Uncertainty);
  scene.setUncertainty(uncertainty, 0.2);
  EXPECT_EQ(colorAt(scene, Vec3::Zero()), ColorMap::cividis().at(1.0));
  const Rgb certain = colorAt(scene, Vec3(20.0, 20.0, 0.0));
  EXPECT_EQ(certain[0], certain[2]) << "what is certain shows the plain CT";
  scene.setUncertainty(uncertainty, 0.4);
  for (std::size_t c = 0; c < 3; ++c)
    EXPECT_NEAR(colorAt(scene, Vec3::Zero())[c], ColorMap::cividis().at(0.5)[c], 2);
}

TEST(SliceScene, TakesLabelsOnAnotherGrid) {
  auto labels = std::make_shared<LabelMap>(gridAlong(directions()[2]));
  const Vec3 ball(10.0, 5.0, -6.0);
  fillBall(*labels, ball, 8.0, std::uint8_t{3});
  SliceScene scene = sceneOf(BodyPlane::Sagittal,
                             std::make_shared<Volume>(gridAlong(Mat3::Identity()), std::int16_t{-1000}));
  scene.setLabels(labels);
  scene.setLabelStyle(3, {{0, 200, 0}, true});
  scene.setLabelOpacity(1.0);
  scene.setOverlay(SliceOverlay::Labels);
  scene.showPoint(ball);
  EXPECT_EQ(colorAt(scene, ball), (Rgb{0, 200, 0}));
  EXPECT_EQ(scene.labelAt(ball), 3);
  EXPECT_EQ(scene.labelAt(-ball), 0);
}

TEST(SliceScene, ScrollsFromSliceToSlice) {
  SliceScene scene = sceneOf(BodyPlane::Axial, volumeWithBall(gridAlong(Mat3::Identity()), Vec3::Zero()));
  EXPECT_DOUBLE_EQ(scene.stepMm(), 3.0);
  EXPECT_NEAR(scene.positionRangeMm()[0], -28.5, 1e-9);
  EXPECT_NEAR(scene.positionRangeMm()[1], 28.5, 1e-9);
  scene.setPositionMm(7.0);
  EXPECT_NEAR(scene.positionMm(), 7.5, 1e-9);
  scene.scroll(2);
  EXPECT_NEAR(scene.positionMm(), 13.5, 1e-9);
  scene.scroll(-1000);
  EXPECT_NEAR(scene.positionMm(), -28.5, 1e-9);
}

TEST(SliceScene, PointsSurviveTheWayToThePictureAndBack) {
  for (const BodyPlane plane : kPlanes) {
    SliceScene scene = sceneOf(plane, volumeWithBall(gridAlong(directions()[2]), Vec3::Zero()));
    scene.zoom(1.7, {40.0, 90.0});
    scene.pan(13.0, -8.0);
    const DisplayPoint back = scene.displayFromWorld(scene.worldFromDisplay({33.0, 77.0}));
    EXPECT_NEAR(back.x, 33.0, 1e-9);
    EXPECT_NEAR(back.y, 77.0, 1e-9);
  }
}

TEST(SliceScene, ZoomsAboutThePointUnderTheMouse) {
  SliceScene scene = sceneOf(BodyPlane::Coronal, volumeWithBall(gridAlong(Mat3::Identity()), Vec3::Zero()));
  const double before = scene.pixelsPerMm();
  const Vec3 fixed = scene.worldFromDisplay({50.0, 60.0});
  scene.zoom(2.0, {50.0, 60.0});
  EXPECT_DOUBLE_EQ(scene.pixelsPerMm(), 2.0 * before);
  EXPECT_LT((scene.worldFromDisplay({50.0, 60.0}) - fixed).norm(), 1e-9);
}

TEST(SliceScene, PicksOnlyWhatCanBeDragged) {
  SliceScene scene = sceneOf(BodyPlane::Axial, volumeWithBall(gridAlong(Mat3::Identity()), Vec3::Zero()));
  scene.setModel("cup", {sphereMesh(Vec3::Zero(), 8.0), {255, 0, 0}, 1.0, true});
  scene.setModelPose("cup", RigidTransform(Eigen::Translation3d(12.0, 0.0, 0.0)));
  scene.setModel("pin", {sphereMesh(Vec3(-15.0, 0.0, 0.0), 5.0), {0, 255, 0}, 1.0, false});
  EXPECT_EQ(scene.modelAt(scene.displayFromWorld(Vec3(12.0, 0.0, 0.0))), "cup");
  EXPECT_EQ(scene.modelAt(scene.displayFromWorld(Vec3(-15.0, 0.0, 0.0))), std::nullopt);
  EXPECT_EQ(scene.modelAt(scene.displayFromWorld(Vec3(0.0, 20.0, 0.0))), std::nullopt);
  scene.setPositionMm(20.0);
  EXPECT_EQ(scene.modelAt(scene.displayFromWorld(Vec3(12.0, 0.0, 0.0))), std::nullopt) << "not in this slice";
}

TEST(SliceScene, DrawsTheSectionOfAModelAtItsTrueSize) {
  SliceScene scene =
      sceneOf(BodyPlane::Axial, std::make_shared<Volume>(gridAlong(Mat3::Identity()), std::int16_t{-1000}));
  scene.setPositionMm(1.5);
  scene.setModel("ball", {sphereMesh(Vec3(0.0, 0.0, 1.5 + 6.0), 10.0, 96), {255, 0, 0}, 1.0, false});
  const Picture& picture = scene.picture();
  int first = -1, last = -1;
  for (int x = 40; x < 260; ++x)
    if (picture.color(x, kHeight / 2)[0] > 60) {
      if (first < 0) first = x;
      last = x;
    }
  // Cut 6 mm off the centre, a sphere of 10 mm shows a circle of 8 mm.
  EXPECT_NEAR((last - first) / scene.pixelsPerMm(), 16.0, 1.0);
}

TEST(SliceScene, TellsOfChangesOnly) {
  SliceScene scene = sceneOf(BodyPlane::Axial, volumeWithBall(gridAlong(Mat3::Identity()), Vec3::Zero()));
  int changes = 0;
  scene.onChanged([&] { ++changes; });
  scene.setPositionMm(scene.positionMm());
  scene.setSize(kWidth, kHeight, 1.0);
  EXPECT_EQ(changes, 0);
  scene.scroll(1);
  EXPECT_EQ(changes, 1);
}

TEST(SliceScene, WorksWithoutAnything) {
  SliceScene scene(BodyPlane::Axial);
  EXPECT_TRUE(scene.picture().empty());
  scene.setSize(50, 40, 1.0);
  scene.scroll(3);
  scene.zoom(2.0);
  EXPECT_EQ(scene.picture().width, 50);
  EXPECT_EQ(scene.huAt(Vec3::Zero()), std::nullopt);
  EXPECT_EQ(scene.modelAt({10.0, 10.0}), std::nullopt);
}

}  // namespace
}  // namespace coxa
