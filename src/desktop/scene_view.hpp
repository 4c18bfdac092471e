#pragma once

#include "viewport.hpp"

#include <QPoint>
#include <QTimer>
#include <optional>

namespace coxa {

/// The 3-D view. Left drag orbits (or drags a draggable model under the cursor in the plane of the picture),
/// middle drag or Shift + left pans, right drag or wheel zooms, a click picks, double click asks for the
/// whole window. Keys: A P L R S I standard views, arrows orbit, +/- zoom, F or 0 fits.
class SceneView : public Viewport {
  Q_OBJECT
 public:
  explicit SceneView(QWidget* parent = nullptr);

  /// Draws with less detail until a moment after the last call: for every step of a movement that comes from
  /// elsewhere, such as a slider that moves the femur.
  void keepFluent();

  QSize sizeHint() const override { return {640, 480}; }
  QSize minimumSizeHint() const override { return {160, 120}; }

 Q_SIGNALS:
  void structurePicked(int labelValue, const coxa::Vec3& world);
  void modelPicked(const QString& id);
  /// Since the last signal of this drag, in the plane of the picture. The view itself does not move the
  /// model.
  void modelDragged(const QString& id, const coxa::Vec3& worldDelta);
  void modelDragFinished(const QString& id);
  void maximizeRequested();

 protected:
  void mousePressEvent(QMouseEvent* event) override;
  void mouseMoveEvent(QMouseEvent* event) override;
  void mouseReleaseEvent(QMouseEvent* event) override;
  void mouseDoubleClickEvent(QMouseEvent* event) override;
  void wheelEvent(QWheelEvent* event) override;
  void keyPressEvent(QKeyEvent* event) override;

 private:
  enum class Drag { None, Orbit, Pan, Zoom, Model };
  DisplayPoint devicePoint(const QPointF& logical) const;
  bool turnBy(int key);  ///< false for a key that does not turn
  void reportPick(const SceneHit& hit);

  QTimer settled_;
  Drag drag_ = Drag::None;
  Qt::MouseButton dragButton_ = Qt::NoButton;
  bool moved_ = false;  ///< else it was a click
  std::optional<SceneHit> grabbed_;
  QPointF pressPosition_;
  QPointF lastPosition_;
};

}  // namespace coxa
