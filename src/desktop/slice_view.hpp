#pragma once

#include "coxa/render/slice_scene.hpp"

#include <QImage>
#include <QPoint>
#include <QWidget>
#include <optional>
#include <string>

class QPainter;

namespace coxa {

/// Shows a SliceScene and turns mouse and keys into changes of it, as 3D Slicer and OsiriX users expect:
/// left drag moves the crosshair (or a draggable model under it), right drag sets window (sideways) and level
/// (up and down), middle drag or Shift + left pans, wheel scrolls, Ctrl + wheel zooms, double click asks for
/// the whole window. Keys: Up/Down and PageUp/PageDown scroll by 1 and 10, Home/End to the ends, +/- zoom,
/// F or 0 fits. With a brush, left drag brushes instead.
class SliceView : public QWidget {
  Q_OBJECT
 public:
  explicit SliceView(BodyPlane plane, QWidget* parent = nullptr);

  /// Change the scene freely: the view redraws when the event loop comes round. Set nothing about size.
  SliceScene& scene() { return scene_; }
  QImage image();  ///< what is shown, in device pixels
  /// While set, the left button brushes and a circle of that radius follows the pointer.
  void setBrush(std::optional<double> radiusMm);
  std::optional<double> brush() const { return brushRadiusMm_; }

  QSize sizeHint() const override { return {480, 400}; }
  QSize minimumSizeHint() const override { return {160, 120}; }

 Q_SIGNALS:
  // Only what the user does in this view is signalled, never what the program sets on the scene.
  void crosshairMoved(const coxa::Vec3& world);
  void windowLevelChanged(coxa::WindowLevel windowLevel);
  void scrolled(double positionMm);
  /// Since the last signal of this drag, in the slice's plane. The view itself does not move the model.
  void modelDragged(const QString& id, const coxa::Vec3& worldDelta);
  void modelDragFinished(const QString& id);
  /// From where the brush was to where it is; the same point twice where it is set down.
  void brushed(const coxa::Vec3& from, const coxa::Vec3& to);
  void brushLifted();
  void hovered(const coxa::Vec3& world);  ///< for a read-out of HU and structure
  void maximizeRequested();

 protected:
  void paintEvent(QPaintEvent* event) override;
  void resizeEvent(QResizeEvent* event) override;
  void mousePressEvent(QMouseEvent* event) override;
  void mouseMoveEvent(QMouseEvent* event) override;
  void mouseReleaseEvent(QMouseEvent* event) override;
  void mouseDoubleClickEvent(QMouseEvent* event) override;
  void wheelEvent(QWheelEvent* event) override;
  void keyPressEvent(QKeyEvent* event) override;
  void leaveEvent(QEvent* event) override;

 private:
  enum class Drag { None, Crosshair, Model, Brush, Window, Pan };
  DisplayPoint devicePoint(const QPointF& logical) const;
  void updateSize();
  void beginDrag(const QMouseEvent& event);
  void showWhatIsUnder(const DisplayPoint& at);
  void moveCrosshair(const DisplayPoint& to);
  void dragModel(const DisplayPoint& to);
  void brushTo(const QPointF& position);
  void paintBrush(QPainter& painter) const;
  void adjustWindow(double dx, double dy);
  void scrollBy(int steps);
  void zoomBy(double factor, std::optional<DisplayPoint> at = {});

  SliceScene scene_;
  Drag drag_ = Drag::None;
  Qt::MouseButton dragButton_ = Qt::NoButton;
  std::string draggedModel_;
  std::optional<double> brushRadiusMm_;
  std::optional<QPointF> pointer_;  ///< while it is over the view
  QPointF lastPosition_;
  int wheelDelta_ = 0;  ///< high-resolution wheels send parts of a step
};

}  // namespace coxa
