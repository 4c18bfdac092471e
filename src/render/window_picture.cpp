#include "window_picture.hpp"

#include <vtkUnsignedCharArray.h>

#include <algorithm>
#include <utility>

namespace coxa {

void showIn(vtkRenderWindow* window, AnatomyScene::Impl& scene) {
  window->SetNumberOfLayers(static_cast<int>(scene.layers().size()));
  for (vtkRenderer* layer : scene.layers()) window->AddRenderer(layer);
}

void removeFrom(vtkRenderWindow* window, AnatomyScene::Impl& scene) {
  for (vtkRenderer* layer : scene.layers()) window->RemoveRenderer(layer);
}

Picture pictureIn(vtkRenderWindow* window) {
  const int width = window->GetSize()[0], height = window->GetSize()[1];
  vtkNew<vtkUnsignedCharArray> pixels;
  window->GetRGBACharPixelData(0, 0, width - 1, height - 1, 0, pixels);
  Picture picture(width, height);
  const std::ptrdiff_t rowBytes = std::ptrdiff_t{4} * width;
  if (pixels->GetNumberOfValues() < rowBytes * height) return {};
  for (int y = 0; y < height; ++y) {
    // VTK's rows run from the bottom.
    const std::uint8_t* row = pixels->GetPointer(0) + (height - 1 - y) * rowBytes;
    std::copy(row, row + rowBytes, picture.pixel(0, y));
    for (int x = 0; x < width; ++x) picture.pixel(x, y)[3] = 255;
  }
  return picture;
}

SizedScene::SizedScene(AnatomyScene& scene, int widthPx, int heightPx, double scale)
    : scene_(scene.impl()), camera_(scene_.camera), scale_(scene_.scale) {
  const auto listener = std::exchange(scene_.listener, {});
  scene.setSize(widthPx, heightPx, scale);
  scene_.listener = listener;
}

SizedScene::~SizedScene() {
  scene_.camera = camera_;
  scene_.scale = scale_;
}

Picture pictureOf(AnatomyScene& scene, int widthPx, int heightPx, double scale) {
  const SizedScene sized(scene, widthPx, heightPx, scale);
  vtkNew<vtkRenderWindow> window;
  window->SetOffScreenRendering(true);
  window->SetMultiSamples(0);
  window->SetSize(widthPx, heightPx);
  showIn(window, scene.impl());
  scene.impl().updateCameras();
  window->Render();
  Picture picture = pictureIn(window);
  removeFrom(window, scene.impl());
  return picture;
}

}  // namespace coxa
