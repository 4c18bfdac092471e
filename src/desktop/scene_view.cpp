#include "scene_view.hpp"

#include <QKeyEvent>
#include <QMouseEvent>
#include <QWheelEvent>
#include <cmath>

namespace coxa {
namespace {

constexpr double kZoomStep = 1.2;
constexpr double kWheelStep = 120.0;  // Qt: eighths of a degree of one notch
constexpr int kSettledMs = 250;
constexpr double kOrbitKeyPx = 24.0;
constexpr double kDragZoomPx = 150.0;  // dragged so far, the picture grows by e

}  // namespace

SceneView::SceneView(QWidget* parent) : Viewport(parent) {
  setAccessibleName(tr("3-D view"));
  setAccessibleDescription(tr("Arrows turn, plus and minus zoom, A P L R S I look from a side, F fits."));
  setFocusPolicy(Qt::StrongFocus);
  settled_.setSingleShot(true);
  settled_.setInterval(kSettledMs);
  connect(&settled_, &QTimer::timeout, this, [this] {
    if (drag_ == Drag::None) scene().setInteracting(false);
  });
}

void SceneView::keepFluent() {
  scene().setInteracting(true);
  settled_.start();
}

DisplayPoint SceneView::devicePoint(const QPointF& logical) const {
  return {logical.x() * devicePixelRatioF(), logical.y() * devicePixelRatioF()};
}

void SceneView::mousePressEvent(QMouseEvent* event) {
  if (drag_ != Drag::None) return;
  dragButton_ = event->button();
  lastPosition_ = pressPosition_ = event->position();
  moved_ = false;
  if (event->button() == Qt::RightButton) {
    drag_ = Drag::Zoom;
  } else if (event->button() == Qt::MiddleButton || event->modifiers().testFlag(Qt::ShiftModifier)) {
    drag_ = Drag::Pan;
  } else if (event->button() == Qt::LeftButton) {
    grabbed_ = scene().pick(devicePoint(event->position()));
    drag_ = grabbed_ && grabbed_->draggable ? Drag::Model : Drag::Orbit;
  }
}

void SceneView::mouseMoveEvent(QMouseEvent* event) {
  constexpr int kClickReach = 3;
  if (drag_ == Drag::None) return;
  if (!moved_ && (event->position() - pressPosition_).manhattanLength() < kClickReach) return;
  moved_ = true;
  scene().setInteracting(true);
  const DisplayPoint from = devicePoint(lastPosition_), to = devicePoint(event->position());
  lastPosition_ = event->position();
  switch (drag_) {
    case Drag::Orbit:
      return scene().orbit(to.x - from.x, to.y - from.y);
    case Drag::Pan:
      return scene().pan(to.x - from.x, to.y - from.y);
    case Drag::Zoom:
      return scene().zoom(std::exp((from.y - to.y) / (kDragZoomPx * devicePixelRatioF())));
    case Drag::Model:
      Q_EMIT modelDragged(QString::fromStdString(*grabbed_->model), scene().dragDelta(from, to));
      return;
    case Drag::None:
      return;
  }
}

void SceneView::mouseReleaseEvent(QMouseEvent* event) {
  if (event->button() != dragButton_) return;
  const Drag ended = drag_;
  drag_ = Drag::None;
  scene().setInteracting(false);
  if (ended == Drag::Model && moved_) Q_EMIT modelDragFinished(QString::fromStdString(*grabbed_->model));
  if ((ended == Drag::Model || ended == Drag::Orbit) && !moved_ && grabbed_) reportPick(*grabbed_);
}

void SceneView::reportPick(const SceneHit& hit) {
  if (hit.model) Q_EMIT modelPicked(QString::fromStdString(*hit.model));
  if (hit.structure) Q_EMIT structurePicked(*hit.structure, hit.point);
}

void SceneView::mouseDoubleClickEvent(QMouseEvent* event) {
  if (event->button() == Qt::LeftButton) Q_EMIT maximizeRequested();
}

void SceneView::wheelEvent(QWheelEvent* event) {
  keepFluent();
  scene().zoom(std::pow(kZoomStep, event->angleDelta().y() / kWheelStep));
  event->accept();
}

void SceneView::keyPressEvent(QKeyEvent* event) {
  if (turnBy(event->key())) return keepFluent();
  switch (event->key()) {
    case Qt::Key_A:
      return scene().setView(StandardView::Anterior);
    case Qt::Key_P:
      return scene().setView(StandardView::Posterior);
    case Qt::Key_L:
      return scene().setView(StandardView::Left);
    case Qt::Key_R:
      return scene().setView(StandardView::Right);
    case Qt::Key_S:
      return scene().setView(StandardView::Superior);
    case Qt::Key_I:
      return scene().setView(StandardView::Inferior);
    case Qt::Key_Plus:
    case Qt::Key_Equal:
      return scene().zoom(kZoomStep);
    case Qt::Key_Minus:
      return scene().zoom(1.0 / kZoomStep);
    case Qt::Key_F:
    case Qt::Key_0:
      return scene().fit();
    default:
      Viewport::keyPressEvent(event);
  }
}

bool SceneView::turnBy(int key) {
  const double turn = kOrbitKeyPx * devicePixelRatioF();
  switch (key) {
    case Qt::Key_Left:
      scene().orbit(-turn, 0.0);
      return true;
    case Qt::Key_Right:
      scene().orbit(turn, 0.0);
      return true;
    case Qt::Key_Up:
      scene().orbit(0.0, -turn);
      return true;
    case Qt::Key_Down:
      scene().orbit(0.0, turn);
      return true;
    default:
      return false;
  }
}

}  // namespace coxa
