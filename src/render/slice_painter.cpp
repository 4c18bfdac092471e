#include "slice_painter.hpp"

#include "slice_sampling.hpp"

#include <tbb/blocked_range.h>
#include <tbb/parallel_for.h>

#include <algorithm>
#include <cmath>

namespace coxa {
namespace {

constexpr Rgb kBackground = {14, 16, 19};
constexpr Rgb kCrosshair = {112, 196, 255};
constexpr Rgb kBorder = {255, 214, 102};

std::array<Rgb, 256> table(const ColorMap& map) {
  std::array<Rgb, 256> colors;
  for (std::size_t i = 0; i < colors.size(); ++i) colors[i] = map.at(static_cast<double>(i) / 255.0);
  return colors;
}

void blend(std::uint8_t* pixel, Rgb color, float alpha) {
  for (std::size_t c = 0; c < 3; ++c)
    pixel[c] = static_cast<std::uint8_t>(static_cast<float>(pixel[c]) +
                                         alpha * static_cast<float>(color[c] - pixel[c]) + 0.5F);
}

/// Row-wise access to a sampled label picture.
class LabelPixels {
 public:
  LabelPixels(const std::vector<std::uint8_t>& labels, const SliceState& state)
      : labels_(labels),
        width_(state.width),
        height_(state.height),
        reach_(std::max(1, static_cast<int>(std::lround(state.scale)))) {}

  std::uint8_t at(int x, int y) const {
    return labels_[static_cast<std::size_t>(y) * static_cast<std::size_t>(width_) +
                   static_cast<std::size_t>(x)];
  }
  /// Within one logical pixel of another label; the picture's edge is no border.
  bool onBorder(int x, int y) const {
    const std::uint8_t label = at(x, y);
    for (int d = 1; d <= reach_; ++d)
      if ((x >= d && at(x - d, y) != label) || (x + d < width_ && at(x + d, y) != label) ||
          (y >= d && at(x, y - d) != label) || (y + d < height_ && at(x, y + d) != label))
        return true;
    return false;
  }

 private:
  const std::vector<std::uint8_t>& labels_;
  int width_;
  int height_;
  int reach_;
};

/// A light colour made deeper, so that a bone's outline shows on bone that the window makes white.
Rgb outlineColor(Rgb color) {
  constexpr double kLight = 80.0, kSaturation = 2.2, kBrightness = 0.75;
  if (cieLightness(color) < kLight) return color;
  const double mean = (color[0] + color[1] + color[2]) / 3.0;
  Rgb deep{};
  for (std::size_t c = 0; c < 3; ++c)
    deep[c] = static_cast<std::uint8_t>(
        std::clamp(kBrightness * (mean + kSaturation * (color[c] - mean)), 0.0, 255.0));
  return deep;
}

/// Per label value: its colours and how strongly it fills; nothing is drawn of a label that is not visible.
struct LabelPaint {
  std::array<Rgb, 256> colors{};
  std::array<Rgb, 256> outlines{};
  std::array<bool, 256> visible{};
  float fill = 0.0F;

