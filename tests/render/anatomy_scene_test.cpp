#include "coxa/render/anatomy_scene.hpp"

#include "support/sphere_mesh.hpp"

#include <gmock/gmock.h>

// What needs no picture: cameras and picking. The pixels are tested in the windows.
namespace coxa {
namespace {

constexpr std::uint8_t kPelvis = 1, kFemur = 3;

void fill(AnatomyScene& scene) {
  scene.setSize(400, 300, 1.0);
  scene.setSurface(kPelvis, sphereMesh(Vec3(-60.0, 0.0, 0.0), 30.0), {});
  scene.setSurface(kFemur, sphereMesh(Vec3(60.0, 0.0, 0.0), 30.0), {});
}

std::optional<std::uint8_t> structureAt(const AnatomyScene& scene, const Vec3& world) {
  const auto hit = scene.pick(scene.displayFromWorld(world));
  return hit ? hit->structure : std::nullopt;
}

TEST(AnatomyScene, LooksFromTheNamedSide) {
  AnatomyScene scene;
  fill(scene);
  const Vec3 left(60.0, 0.0, 0.0), up(0.0, 0.0, 20.0), front(0.0, -20.0, 0.0);
  const auto at = [&](StandardView view, const Vec3& point) {
    scene.setView(view);
    const DisplayPoint p = scene.displayFromWorld(point);
    return Eigen::Vector2d(p.x - 200.0, p.y - 150.0);
  };
  EXPECT_GT(at(StandardView::Anterior, left).x(), 10.0);
  EXPECT_LT(at(StandardView::Posterior, left).x(), -10.0);
  EXPECT_LT(at(StandardView::Anterior, up).y(), -10.0);
  EXPECT_LT(at(StandardView::Left, front).x(), -5.0);
  EXPECT_GT(at(StandardView::Right, front).x(), 5.0);
  EXPECT_LT(at(StandardView::Superior, front).y(), -5.0);
  EXPECT_LT(at(StandardView::Superior, left).x(), -10.0);
  EXPECT_GT(at(StandardView::Inferior, left).x(), 10.0);
}

TEST(AnatomyScene, FitsWhatIsVisible) {
  AnatomyScene scene;
  fill(scene);
  for (const double x : {-90.0, 90.0}) {
    const DisplayPoint p = scene.displayFromWorld(Vec3(x, 0.0, 0.0));
    EXPECT_GT(p.x, 0.0);
    EXPECT_LT(p.x, 400.0);
  }
  scene.setSurfaceStyle(kPelvis, {{255, 255, 255}, 1.0, false});
  scene.fit();
  EXPECT_NEAR(scene.displayFromWorld(Vec3(60.0, 0.0, 0.0)).x, 200.0, 1e-6);
}

TEST(AnatomyScene, PicksWhatIsNearest) {
  AnatomyScene scene;
  fill(scene);
  EXPECT_EQ(structureAt(scene, Vec3(60.0, 0.0, 0.0)), kFemur);
  EXPECT_EQ(structureAt(scene, Vec3(-60.0, 0.0, 0.0)), kPelvis);
  EXPECT_EQ(structureAt(scene, Vec3(0.0, 0.0, 0.0)), std::nullopt);
  scene.setView(StandardView::Left);
  const auto hit = scene.pick(scene.displayFromWorld(Vec3::Zero()));
  ASSERT_TRUE(hit);
  EXPECT_EQ(hit->structure, kFemur);
  EXPECT_LT((hit->point - Vec3(90.0, 0.0, 0.0)).norm(), 0.5);
}

TEST(AnatomyScene, GrabsAnImplantThroughTranslucentBoneOnly) {
  AnatomyScene scene;
  fill(scene);
  scene.setModel("cup", {sphereMesh(Vec3::Zero(), 10.0), {200, 200, 200}, 1.0, true});
  scene.setModelPose("cup", RigidTransform(Eigen::Translation3d(-60.0, 0.0, 0.0)));
  const DisplayPoint at = scene.displayFromWorld(Vec3(-60.0, 0.0, 0.0));
  EXPECT_EQ(scene.pick(at)->structure, kPelvis);
  scene.setSurfaceStyle(kPelvis, {{255, 255, 255}, 0.4, true});
  EXPECT_EQ(scene.pick(at)->model, "cup");
  EXPECT_TRUE(scene.pick(at)->draggable);
  scene.setModelVisible("cup", false);
  EXPECT_EQ(scene.pick(at)->structure, kPelvis);
}

TEST(AnatomyScene, MovesTheFemurAndItsImplantsTogether) {
  AnatomyScene scene;
  fill(scene);
  scene.setModel("stem", {sphereMesh(Vec3::Zero(), 5.0), {200, 200, 200}, 1.0, true});
  scene.setModelPose("stem", RigidTransform(Eigen::Translation3d(60.0, 0.0, 40.0)));
  scene.setFemurGroup({kFemur}, {"stem"});
  scene.setFemurMotion(RigidTransform(Eigen::Translation3d(0.0, 0.0, -50.0)));
  EXPECT_EQ(structureAt(scene, Vec3(60.0, 0.0, -50.0)), kFemur);
  EXPECT_EQ(structureAt(scene, Vec3(-60.0, 0.0, 0.0)), kPelvis);
  EXPECT_EQ(scene.pick(scene.displayFromWorld(Vec3(60.0, 0.0, -10.0)))->model, "stem");
  scene.setFemurMotion(RigidTransform::Identity());
  EXPECT_EQ(structureAt(scene, Vec3(60.0, 0.0, 10.0)), kFemur);
}

TEST(AnatomyScene, DragsInThePlaneOfThePicture) {
  AnatomyScene scene;
  fill(scene);
  for (const StandardView view : {StandardView::Anterior, StandardView::Right, StandardView::Superior}) {
    scene.setView(view);
    scene.orbit(17.0, -9.0);
    const Vec3 point(5.0, 6.0, 7.0);
    const DisplayPoint from = scene.displayFromWorld(point);
    const DisplayPoint to{from.x + 31.0, from.y - 12.0};
    const DisplayPoint moved = scene.displayFromWorld(point + scene.dragDelta(from, to));
    EXPECT_NEAR(moved.x, to.x, 1e-6);
    EXPECT_NEAR(moved.y, to.y, 1e-6);
  }
}

TEST(AnatomyScene, OrbitsAboutTheFitCentre) {
  AnatomyScene scene;
  fill(scene);
  scene.pan(40.0, 10.0);
  const DisplayPoint before = scene.displayFromWorld(Vec3::Zero());
  scene.orbit(70.0, 25.0);
  const DisplayPoint after = scene.displayFromWorld(Vec3::Zero());
  EXPECT_NEAR(before.x, after.x, 1e-6);
  EXPECT_NEAR(before.y, after.y, 1e-6);
}

}  // namespace
}  // namespace coxa
