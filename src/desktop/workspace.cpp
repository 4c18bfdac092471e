#include "workspace.hpp"

#include "case_session.hpp"
#include "format.hpp"
#include "pane.hpp"
#include "scene_view.hpp"
#include "slice_view.hpp"

#include <QGridLayout>

namespace coxa {
namespace {

/// The LPS axis a plane is perpendicular to.
int axisOf(BodyPlane plane) {
  switch (plane) {
    case BodyPlane::Axial:
      return 2;
    case BodyPlane::Coronal:
      return 1;
    case BodyPlane::Sagittal:
      return 0;
  }
  return 0;
}

/// All cells alike, or all the room for one widget: an empty row or column that may stretch keeps its room.
void shareRoom(QGridLayout& grid, QWidget* alone) {
  int row = 0, column = 0, rows = 0, columns = 0;
  if (alone) grid.getItemPosition(grid.indexOf(alone), &row, &column, &rows, &columns);
  for (int n = 0; n < 2; ++n) {
    grid.setRowStretch(n, alone == nullptr || n == row ? 1 : 0);
    grid.setColumnStretch(n, alone == nullptr || n == column ? 1 : 0);
  }
}

}  // namespace

Workspace::Workspace(CaseSession* session, QWidget* parent)
    : QWidget(parent), session_(session), grid_(new QGridLayout(this)), scene_(new SceneView) {
  grid_->setContentsMargins(0, 0, 0, 0);
  grid_->setSpacing(3);
  for (const BodyPlane plane : {BodyPlane::Axial, BodyPlane::Coronal, BodyPlane::Sagittal})
    slices_[static_cast<std::size_t>(plane)] = new SliceView(plane);
  // Red, green and yellow by convention, here in tones that red-green-blind eyes tell apart by lightness.
  connectSlice(slice(BodyPlane::Axial),
               addPane(0, 0, tr("Axial"), QColor(0xe0, 0x6c, 0x6c), slice(BodyPlane::Axial)));
  connectSlice(slice(BodyPlane::Coronal),
               addPane(0, 1, tr("Coronal"), QColor(0x7f, 0xd1, 0x9a), slice(BodyPlane::Coronal)));
  connectSlice(slice(BodyPlane::Sagittal),
               addPane(1, 0, tr("Sagittal"), QColor(0xf0, 0xdc, 0x7a), slice(BodyPlane::Sagittal)));
  addPane(1, 1, tr("3-D"), QColor(0x7a, 0xb8, 0xec), scene_);
  connect(scene_, &SceneView::maximizeRequested, this, [this] { maximize(pane(scene_)); });

  connect(session, &CaseSession::ctLoaded, this, &Workspace::showCt);
  connect(session, &CaseSession::closed, this, [this] {
    for (SliceView* view : slices_) view->scene().setVolume(nullptr);
  });
}

Pane* Workspace::addPane(int row, int column, const QString& title, const QColor& color, QWidget* view) {
  auto* pane = new Pane(title, color, view, this);
  connect(pane, &Pane::maximizeRequested, this, [this, pane] { maximize(pane); });
  grid_->addWidget(pane, row, column);
  grid_->setRowStretch(row, 1);
  grid_->setColumnStretch(column, 1);
  panes_.push_back(pane);
  return pane;
}

void Workspace::connectSlice(SliceView* view, Pane* pane) {
  const BodyPlane plane = view->scene().plane();
  const auto moveTo = [this, axis = axisOf(plane)](double positionMm) {
    Vec3 point = crosshair_;
    point[axis] = positionMm;
    setCrosshair(point);
  };
  pane->addScrollBar(view);
  connect(pane, &Pane::scrolledTo, this, moveTo);
  connect(view, &SliceView::scrolled, this, moveTo);
  connect(view, &SliceView::crosshairMoved, this, &Workspace::setCrosshair);
  connect(view, &SliceView::windowLevelChanged, this, &Workspace::setWindowLevel);
  connect(view, &SliceView::hovered, this, [this, view](const Vec3& world) { readOutAt(view, world); });
  connect(view, &SliceView::maximizeRequested, this, [this, pane] { maximize(pane); });
}

void Workspace::showCt() {
  for (SliceView* view : slices_) {
    view->scene().setVolume(session_->ct());
    view->scene().fit();
  }
  setCrosshair(session_->ct()->grid.center());
}

void Workspace::setCrosshair(const Vec3& world) {
  crosshair_ = world;
  for (SliceView* view : slices_) {
    view->scene().setCrosshair(world);
    view->scene().showPoint(world);
    pane(view)->showPosition();
  }
}

void Workspace::showPoint(const Vec3& world) {
  setCrosshair(world);
  scene_->scene().focusOn(world);
}

void Workspace::setWindowLevel(WindowLevel windowLevel) {
  for (SliceView* view : slices_) view->scene().setWindowLevel(windowLevel);
  Q_EMIT windowLevelChanged(windowLevel);
}

void Workspace::setOverlay(SliceOverlay overlay) {
  for (SliceView* view : slices_) view->scene().setOverlay(overlay);
}

void Workspace::setOverlayOpacity(double opacity) {
  for (SliceView* view : slices_) {
    view->scene().setLabelOpacity(opacity);
    view->scene().setUncertaintyOpacity(opacity);
  }
}

Pane* Workspace::pane(const QWidget* view) const {
  for (Pane* pane : panes_)
    if (pane->view() == view) return pane;
  return nullptr;
}

void Workspace::maximize(Pane* pane) {
  maximized_ = maximized_ == pane ? nullptr : pane;
  for (Pane* each : panes_) {
    each->setVisible(maximized_ == nullptr || each == maximized_);
    each->setMaximized(each == maximized_);
  }
  shareRoom(*grid_, maximized_);
}

void Workspace::readOutAt(SliceView* view, const Vec3& world) {
  const auto hu = view->scene().huAt(world);
  if (!hu) {
    Q_EMIT readOut({});
    return;
  }
  QString text = tr("%1 HU").arg(numberText(*hu, 0));
  if (const Structure* structure = session_->table().find(view->scene().labelAt(world)))
    text += QStringLiteral("   ") + QString::fromStdString(structure->english);
  Q_EMIT readOut(text);
}

}  // namespace coxa
