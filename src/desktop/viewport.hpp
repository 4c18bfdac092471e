#pragma once

#include "coxa/render/gl_view.hpp"

#include <QMetaObject>
#include <QOpenGLWidget>
#include <memory>

class QSurface;

namespace coxa {

/// A QOpenGLWidget that shows an AnatomyScene. Before the QApplication is made, call `prepare()` once.
class Viewport : public QOpenGLWidget {
  Q_OBJECT
 public:
  explicit Viewport(QWidget* parent = nullptr);
  ~Viewport() override;

  /// Surface format and context sharing that VTK needs; must precede the QApplication.
  static void prepare();

  AnatomyScene& scene() { return scene_; }
  /// The scene at any size in device pixels, without the widget changing. Empty before it was first shown.
  QImage capture(const QSize& devicePixels);

 protected:
  void initializeGL() override;
  void paintGL() override;
  void resizeGL(int width, int height) override;

 private:
  void updateSize();
  void releaseGl();
  GlContext glContext();

  AnatomyScene scene_;
  std::unique_ptr<GlView> view_;
  QSurface* surface_ = nullptr;
  QMetaObject::Connection contextLoss_;
};

}  // namespace coxa
