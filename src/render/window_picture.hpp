#pragma once

#include "anatomy_scene_impl.hpp"

#include <vtkRenderWindow.h>

namespace coxa {

void showIn(vtkRenderWindow* window, AnatomyScene::Impl& scene);
void removeFrom(vtkRenderWindow* window, AnatomyScene::Impl& scene);

/// What was drawn last in the window.
Picture pictureIn(vtkRenderWindow* window);

/// Gives a scene another size for as long as it lives, without telling the listener.
class SizedScene {
 public:
  SizedScene(AnatomyScene& scene, int widthPx, int heightPx, double scale);
  ~SizedScene();
  SizedScene(const SizedScene&) = delete;
  SizedScene& operator=(const SizedScene&) = delete;

 private:
  AnatomyScene::Impl& scene_;
  OrbitCamera camera_;
  double scale_;
};

}  // namespace coxa
