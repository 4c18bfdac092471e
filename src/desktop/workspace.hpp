#pragma once

#include "coxa/geometry/types.hpp"
#include "coxa/image/picture.hpp"
#include "coxa/render/anatomy_scene.hpp"
#include "coxa/render/slice_scene.hpp"

#include <QWidget>
#include <array>

class QGridLayout;

namespace coxa {

class CaseSession;
class Pane;
class SceneView;
class SliceView;

/// Axial, coronal and sagittal slices with one crosshair, and the 3-D view, two by two; a double click gives
/// one of them all the space. The slices always run through the crosshair. What is in the views is put there
/// by presenters.
class Workspace : public QWidget {
  Q_OBJECT
 public:
  explicit Workspace(CaseSession* session, QWidget* parent = nullptr);

  SliceView* slice(BodyPlane plane) const { return slices_[static_cast<std::size_t>(plane)]; }
  const std::array<SliceView*, 3>& slices() const { return slices_; }
  SceneView* sceneView() const { return scene_; }

  void setWindowLevel(WindowLevel windowLevel);
  void setOverlay(SliceOverlay overlay);
  void setOverlayOpacity(double opacity);
  void showPoint(const Vec3& world);
  Vec3 crosshair() const { return crosshair_; }
  /// Null shows all four.
  void maximize(Pane* pane);
  Pane* pane(const QWidget* view) const;

 Q_SIGNALS:
  void windowLevelChanged(coxa::WindowLevel windowLevel);
  /// HU and structure under the pointer, in words.
  void readOut(const QString& text);

 private:
  Pane* addPane(int row, int column, const QString& title, const QColor& color, QWidget* view);
  void connectSlice(SliceView* view, Pane* pane);
  void setCrosshair(const Vec3& world);
  void showCt();
  void readOutAt(SliceView* view, const Vec3& world);

  CaseSession* session_;
  QGridLayout* grid_;
  std::array<SliceView*, 3> slices_{};
  SceneView* scene_;
  std::vector<Pane*> panes_;
  Pane* maximized_ = nullptr;
  Vec3 crosshair_ = Vec3::Zero();
};

}  // namespace coxa