  explicit LabelPaint(const SliceState& state) : fill(static_cast<float>(state.labelOpacity)) {
    for (const auto& [value, style] : state.styles) {
      colors[value] = style.color;
      outlines[value] = outlineColor(style.color);
      visible[value] = style.visible && value != 0;
    }
  }
};

void paintGray(const std::vector<float>& hu, const SliceState& state, int y, Picture& picture) {
  const float low = static_cast<float>(state.windowLevel.level - 0.5 * state.windowLevel.width);
  const float perHu = static_cast<float>(255.0 / std::max(state.windowLevel.width, 1.0));
  const float* value = hu.data() + static_cast<std::size_t>(y) * static_cast<std::size_t>(state.width);
  for (int x = 0; x < state.width; ++x) {
    if (std::isnan(value[x])) continue;
    std::uint8_t* pixel = picture.pixel(x, y);
    const auto gray = static_cast<std::uint8_t>(std::clamp((value[x] - low) * perHu, 0.0F, 255.0F));
    pixel[0] = pixel[1] = pixel[2] = gray;
  }
}

void paintLabels(const LabelPixels& labels, const LabelPaint& paint, int width, int y, Picture& picture) {
  constexpr float kOutlineAlpha = 0.9F;
  for (int x = 0; x < width; ++x) {
    const std::uint8_t label = labels.at(x, y);
    if (!paint.visible[label]) continue;
    if (labels.onBorder(x, y))
      blend(picture.pixel(x, y), paint.outlines[label], kOutlineAlpha);
    else
      blend(picture.pixel(x, y), paint.colors[label], paint.fill);
  }
}

void paintUncertainty(const std::vector<float>& values, const SliceState& state, int y, Picture& picture) {
  static const std::array<Rgb, 256> colors = table(ColorMap::cividis());
  // Below this share of the maximum the overlay fades out, so that what is certain shows the plain CT.
  constexpr float kFullyShownFrom = 0.15F;
  const float* value = values.data() + static_cast<std::size_t>(y) * static_cast<std::size_t>(state.width);
  const float perValue = static_cast<float>(1.0 / std::max(state.uncertaintyMaximum, 1e-12));
  for (int x = 0; x < state.width; ++x) {
    if (!(value[x] > 0.0F)) continue;
    const float t = std::min(value[x] * perValue, 1.0F);
    const float alpha = static_cast<float>(state.uncertaintyOpacity) * std::min(t / kFullyShownFrom, 1.0F);
    blend(picture.pixel(x, y), colors[static_cast<std::size_t>(255.0F * t + 0.5F)], alpha);
  }
}

/// The longest of 1, 2, 5, 10 … mm that stays within `most`.
double roundLength(double most) {
  double length = std::pow(10.0, std::floor(std::log10(most)));
  for (const double factor : {5.0, 2.0})
    if (factor * length <= most) return factor * length;
  return length;
}

std::string shortNumber(double value, int decimals) {
  char buffer[32];
  std::snprintf(buffer, sizeof buffer, "%.*f", decimals, value);
  return buffer;
}

/// At most three significant digits, as on the ends of a colour bar.
std::string barNumber(double value) {
  char buffer[32];
  std::snprintf(buffer, sizeof buffer, "%.3g", value);
  return buffer;
}

std::string positionText(BodyPlane plane, double position) {
  const char* letters = plane == BodyPlane::Axial ? "SI" : plane == BodyPlane::Coronal ? "PA" : "LR";
  return std::string(1, letters[position < 0.0 ? 1 : 0]) + " " + shortNumber(std::abs(position), 1) + " mm";
}

}  // namespace

void SlicePainter::paint(const SliceState& state, Picture& picture) {
  picture = Picture(state.width, state.height, kBackground);
  if (state.volume == nullptr || picture.empty()) return;
  paintVoxels(state, picture);
  Canvas canvas(picture);
  paintModels(state, canvas);
  paintDecorations(state, canvas);
}

void SlicePainter::paintVoxels(const SliceState& state, Picture& picture) {
  const SliceFrame frame = state.frame();
  const bool withLabels = state.overlay == SliceOverlay::Labels && state.labels != nullptr;
  const bool withUncertainty = state.overlay == SliceOverlay::Uncertainty && state.uncertainty != nullptr;
  sampleHu(state);
  if (withLabels) sampleLabels(*state.labels, frame, labels_);
  if (withUncertainty) sampleLinear(*state.uncertainty, frame, uncertainty_);
  const LabelPixels labels(labels_, state);
  const LabelPaint paint(state);
  tbb::parallel_for(tbb::blocked_range<int>(0, state.height, 16), [&](const tbb::blocked_range<int>& rows) {
    for (int y = rows.begin(); y != rows.end(); ++y) {
      paintGray(hu_, state, y, picture);
      if (withLabels) paintLabels(labels, paint, state.width, y, picture);
      if (withUncertainty) paintUncertainty(uncertainty_, state, y, picture);
    }
  });
}

// The volume left of the border, the comparison right of it; each is sampled where it is seen.
void SlicePainter::sampleHu(const SliceState& state) {
  const int border = state.borderPx();
  SliceFrame frame = state.frame();
  if (border == state.width) return sampleLinear(*state.volume, frame, hu_);
  if (border == 0) return sampleLinear(*state.comparison, frame, hu_);
  frame.width = border;
  sampleLinear(*state.volume, frame, leftHu_);
  sampleLinear(*state.comparison, state.frame(), hu_);
  for (int y = 0; y < state.height; ++y)
    std::copy_n(leftHu_.begin() + static_cast<std::ptrdiff_t>(y) * border, border,
                hu_.begin() + static_cast<std::ptrdiff_t>(y) * state.width);
}

void SlicePainter::paintModels(const SliceState& state, Canvas& canvas) const {
  constexpr double kFillShare = 0.3;
  for (const auto& [id, placed] : state.models) {
    if (!placed.visible) continue;
    const std::vector<DisplaySegment> outline = state.displaySection(placed);
    canvas.fill(outline, placed.model.color, kFillShare * placed.model.opacity);
    for (const DisplaySegment& segment : outline) canvas.line(segment, 1.5 * state.scale, placed.model.color);
  }
}

void SlicePainter::paintDecorations(const SliceState& state, Canvas& canvas) {
  if (state.crosshairVisible) {
    // Open in the middle: what one points at stays visible.
    const DisplayPoint at = state.displayFromWorld(state.crosshair);
    const double gap = 8.0 * state.scale;
    const double right = state.width, bottom = state.height;
    for (const DisplaySegment& arm : {DisplaySegment{{{0.0, at.y}, {at.x - gap, at.y}}},
                                      DisplaySegment{{{at.x + gap, at.y}, {right, at.y}}},
                                      DisplaySegment{{{at.x, 0.0}, {at.x, at.y - gap}}},
                                      DisplaySegment{{{at.x, at.y + gap}, {at.x, bottom}}}})
      if (arm[0].x <= arm[1].x && arm[0].y <= arm[1].y) canvas.line(arm, state.scale, kCrosshair, 0.7);
  }
  const double border = state.borderPx(), height = state.height;
  if (border > 0.0 && border < state.width)
    canvas.line({{{border, 0.0}, {border, height}}}, state.scale, kBorder, 0.8);
  paintLetters(state, canvas);
  paintReadout(state, canvas);
  paintScaleBar(state, canvas);
  if (state.overlay == SliceOverlay::Uncertainty && state.uncertainty != nullptr)
    paintColorBar(state, canvas);
}

void SlicePainter::paintLetters(const SliceState& state, Canvas& canvas) {
  constexpr Rgb kLetter = {255, 214, 102};
  // Left, right, top, bottom of the picture.
  const char* letters = state.plane == BodyPlane::Axial     ? "RLAP"
                        : state.plane == BodyPlane::Coronal ? "RLSI"
                                                            : "APSI";
  const double margin = 6.0 * state.scale, size = 16.0 * state.scale;
  const double right = state.width, bottom = state.height;
  const auto letter = [&](int i) -> const TextMask& { return text(std::string(1, letters[i]), size); };
  canvas.text(letter(0), {margin, 0.5 * bottom}, Anchor::MiddleLeft, kLetter);
  canvas.text(letter(1), {right - margin, 0.5 * bottom}, Anchor::MiddleRight, kLetter);
  canvas.text(letter(2), {0.5 * right, margin}, Anchor::TopCenter, kLetter);
  canvas.text(letter(3), {0.5 * right, bottom - margin}, Anchor::BottomCenter, kLetter);
}

void SlicePainter::paintReadout(const SliceState& state, Canvas& canvas) {
  constexpr Rgb kReadout = {170, 180, 192};
  const double margin = 8.0 * state.scale, size = 12.0 * state.scale;
  const double bottom = state.height - margin;
  const double position = axesOf(state.plane).normal.dot(state.center);
  canvas.text(text(positionText(state.plane, position), size), {margin, bottom - 1.4 * size},
              Anchor::BottomLeft, kReadout);
  canvas.text(
      text("W " + shortNumber(state.windowLevel.width, 0) + "  L " + shortNumber(state.windowLevel.level, 0),
           size),
      {margin, bottom}, Anchor::BottomLeft, kReadout);
}

void SlicePainter::paintScaleBar(const SliceState& state, Canvas& canvas) {
  constexpr Rgb kBar = {225, 230, 236};
  const double margin = 10.0 * state.scale, tick = 4.0 * state.scale, stroke = 1.5 * state.scale;
  const double lengthMm = roundLength(std::min(0.25 * state.width, 140.0 * state.scale) / state.pixelsPerMm);
  const double right = state.width - margin, left = right - lengthMm * state.pixelsPerMm;
  const double y = state.height - margin;
  canvas.line({{{left, y}, {right, y}}}, stroke, kBar);
  for (const double x : {left, right}) canvas.line({{{x, y - tick}, {x, y}}}, stroke, kBar);
  canvas.text(text(barNumber(lengthMm) + " mm", 12.0 * state.scale), {0.5 * (left + right), y - tick},
              Anchor::BottomCenter, kBar);
}

void SlicePainter::paintColorBar(const SliceState& state, Canvas& canvas) {
  constexpr Rgb kText = {225, 230, 236};
  const double width = 10.0 * state.scale, height = 0.36 * state.height, rim = state.scale;
  const double left = state.width - 46.0 * state.scale, top = 0.5 * (state.height - height);
  canvas.rectangle({left - rim, top - rim}, {left + width + rim, top + height + rim}, {0, 0, 0});
  const int rows = static_cast<int>(height);
  for (int row = 0; row < rows; ++row)
    canvas.rectangle({left, top + row}, {left + width, top + row + 1},
                     ColorMap::cividis().at(1.0 - (row + 0.5) / rows));
  const double size = 12.0 * state.scale, middle = left + 0.5 * width;
  canvas.text(text(barNumber(state.uncertaintyMaximum), size), {middle, top - 3.0 * state.scale},
              Anchor::BottomCenter, kText);
  canvas.text(text("0", size), {middle, top + height + 3.0 * state.scale}, Anchor::TopCenter, kText);
}

const TextMask& SlicePainter::text(const std::string& text, double heightPx) {
  constexpr std::size_t kMostKept = 500;
  if (texts_.size() > kMostKept) texts_.clear();
  const int height = static_cast<int>(std::lround(heightPx));
  const auto [entry, added] = texts_.try_emplace({text, height});
  if (added) entry->second = textMask(text, height);
  return entry->second;
}

}  // namespace coxa
