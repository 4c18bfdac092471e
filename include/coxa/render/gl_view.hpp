#pragma once

#include "coxa/render/anatomy_scene.hpp"

#include <functional>
#include <memory>

namespace coxa {

/// The OpenGL context of a GUI toolkit, as GlView needs it. `makeCurrent` must make the bare context current
/// and bind no framebuffer of the toolkit: VTK calls it while drawing.
struct GlContext {
  std::function<void()> makeCurrent;
  std::function<bool()> isCurrent;
};

/// Draws an AnatomyScene inside a toolkit's OpenGL context (3.2 core or later). The scene must outlive it.
class GlView {
 public:
  GlView(AnatomyScene& scene, GlContext context);
  ~GlView();
  GlView(const GlView&) = delete;
  GlView& operator=(const GlView&) = delete;

  // All of these with the context current.
  void initialize();                ///< once the context exists
  void draw(unsigned framebuffer);  ///< at the scene's size, into the toolkit's framebuffer
  /// At another size and with exact translucency, without touching the toolkit's picture.
  Picture capture(int widthPx, int heightPx);
  void release();  ///< frees what lies in the context; initialize() may follow

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace coxa
