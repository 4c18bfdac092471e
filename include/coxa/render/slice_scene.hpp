#pragma once

#include "coxa/image/image.hpp"
#include "coxa/image/picture.hpp"
#include "coxa/render/display_point.hpp"
#include "coxa/render/model.hpp"

#include <array>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>

namespace coxa {

/// HU shown from black (level - width/2) to white (level + width/2).
struct WindowLevel {
  double width = 400.0;
  double level = 40.0;
};

enum class SliceOverlay { None, Labels, Uncertainty };

struct LabelStyle {
  Rgb color = {255, 255, 255};
  bool visible = true;
};

/// One slice of a CT with what lies in it: labels or uncertainty, outlines of models, crosshair, orientation
/// letters, scale bar. Drawn by the processor into a Picture, so that it looks the same on every machine and
/// needs no display. Images are shared, never copied. Not thread-safe: one thread uses a scene.
class SliceScene {
 public:
  explicit SliceScene(BodyPlane plane);
  ~SliceScene();
  SliceScene(SliceScene&&) noexcept;
  SliceScene& operator=(SliceScene&&) noexcept;

  BodyPlane plane() const;
  /// Called after every change that alters the picture.
  void onChanged(std::function<void()> listener);

  // What is shown. An empty pointer removes it. The first volume also fits the view.
  void setVolume(std::shared_ptr<const Volume> volume);
  /// Another version of the volume, shown instead of it right of a border at `share` of the picture's width;
  /// 0 shows it alone, 1 the volume alone.
  void setComparison(std::shared_ptr<const Volume> other);
  void setComparisonBorder(double share);
  void setLabels(std::shared_ptr<const LabelMap> labels);  ///< on any grid
  void setLabelStyles(std::map<std::uint8_t, LabelStyle> styles);
  void setLabelStyle(std::uint8_t value, LabelStyle style);  ///< labels without a style are not shown
  /// `maximum` is the value at the bright end of the colour map (cividis); the dark end is 0.
  void setUncertainty(std::shared_ptr<const ScalarImage> uncertainty, double maximum);
  void setOverlay(SliceOverlay overlay);
  SliceOverlay overlay() const;
  void setLabelOpacity(double opacity);        ///< of the fill, 0 to 1; outlines stay
  void setUncertaintyOpacity(double opacity);  ///< 0 to 1; fades out where nearly certain
  void setWindowLevel(WindowLevel windowLevel);
  WindowLevel windowLevel() const;

  void setModel(const std::string& id, Model model);  ///< adds or replaces; keeps the pose when it had one
  void setModelPose(const std::string& id, const RigidTransform& world_from_model);
  void setModelVisible(const std::string& id, bool visible);
  void removeModel(const std::string& id);

  /// The crosshair is shown where the slice meets it. Does not move the slice: see showPoint.
  void setCrosshair(const Vec3& world);
  Vec3 crosshair() const;
  void setCrosshairVisible(bool visible);

  // Where one looks.
  void setSize(int widthPx, int heightPx, double scale);  ///< device pixels; `scale` device per logical pixel
  void fit();                                             ///< all of the slice in view
  void showPoint(const Vec3& world);                      ///< scrolls to the slice through the point
  /// LPS coordinate along the plane's normal; goes to the nearest slice of the volume.
  void setPositionMm(double position);
  double positionMm() const;
  std::array<double, 2> positionRangeMm() const;  ///< first and last slice
  double stepMm() const;                          ///< distance of neighbouring slices
  /// Scrolls to the slice `steps` further (superior, posterior or left for positive ones).
  void scroll(int steps);
  void pan(double dxPx, double dyPx);                ///< the picture follows by that much
  void zoom(double factor, const DisplayPoint& at);  ///< larger than 1 enlarges; `at` stays in place
  void zoom(double factor);                          ///< about the middle
  double pixelsPerMm() const;

  // From the picture back.
  Vec3 worldFromDisplay(const DisplayPoint& point) const;
  DisplayPoint displayFromWorld(const Vec3& world) const;
  /// The draggable model whose section (or its outline within a few pixels) is under the point.
  std::optional<std::string> modelAt(const DisplayPoint& point) const;
  std::optional<double> huAt(const Vec3& world) const;  ///< nearest voxel of what is shown; nothing outside
  std::uint8_t labelAt(const Vec3& world) const;        ///< 0 outside

  /// The picture at the size set; drawn anew only when something changed.
  const Picture& picture();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace coxa
