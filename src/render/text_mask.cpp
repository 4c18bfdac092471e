#include "canvas.hpp"

#include <vtkImageData.h>
#include <vtkNew.h>
#include <vtkStdString.h>
#include <vtkTextProperty.h>
#include <vtkTextRenderer.h>

namespace coxa {

TextMask textMask(const std::string& text, int heightPx) {
  vtkTextRenderer* renderer = vtkTextRenderer::GetInstance();
  vtkNew<vtkTextProperty> property;
  property->SetFontFamilyToArial();
  property->SetColor(1.0, 1.0, 1.0);
  // At 72 dots per inch a point is a pixel; a font's height from capital to descender is its point size.
  property->SetFontSize(heightPx);
  vtkNew<vtkImageData> image;
  int size[2] = {0, 0};
  if (renderer == nullptr ||
      !renderer->RenderString(property.Get(), vtkStdString(text), image.Get(), size, 72))
    return {};

  TextMask mask{size[0], size[1], {}};
  mask.coverage.reserve(static_cast<std::size_t>(size[0]) * static_cast<std::size_t>(size[1]));
  const int* extent = image->GetExtent();  // starts below 0 for glyphs that hang over their origin
  const int channels = image->GetNumberOfScalarComponents();
  // VTK's rows run from the bottom; coverage is in the last channel.
  for (int y = extent[2] + size[1] - 1; y >= extent[2]; --y)
    for (int x = extent[0]; x < extent[0] + size[0]; ++x)
      mask.coverage.push_back(
          static_cast<const std::uint8_t*>(image->GetScalarPointer(x, y, 0))[channels - 1]);
  return mask;
}

}  // namespace coxa
