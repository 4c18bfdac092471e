#include "viewport.hpp"

#include <QCoreApplication>
#include <QOpenGLContext>
#include <QSurfaceFormat>
#include <cmath>

namespace coxa {

void Viewport::prepare() {
  QSurfaceFormat format;
  format.setRenderableType(QSurfaceFormat::OpenGL);
  format.setProfile(QSurfaceFormat::CoreProfile);
  format.setVersion(3, 2);
  format.setDepthBufferSize(24);
  format.setAlphaBufferSize(8);
  format.setSamples(0);
  QSurfaceFormat::setDefaultFormat(format);
  QCoreApplication::setAttribute(Qt::AA_ShareOpenGLContexts);
}

Viewport::Viewport(QWidget* parent) : QOpenGLWidget(parent) {
  scene_.onChanged([this] { update(); });
}

Viewport::~Viewport() {
  releaseGl();
}

QImage Viewport::capture(const QSize& devicePixels) {
  if (view_ == nullptr) return {};
  makeCurrent();
  const Picture picture = view_->capture(devicePixels.width(), devicePixels.height());
  doneCurrent();
  update();
  return QImage(picture.rgba.data(), picture.width, picture.height, 4 * picture.width,
                QImage::Format_RGBX8888)
      .copy();
}

void Viewport::initializeGL() {
  surface_ = context()->surface();
  view_ = std::make_unique<GlView>(scene_, glContext());
  view_->initialize();
  // The context goes when the widget moves to another top-level window; a new one then comes here again.
  contextLoss_ = connect(context(), &QOpenGLContext::aboutToBeDestroyed, this, &Viewport::releaseGl);
}

void Viewport::resizeGL(int, int) {
  updateSize();
}

void Viewport::paintGL() {
  updateSize();
  view_->draw(defaultFramebufferObject());
}

void Viewport::updateSize() {
  const double scale = devicePixelRatioF();
  scene_.setSize(static_cast<int>(std::lround(width() * scale)),
                 static_cast<int>(std::lround(height() * scale)), scale);
}

void Viewport::releaseGl() {
  if (view_ == nullptr) return;
  makeCurrent();
  disconnect(contextLoss_);
  view_->release();
  view_.reset();
  doneCurrent();
}

GlContext Viewport::glContext() {
  // Never QOpenGLWidget::makeCurrent() here: it binds Qt's framebuffer behind VTK's back.
  return {
      [this] { context()->makeCurrent(surface_); },
      [this] { return QOpenGLContext::currentContext() == context() && context()->surface() == surface_; }};
}

}  // namespace coxa
