#include "coxa/render/gl_view.hpp"

#include "anatomy_scene_impl.hpp"
#include "window_picture.hpp"

#include <vtkCallbackCommand.h>
#include <vtkGenericOpenGLRenderWindow.h>
#include <vtkOpenGLState.h>
#include <vtk_glew.h>

namespace coxa {

struct GlView::Impl {
  AnatomyScene& scene;
  GlContext context;
  vtkNew<vtkGenericOpenGLRenderWindow> window;

  Impl(AnatomyScene& shown, GlContext in);
  ~Impl();
  static void answer(vtkObject*, unsigned long event, void* self, void* data);
  void render();
  void blitTo(unsigned framebuffer);
};

GlView::Impl::Impl(AnatomyScene& shown, GlContext in) : scene(shown), context(std::move(in)) {
  window->SetReadyForRendering(false);
  window->SetFrameBlitModeToNoBlit();
  window->SetMultiSamples(0);
  window->SetOwnContext(false);
  vtkNew<vtkCallbackCommand> callback;
  callback->SetClientData(this);
  callback->SetCallback(&Impl::answer);
  for (const unsigned long event : {vtkCommand::WindowMakeCurrentEvent, vtkCommand::WindowIsCurrentEvent})
    window->AddObserver(event, callback);
  showIn(window, scene.impl());
}

GlView::Impl::~Impl() {
  removeFrom(window, scene.impl());
}

void GlView::Impl::answer(vtkObject*, unsigned long event, void* self, void* data) {
  const GlContext& context = static_cast<Impl*>(self)->context;
  if (event == vtkCommand::WindowIsCurrentEvent)
    *static_cast<bool*>(data) = context.isCurrent();
  else if (!context.isCurrent())
    context.makeCurrent();
}

void GlView::Impl::render() {
  // The toolkit has drawn in this context since: VTK must forget what it believes of the state.
  vtkOpenGLState* state = window->GetState();
  state->Reset();
  state->Push();
  state->vtkglDepthFunc(GL_LEQUAL);
  scene.impl().updateCameras();
  window->SetSize(scene.impl().camera.width, scene.impl().camera.height);
  window->Render();
  state->Pop();
}

void GlView::Impl::blitTo(unsigned framebuffer) {
  const int width = window->GetSize()[0], height = window->GetSize()[1];
  vtkOpenGLState* state = window->GetState();
  state->Reset();
  state->Push();
  state->vtkglBindFramebuffer(GL_DRAW_FRAMEBUFFER, framebuffer);
  state->vtkglDrawBuffer(GL_COLOR_ATTACHMENT0);
  window->BlitDisplayFramebuffer(0, 0, 0, width, height, 0, 0, width, height, GL_COLOR_BUFFER_BIT,
                                 GL_NEAREST);
  // Else the toolkit would blend the picture with what lies behind the window.
  state->vtkglBindFramebuffer(GL_DRAW_FRAMEBUFFER, framebuffer);
  state->vtkglColorMask(GL_FALSE, GL_FALSE, GL_FALSE, GL_TRUE);
  state->vtkglClearColor(0.0F, 0.0F, 0.0F, 1.0F);
  state->vtkglClear(GL_COLOR_BUFFER_BIT);
  state->vtkglColorMask(GL_TRUE, GL_TRUE, GL_TRUE, GL_TRUE);
  state->Pop();
}

GlView::GlView(AnatomyScene& scene, GlContext context)
    : impl_(std::make_unique<Impl>(scene, std::move(context))) {}
GlView::~GlView() = default;

void GlView::initialize() {
  impl_->window->SetReadyForRendering(true);
  impl_->window->OpenGLInit();
}

void GlView::draw(unsigned framebuffer) {
  if (!impl_->window->GetReadyForRendering()) return;
  impl_->render();
  impl_->blitTo(framebuffer);
}

Picture GlView::capture(int widthPx, int heightPx) {
  if (!impl_->window->GetReadyForRendering()) return {};
  const SizedScene sized(impl_->scene, widthPx, heightPx, impl_->scene.impl().scale);
  // A still picture has the time.
  vtkRenderer* anatomy = impl_->scene.impl().anatomy;
  const vtkTypeBool exact = anatomy->GetUseDepthPeeling();
  anatomy->UseDepthPeelingOn();
  impl_->render();
  anatomy->SetUseDepthPeeling(exact);
  return pictureIn(impl_->window);
}

void GlView::release() {
  impl_->window->Finalize();
  impl_->window->SetReadyForRendering(false);
}

}  // namespace coxa
