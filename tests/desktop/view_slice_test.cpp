#include "slice_view.hpp"
#include "support/sphere_mesh.hpp"

#include <gtest/gtest.h>

#include <QApplication>
#include <QMouseEvent>
#include <QWheelEvent>

namespace coxa {
namespace {

/// 100 mm cube of air about the origin with a bright ball left and anterior of it.
std::shared_ptr<const Volume> volumeWithBall() {
  Grid grid;
  grid.size = {50, 50, 25};
  grid.spacing = {2.0, 2.0, 4.0};
  grid.origin = -grid.center();
  auto volume = std::make_shared<Volume>(grid, std::int16_t{-1000});
  for (int k = 0; k < 25; ++k)
    for (int j = 0; j < 50; ++j)
      for (int i = 0; i < 50; ++i)
        if ((grid.worldFromIndex(Vec3(i, j, k)) - Vec3(25.0, -25.0, 0.0)).norm() < 12.0)
          volume->at(i, j, k) = 1500;
  return volume;
}

class ViewSlice : public testing::Test {
 protected:
  void SetUp() override {
    view.resize(400, 300);
    view.scene().setVolume(volumeWithBall());
    view.show();
    QApplication::processEvents();
  }

  QPointF at(const Vec3& world) {
    const DisplayPoint p = view.scene().displayFromWorld(world);
    return QPointF(p.x, p.y) / view.devicePixelRatioF();
  }
  void mouse(QEvent::Type type, const QPointF& position, Qt::MouseButton button, Qt::MouseButtons buttons) {
    QMouseEvent event(type, position, view.mapToGlobal(position), button, buttons, Qt::NoModifier);
    QApplication::sendEvent(&view, &event);
  }
  void drag(const QPointF& from, const QPointF& to, Qt::MouseButton button) {
    mouse(QEvent::MouseButtonPress, from, button, button);
    mouse(QEvent::MouseMove, 0.5 * (from + to), Qt::NoButton, button);
    mouse(QEvent::MouseMove, to, Qt::NoButton, button);
    mouse(QEvent::MouseButtonRelease, to, button, Qt::NoButton);
  }
  void wheel(int delta, Qt::KeyboardModifiers modifiers = Qt::NoModifier) {
    const QPointF middle(200.0, 150.0);
    QWheelEvent event(middle, view.mapToGlobal(middle), {}, {0, delta}, Qt::NoButton, modifiers,
                      Qt::NoScrollPhase, false);
    QApplication::sendEvent(&view, &event);
  }

  SliceView view{BodyPlane::Axial};
};

TEST_F(ViewSlice, PaintsInDevicePixels) {
  const double scale = view.devicePixelRatioF();
  const QImage image = view.image();
  EXPECT_EQ(image.width(), qRound(400 * scale));
  const QImage grabbed = view.grab().toImage();
  ASSERT_EQ(grabbed.size(), image.size());
  const Vec3 ball(25.0, -25.0, 0.0);
  const QPoint p = (at(ball) * scale).toPoint();
  EXPECT_GT(qGray(grabbed.pixel(p)), 200);
  EXPECT_GT(p.x(), image.width() / 2) << "the patient's left is at the right";
  EXPECT_LT(p.y(), image.height() / 2) << "anterior is at the top";
  EXPECT_LT(qGray(grabbed.pixel(image.width() - p.x(), p.y())), 30);
}

TEST_F(ViewSlice, ClickMovesTheCrosshair) {
  Vec3 heard = Vec3::Zero();
  QObject::connect(&view, &SliceView::crosshairMoved, [&](const Vec3& world) { heard = world; });
  const Vec3 wanted(-20.0, 15.0, view.scene().positionMm());
  drag(at(Vec3::Zero()), at(wanted), Qt::LeftButton);
  EXPECT_LT((heard - wanted).norm(), 1e-6);
  EXPECT_LT((view.scene().crosshair() - wanted).norm(), 1e-6);
}

TEST_F(ViewSlice, WheelScrollsAndZooms) {
  double heard = 1e9;
  QObject::connect(&view, &SliceView::scrolled, [&](double position) { heard = position; });
  const double before = view.scene().positionMm(), zoom = view.scene().pixelsPerMm();
  wheel(60);
  EXPECT_EQ(heard, 1e9) << "half a notch";
  wheel(60);
  EXPECT_NEAR(heard, before + 4.0, 1e-9);
  wheel(120, Qt::ControlModifier);
  EXPECT_NEAR(view.scene().positionMm(), before + 4.0, 1e-9);
  EXPECT_GT(view.scene().pixelsPerMm(), 1.1 * zoom);
}

TEST_F(ViewSlice, RightDragSetsTheWindow) {
  view.scene().setWindowLevel({400.0, 40.0});
  WindowLevel heard;
  QObject::connect(&view, &SliceView::windowLevelChanged, [&](WindowLevel now) { heard = now; });
  drag({100.0, 100.0}, {150.0, 60.0}, Qt::RightButton);
  EXPECT_GT(heard.width, 400.0);
  EXPECT_GT(heard.level, 40.0);
}

TEST_F(ViewSlice, ReportsTheWholeWayOfADraggedModel) {
  view.scene().setModel("cup", {sphereMesh(Vec3::Zero(), 10.0), {255, 0, 0}, 1.0, true});
  Vec3 way = Vec3::Zero();
  QString finished;
  int crosshairs = 0;
  QObject::connect(&view, &SliceView::modelDragged, [&](const QString&, const Vec3& delta) { way += delta; });
  QObject::connect(&view, &SliceView::modelDragFinished, [&](const QString& id) { finished = id; });
  QObject::connect(&view, &SliceView::crosshairMoved, [&] { ++crosshairs; });
  drag(at(Vec3::Zero()), at(Vec3(14.0, -9.0, 0.0)), Qt::LeftButton);
  EXPECT_LT((way - Vec3(14.0, -9.0, 0.0)).norm(), 1e-6);
  EXPECT_EQ(finished, "cup");
  EXPECT_EQ(crosshairs, 0);
}

TEST_F(ViewSlice, WorksByKeyboard) {
  const double before = view.scene().positionMm();
  const auto press = [&](int key) {
    QKeyEvent event(QEvent::KeyPress, key, Qt::NoModifier);
    QApplication::sendEvent(&view, &event);
  };
  press(Qt::Key_Up);
  EXPECT_NEAR(view.scene().positionMm(), before + 4.0, 1e-9);
  press(Qt::Key_Home);
  EXPECT_NEAR(view.scene().positionMm(), -48.0, 1e-9);
  press(Qt::Key_PageUp);
  EXPECT_NEAR(view.scene().positionMm(), -8.0, 1e-9);
  EXPECT_EQ(view.focusPolicy(), Qt::StrongFocus);
  EXPECT_FALSE(view.accessibleName().isEmpty());
}

TEST_F(ViewSlice, FollowsItsSize) {
  view.resize(600, 500);
  QApplication::processEvents();
  EXPECT_EQ(view.image().width(), qRound(600 * view.devicePixelRatioF()));
  EXPECT_GT(qGray(view.image().pixel((at(Vec3(25.0, -25.0, 0.0)) * view.devicePixelRatioF()).toPoint())),
            200);
}

}  // namespace
}  // namespace coxa
