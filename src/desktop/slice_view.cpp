#include "slice_view.hpp"

#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QWheelEvent>
#include <cmath>

namespace coxa {
namespace {

constexpr int kWheelStep = 120;  // Qt: eighths of a degree of one notch
constexpr double kZoomStep = 1.2;
constexpr int kPageSlices = 10;

QImage imageOf(const Picture& picture) {
  return {picture.rgba.data(), picture.width, picture.height, 4 * picture.width, QImage::Format_RGBX8888};
}

QString accessibleNameOf(BodyPlane plane) {
  switch (plane) {
    case BodyPlane::Axial:
      return SliceView::tr("Axial slice");
    case BodyPlane::Coronal:
      return SliceView::tr("Coronal slice");
    case BodyPlane::Sagittal:
      break;
  }
  return SliceView::tr("Sagittal slice");
}

}  // namespace

SliceView::SliceView(BodyPlane plane, QWidget* parent) : QWidget(parent), scene_(plane) {
  setAccessibleName(accessibleNameOf(plane));
  setAccessibleDescription(tr("Up and Down scroll, plus and minus zoom, F fits."));
  setFocusPolicy(Qt::StrongFocus);
  setMouseTracking(true);
  setCursor(Qt::CrossCursor);
  setAttribute(Qt::WA_OpaquePaintEvent);
  scene_.onChanged([this] { update(); });
}

QImage SliceView::image() {
  updateSize();
  return imageOf(scene_.picture()).copy();
}

DisplayPoint SliceView::devicePoint(const QPointF& logical) const {
  return {logical.x() * devicePixelRatioF(), logical.y() * devicePixelRatioF()};
}

void SliceView::updateSize() {
  const double scale = devicePixelRatioF();
  scene_.setSize(static_cast<int>(std::lround(width() * scale)),
                 static_cast<int>(std::lround(height() * scale)), scale);
}

void SliceView::paintEvent(QPaintEvent*) {
  // Also when the window moved to a screen with another scale, which sends no resize event.
  updateSize();
  QImage shown = imageOf(scene_.picture());
  shown.setDevicePixelRatio(devicePixelRatioF());
  QPainter painter(this);
  painter.drawImage(QPointF(0.0, 0.0), shown);
  if (brushRadiusMm_ && pointer_) paintBrush(painter);
  if (hasFocus()) {
    painter.setPen(palette().color(QPalette::Highlight));
    painter.drawRect(rect().adjusted(0, 0, -1, -1));
  }
}

/// Light on a dark rim, so that it shows on bone and on air.
void SliceView::paintBrush(QPainter& painter) const {
  const double radius = *brushRadiusMm_ * scene_.pixelsPerMm() / devicePixelRatioF();
  painter.setRenderHint(QPainter::Antialiasing);
  for (const auto& [color, width] :
       {std::pair(QColor(0, 0, 0, 160), 3.0), std::pair(QColor(255, 255, 255), 1.2)}) {
    painter.setPen(QPen(color, width));
    painter.drawEllipse(*pointer_, radius, radius);
  }
  painter.setRenderHint(QPainter::Antialiasing, false);
}

void SliceView::setBrush(std::optional<double> radiusMm) {
  if (brushRadiusMm_ == radiusMm) return;
  brushRadiusMm_ = radiusMm;
  update();
}

void SliceView::resizeEvent(QResizeEvent*) {
  updateSize();
}

void SliceView::mousePressEvent(QMouseEvent* event) {
  if (drag_ != Drag::None) return;
  dragButton_ = event->button();
  lastPosition_ = event->position();
  beginDrag(*event);
}

void SliceView::beginDrag(const QMouseEvent& event) {
  const DisplayPoint at = devicePoint(event.position());
  const bool shift = event.modifiers().testFlag(Qt::ShiftModifier);
  if (event.button() == Qt::RightButton) {
    drag_ = Drag::Window;
  } else if (event.button() == Qt::MiddleButton || (event.button() == Qt::LeftButton && shift)) {
    drag_ = Drag::Pan;
  } else if (event.button() == Qt::LeftButton && brushRadiusMm_) {
    drag_ = Drag::Brush;
    brushTo(event.position());
  } else if (event.button() == Qt::LeftButton) {
    const std::optional<std::string> model = scene_.modelAt(at);
    drag_ = model ? Drag::Model : Drag::Crosshair;
    if (model)
      draggedModel_ = *model;
    else
      moveCrosshair(at);
  }
}

void SliceView::mouseMoveEvent(QMouseEvent* event) {
  const DisplayPoint at = devicePoint(event->position());
  const QPointF moved = event->position() - lastPosition_;
  pointer_ = event->position();
  if (brushRadiusMm_) update();
  switch (drag_) {
    case Drag::None:
      showWhatIsUnder(at);
      break;
    case Drag::Crosshair:
      moveCrosshair(at);
      break;
    case Drag::Model:
      dragModel(at);
      break;
    case Drag::Brush:
      brushTo(event->position());
      break;
    case Drag::Window:
      adjustWindow(moved.x(), moved.y());
      break;
    case Drag::Pan:
      scene_.pan(moved.x() * devicePixelRatioF(), moved.y() * devicePixelRatioF());
      break;
  }
  lastPosition_ = event->position();
}

void SliceView::mouseReleaseEvent(QMouseEvent* event) {
  if (event->button() != dragButton_) return;
  if (drag_ == Drag::Model) Q_EMIT modelDragFinished(QString::fromStdString(draggedModel_));
  const bool lifted = drag_ == Drag::Brush;
  drag_ = Drag::None;
  if (lifted) Q_EMIT brushLifted();
}

void SliceView::leaveEvent(QEvent*) {
  pointer_.reset();
  if (brushRadiusMm_) update();
}

void SliceView::mouseDoubleClickEvent(QMouseEvent* event) {
  // Two quick dabs are two dabs.
  if (brushRadiusMm_)
    mousePressEvent(event);
  else if (event->button() == Qt::LeftButton)
    Q_EMIT maximizeRequested();
}

void SliceView::wheelEvent(QWheelEvent* event) {
  wheelDelta_ += event->angleDelta().y();
  const int steps = wheelDelta_ / kWheelStep;
  wheelDelta_ -= steps * kWheelStep;
  if (steps != 0) {
    if (event->modifiers().testFlag(Qt::ControlModifier))
      zoomBy(std::pow(kZoomStep, steps), devicePoint(event->position()));
    else
      scrollBy(steps);
  }
  event->accept();
}

void SliceView::keyPressEvent(QKeyEvent* event) {
  constexpr int kAllSlices = 1 << 20;
  switch (event->key()) {
    case Qt::Key_Up:
      return scrollBy(1);
    case Qt::Key_Down:
      return scrollBy(-1);
    case Qt::Key_PageUp:
      return scrollBy(kPageSlices);
    case Qt::Key_PageDown:
      return scrollBy(-kPageSlices);
    case Qt::Key_Home:
      return scrollBy(-kAllSlices);
    case Qt::Key_End:
      return scrollBy(kAllSlices);
    case Qt::Key_Plus:
    case Qt::Key_Equal:
      return zoomBy(kZoomStep);
    case Qt::Key_Minus:
      return zoomBy(1.0 / kZoomStep);
    case Qt::Key_F:
    case Qt::Key_0:
      return scene_.fit();
    default:
      QWidget::keyPressEvent(event);
  }
}

void SliceView::showWhatIsUnder(const DisplayPoint& at) {
  setCursor(!brushRadiusMm_ && scene_.modelAt(at) ? Qt::SizeAllCursor : Qt::CrossCursor);
  Q_EMIT hovered(scene_.worldFromDisplay(at));
}

void SliceView::moveCrosshair(const DisplayPoint& to) {
  const Vec3 world = scene_.worldFromDisplay(to);
  scene_.setCrosshair(world);
  Q_EMIT crosshairMoved(world);
}

void SliceView::dragModel(const DisplayPoint& to) {
  const Vec3 delta = scene_.worldFromDisplay(to) - scene_.worldFromDisplay(devicePoint(lastPosition_));
  Q_EMIT modelDragged(QString::fromStdString(draggedModel_), delta);
}

void SliceView::brushTo(const QPointF& position) {
  Q_EMIT brushed(scene_.worldFromDisplay(devicePoint(lastPosition_)),
                 scene_.worldFromDisplay(devicePoint(position)));
}

void SliceView::adjustWindow(double dx, double dy) {
  // A wide window is changed in larger steps: the same hand movement does the same to the eye.
  const WindowLevel now = scene_.windowLevel();
  const double huPerPixel = std::max(now.width / 250.0, 0.5);
  scene_.setWindowLevel({std::max(now.width + dx * huPerPixel, 1.0), now.level - dy * huPerPixel});
  Q_EMIT windowLevelChanged(scene_.windowLevel());
}

void SliceView::scrollBy(int steps) {
  const double before = scene_.positionMm();
  scene_.scroll(steps);
  if (scene_.positionMm() != before) Q_EMIT scrolled(scene_.positionMm());
}

void SliceView::zoomBy(double factor, std::optional<DisplayPoint> at) {
  if (at)
    scene_.zoom(factor, *at);
  else
    scene_.zoom(factor);
}

}  // namespace coxa
