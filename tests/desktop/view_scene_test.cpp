#include "scene_view.hpp"
#include "support/sphere_mesh.hpp"

#include "coxa/render/color_maps.hpp"

#include <gtest/gtest.h>

#include <QApplication>
#include <QMouseEvent>
#include <QVBoxLayout>

namespace coxa {
namespace {

const Vec3 kRight(-50.0, 0.0, 0.0), kLeft(50.0, 0.0, 0.0);

void show(QWidget& widget) {
  widget.show();
  for (int i = 0; i < 5; ++i) QApplication::processEvents();
}

QColor colorAt(SceneView& view, const Vec3& world) {
  const QImage image = view.grabFramebuffer();
  const DisplayPoint p = view.scene().displayFromWorld(world);
  return image.pixelColor(static_cast<int>(p.x), static_cast<int>(p.y));
}

bool isRed(const QColor& c) {
  return c.red() > 90 && c.red() > 2 * c.green() && c.red() > 2 * c.blue();
}
bool isGreen(const QColor& c) {
  return c.green() > 90 && c.green() > 2 * c.red() && c.green() > 2 * c.blue();
}

/// A red ball on the patient's right, a green one on the left.
std::unique_ptr<SceneView> balls() {
  auto view = std::make_unique<SceneView>();
  view->resize(360, 280);
  view->scene().setSurface(2, sphereMesh(kRight, 30.0), {{230, 20, 20}, 1.0, true});
  view->scene().setSurface(1, sphereMesh(kLeft, 30.0), {{20, 230, 20}, 1.0, true});
  return view;
}

TEST(ViewScene, ShowsThePatientFromTheNamedSide) {
  const auto view = balls();
  show(*view);
  const QImage image = view->grabFramebuffer();
  EXPECT_EQ(image.width(), qRound(360 * view->devicePixelRatioF()));
  EXPECT_TRUE(isRed(colorAt(*view, kRight)));
  EXPECT_TRUE(isGreen(colorAt(*view, kLeft)));
  EXPECT_LT(view->scene().displayFromWorld(kRight).x, image.width() / 2.0);
  view->scene().setView(StandardView::Posterior);
  EXPECT_TRUE(isRed(colorAt(*view, kRight)));
  EXPECT_GT(view->scene().displayFromWorld(kRight).x, image.width() / 2.0);
}

TEST(ViewScene, TranslucentSurfacesShowAndDoNotDependOnTheirOrder) {
  const auto middleOf = [](bool redFirst) {
    SceneView view;
    view.resize(300, 300);
    // Red lies before green, seen from anterior.
    const auto add = [&](bool red) {
      view.scene().setSurface(red == redFirst ? 1 : 2, sphereMesh(Vec3(0.0, red ? -40.0 : 40.0, 0.0), 30.0),
                              {red ? Rgb{230, 20, 20} : Rgb{20, 230, 20}, 0.5, true});
    };
    add(redFirst);
    add(!redFirst);
    show(view);
    return colorAt(view, Vec3::Zero());
  };
  const QColor a = middleOf(true), b = middleOf(false);
  EXPECT_NEAR(a.red(), b.red(), 2);
  EXPECT_NEAR(a.green(), b.green(), 2);
  EXPECT_GT(a.red(), 70);
  EXPECT_GT(a.green(), 70);
}

TEST(ViewScene, ExactTranslucencyWeighsTheNearerSurfaceMore) {
  SceneView view;
  view.resize(300, 300);
  view.scene().setSurface(1, sphereMesh(Vec3(0.0, -40.0, 0.0), 30.0), {{230, 20, 20}, 0.5, true});
  view.scene().setSurface(2, sphereMesh(Vec3(0.0, 40.0, 0.0), 30.0), {{20, 230, 20}, 0.5, true});
  view.scene().setExactTranslucency(true);
  show(view);
  const QColor middle = colorAt(view, Vec3::Zero());
  EXPECT_GT(middle.red(), middle.green() + 30);
  EXPECT_GT(middle.green(), 30);
}

TEST(ViewScene, OpaqueBoneShowsThroughTranslucentMuscle) {
  SceneView view;
  view.resize(300, 300);
  view.scene().setSurface(1, sphereMesh(Vec3::Zero(), 20.0), {{20, 230, 20}, 1.0, true});
  view.scene().setSurface(2, sphereMesh(Vec3::Zero(), 50.0), {{230, 20, 20}, 0.3, true});
  show(view);
  const QColor overBone = colorAt(view, Vec3::Zero()), besides = colorAt(view, Vec3(35.0, 0.0, 0.0));
  EXPECT_GT(overBone.green(), 80);
  EXPECT_GT(overBone.red(), 40);
  EXPECT_LT(besides.green(), 60);
  EXPECT_GT(besides.red(), 60);
}

TEST(ViewScene, ColoursByUncertainty) {
  const auto view = balls();
  Grid grid;
  grid.size = {40, 20, 20};
  grid.spacing = {5.0, 5.0, 5.0};
  grid.origin = -grid.center();
  auto uncertainty = std::make_shared<ScalarImage>(grid, 0.0F);
  for (int k = 0; k < 20; ++k)
    for (int j = 0; j < 20; ++j)
      for (int i = 20; i < 40; ++i) uncertainty->at(i, j, k) = 1.0F;  // the left half is uncertain
  view->scene().setUncertainty(uncertainty, 1.0);
  view->scene().setColoring(SurfaceColoring::Uncertainty);
  show(*view);
  const QColor sure = colorAt(*view, kRight), unsure = colorAt(*view, kLeft);
  EXPECT_GT(sure.blue(), sure.red() + 20) << "cividis begins blue";
  EXPECT_GT(unsure.red(), unsure.blue() + 60) << "and ends yellow";
  EXPECT_GT(unsure.green(), unsure.blue() + 60);
  view->scene().setColoring(SurfaceColoring::Structure);
  EXPECT_TRUE(isGreen(colorAt(*view, kLeft)));
}

TEST(ViewScene, ShowsModelsAndContactsAtTheirPlace) {
  const auto view = balls();
  view->scene().setModel("head", {sphereMesh(Vec3::Zero(), 15.0), {40, 60, 240}, 1.0, true});
  show(*view);
  EXPECT_GT(colorAt(*view, Vec3::Zero()).blue(), 100);
  view->scene().setModelPose("head", RigidTransform(Eigen::Translation3d(0.0, 0.0, 25.0)));
  EXPECT_LT(colorAt(*view, Vec3(0.0, 0.0, -12.0)).blue(), 60);
  EXPECT_GT(colorAt(*view, Vec3(0.0, 0.0, 25.0)).blue(), 100);
  view->scene().setContacts({kLeft});
  EXPECT_TRUE(isRed(colorAt(*view, kLeft))) << "a contact inside bone is seen through it";
  view->scene().setContacts({});
  EXPECT_TRUE(isGreen(colorAt(*view, kLeft)));
}

TEST(ViewScene, SurvivesResizeReparentingAndRecreation) {
  for (int round = 0; round < 3; ++round) {
    auto view = balls();
    show(*view);
    view->resize(500, 220);
    QApplication::processEvents();
    EXPECT_TRUE(isRed(colorAt(*view, kRight)));
    QWidget window;
    QVBoxLayout layout(&window);
    layout.addWidget(view.get());
    window.resize(420, 400);
    show(window);
    EXPECT_TRUE(isGreen(colorAt(*view, kLeft)));
    view.reset();
    show(window);
  }
}

TEST(ViewScene, WorksByKeyboard) {
  const auto view = balls();
  show(*view);
  const auto press = [&](int key) {
    QKeyEvent event(QEvent::KeyPress, key, Qt::NoModifier);
    QApplication::sendEvent(view.get(), &event);
  };
  const auto leftIsAt = [&] { return view->scene().displayFromWorld(kLeft).x; };
  const double before = leftIsAt();
  press(Qt::Key_P);
  EXPECT_LT(leftIsAt(), before) << "from behind, the left is at the left";
  press(Qt::Key_A);
  EXPECT_NEAR(leftIsAt(), before, 1e-6);
  press(Qt::Key_Right);
  EXPECT_LT(leftIsAt(), before);
  EXPECT_EQ(view->focusPolicy(), Qt::StrongFocus);
  EXPECT_FALSE(view->accessibleName().isEmpty());
}

TEST(ViewScene, CapturesAtAnotherSizeWithoutChanging) {
  const auto view = balls();
  show(*view);
  const QImage image = view->capture({800, 600});
  ASSERT_EQ(image.size(), QSize(800, 600));
  EXPECT_TRUE(isRed(image.pixelColor(220, 300)));
  EXPECT_TRUE(isGreen(image.pixelColor(580, 300)));
  EXPECT_TRUE(isRed(colorAt(*view, kRight)));
}

TEST(ViewScene, DragsImplantsOrbitsAndPicks) {
  const auto view = balls();
  view->scene().setModel("cup", {sphereMesh(Vec3::Zero(), 10.0), {200, 200, 200}, 1.0, true});
  show(*view);
  const auto at = [&](const Vec3& world) {
    const DisplayPoint p = view->scene().displayFromWorld(world);
    return QPointF(p.x, p.y) / view->devicePixelRatioF();
  };
  const auto mouse = [&](QEvent::Type type, const QPointF& p, Qt::MouseButton button, Qt::MouseButtons held) {
    QMouseEvent event(type, p, view->mapToGlobal(p), button, held, Qt::NoModifier);
    QApplication::sendEvent(view.get(), &event);
  };
  const auto drag = [&](const QPointF& from, const QPointF& to) {
    mouse(QEvent::MouseButtonPress, from, Qt::LeftButton, Qt::LeftButton);
    if (to != from) mouse(QEvent::MouseMove, to, Qt::NoButton, Qt::LeftButton);
    mouse(QEvent::MouseButtonRelease, to, Qt::LeftButton, Qt::NoButton);
  };
  Vec3 way = Vec3::Zero();
  int picked = 0, finished = 0;
  QObject::connect(view.get(), &SceneView::modelDragged,
                   [&](const QString&, const Vec3& delta) { way += delta; });
  QObject::connect(view.get(), &SceneView::modelDragFinished, [&] { ++finished; });
  QObject::connect(view.get(), &SceneView::structurePicked, [&](int value, const Vec3&) { picked = value; });
  drag(at(Vec3::Zero()), at(Vec3(8.0, 0.0, 20.0)));
  EXPECT_LT((way - Vec3(8.0, 0.0, 20.0)).norm(), 1e-6);
  EXPECT_EQ(finished, 1);
  drag(at(kLeft), at(kLeft));
  EXPECT_EQ(picked, 1);
  const double before = view->scene().displayFromWorld(kLeft).x;
  drag({20.0, 20.0}, {120.0, 40.0});
  EXPECT_NE(view->scene().displayFromWorld(kLeft).x, before);
  EXPECT_EQ(finished, 1);
}

}  // namespace
}  // namespace coxa
