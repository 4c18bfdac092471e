#include "coxa/render/slice_scene.hpp"

#include "slice_painter.hpp"

#include <algorithm>
#include <cmath>

namespace coxa {
namespace {

/// Extent of a grid's voxel centres along a world direction.
std::array<double, 2> extentAlong(const Grid& grid, const Vec3& direction) {
  const double origin = direction.dot(grid.origin);
  std::array<double, 2> extent = {origin, origin};
  for (int axis = 0; axis < 3; ++axis) {
    const double length =
        (grid.size[axis] - 1) * grid.spacing[axis] * direction.dot(grid.direction.col(axis));
    extent[length < 0.0 ? 0 : 1] += length;
  }
  return extent;
}

/// Spacing of the grid axis that runs closest to the direction.
double spacingAlong(const Grid& grid, const Vec3& direction) {
  int axis = 0;
  (grid.direction.transpose() * direction).cwiseAbs().maxCoeff(&axis);
  return grid.spacing[axis];
}

bool encloses(const std::vector<DisplaySegment>& outline, const DisplayPoint& p) {
  bool inside = false;
  for (const DisplaySegment& s : outline)
    if ((s[0].y <= p.y) != (s[1].y <= p.y) &&
        s[0].x + (p.y - s[0].y) / (s[1].y - s[0].y) * (s[1].x - s[0].x) > p.x)
      inside = !inside;
  return inside;
}

bool passesNear(const std::vector<DisplaySegment>& outline, const DisplayPoint& p, double reach) {
  return std::any_of(outline.begin(), outline.end(),
                     [&](const DisplaySegment& s) { return distanceToSegment(p.x, p.y, s) <= reach; });
}

template <class T>
const T* voxelAt(const Image<T>* image, const Vec3& world) {
  if (image == nullptr) return nullptr;
  const Vec3 index = image->grid.indexFromWorld(world);
  const Eigen::Vector3i nearest = (index.array() + 0.5).floor().cast<int>();
  return image->grid.contains(nearest) ? &image->at(nearest.x(), nearest.y(), nearest.z()) : nullptr;
}

}  // namespace

struct SliceScene::Impl {
  SliceState state;
  SlicePainter painter;
  Picture picture;
  std::function<void()> listener;
  bool outdated = true;
  bool fitted = true;  ///< until the user zooms or pans, the slice fills the view at any size

  Vec3 normal() const { return axesOf(state.plane).normal; }

  void changed() {
    outdated = true;
    if (listener) listener();
  }
  void forgetSections() {
    for (auto& [id, placed] : state.models) placed.section.reset();
  }
  /// Cuts what the current slice has not been cut with yet.
  void updateSections() {
    for (auto& [id, placed] : state.models)
      if (placed.visible && placed.model.mesh != nullptr && !placed.section)
        placed.section = sectionOf(*placed.model.mesh, placed.world_from_model, state.center, normal());
  }
  double snapped(double position) const {
    if (state.volume == nullptr) return position;
    const auto [first, last] = extentAlong(state.volume->grid, normal());
    const double step = spacingAlong(state.volume->grid, normal());
    return first + step * std::round((std::clamp(position, first, last) - first) / step);
  }
  void moveTo(double position) {
    const double before = normal().dot(state.center);
    const double shift = snapped(position) - before;
    if (shift == 0.0) return;
    state.center += shift * normal();
    forgetSections();
    changed();
  }
  void fit();
};

void SliceScene::Impl::fit() {
  fitted = true;
  if (state.volume == nullptr || state.width == 0 || state.height == 0) return;
  const Grid& grid = state.volume->grid;
  const SliceAxes axes = axesOf(state.plane);
  const double position = axes.normal.dot(state.center);
  state.center = grid.center() + (position - axes.normal.dot(grid.center())) * axes.normal;
  const auto across = extentAlong(grid, axes.right), down = extentAlong(grid, axes.down);
  const double voxel = grid.spacing.maxCoeff();
  state.pixelsPerMm =
      std::min(state.width / (across[1] - across[0] + voxel), state.height / (down[1] - down[0] + voxel));
}

SliceScene::SliceScene(BodyPlane plane) : impl_(std::make_unique<Impl>()) {
  impl_->state.plane = plane;
}
SliceScene::~SliceScene() = default;
SliceScene::SliceScene(SliceScene&&) noexcept = default;
SliceScene& SliceScene::operator=(SliceScene&&) noexcept = default;

BodyPlane SliceScene::plane() const {
  return impl_->state.plane;
}

void SliceScene::onChanged(std::function<void()> listener) {
  impl_->listener = std::move(listener);
}

void SliceScene::setVolume(std::shared_ptr<const Volume> volume) {
  SliceState& state = impl_->state;
  if (volume != nullptr && volume->empty()) volume = nullptr;
  state.volume = std::move(volume);
  if (state.volume != nullptr) {
    state.center = state.crosshair = state.volume->grid.center();
    state.center += (impl_->snapped(positionMm()) - positionMm()) * impl_->normal();
    impl_->fit();
  }
  impl_->forgetSections();
  impl_->changed();
}

void SliceScene::setComparison(std::shared_ptr<const Volume> other) {
  impl_->state.comparison = std::move(other);
  impl_->changed();
}

void SliceScene::setComparisonBorder(double share) {
  impl_->state.comparisonBorder = std::clamp(share, 0.0, 1.0);
  impl_->changed();
}

void SliceScene::setLabels(std::shared_ptr<const LabelMap> labels) {
  impl_->state.labels = std::move(labels);
  impl_->changed();
}

void SliceScene::setLabelStyles(std::map<std::uint8_t, LabelStyle> styles) {
  impl_->state.styles = std::move(styles);
  impl_->changed();
}

void SliceScene::setLabelStyle(std::uint8_t value, LabelStyle style) {
  impl_->state.styles[value] = style;
  impl_->changed();
}

void SliceScene::setUncertainty(std::shared_ptr<const ScalarImage> uncertainty, double maximum) {
  impl_->state.uncertainty = std::move(uncertainty);
  impl_->state.uncertaintyMaximum = maximum;
  impl_->changed();
}

void SliceScene::setOverlay(SliceOverlay overlay) {
  impl_->state.overlay = overlay;
  impl_->changed();
}

SliceOverlay SliceScene::overlay() const {
  return impl_->state.overlay;
}

void SliceScene::setLabelOpacity(double opacity) {
  impl_->state.labelOpacity = std::clamp(opacity, 0.0, 1.0);
  impl_->changed();
}

void SliceScene::setUncertaintyOpacity(double opacity) {
  impl_->state.uncertaintyOpacity = std::clamp(opacity, 0.0, 1.0);
  impl_->changed();
}

void SliceScene::setWindowLevel(WindowLevel windowLevel) {
  impl_->state.windowLevel = {std::max(windowLevel.width, 1.0), windowLevel.level};
  impl_->changed();
}

WindowLevel SliceScene::windowLevel() const {
  return impl_->state.windowLevel;
}

void SliceScene::setModel(const std::string& id, Model model) {
  PlacedModel& placed = impl_->state.models[id];
  placed.model = std::move(model);
  placed.section.reset();
  impl_->changed();
}

void SliceScene::setModelPose(const std::string& id, const RigidTransform& world_from_model) {
  PlacedModel& placed = impl_->state.models[id];
  placed.world_from_model = world_from_model;
  placed.section.reset();
  impl_->changed();
}

void SliceScene::setModelVisible(const std::string& id, bool visible) {
  impl_->state.models[id].visible = visible;
  impl_->changed();
}

void SliceScene::removeModel(const std::string& id) {
  if (impl_->state.models.erase(id) > 0) impl_->changed();
}

void SliceScene::setCrosshair(const Vec3& world) {
  impl_->state.crosshair = world;
  impl_->changed();
}

Vec3 SliceScene::crosshair() const {
  return impl_->state.crosshair;
}

void SliceScene::setCrosshairVisible(bool visible) {
  impl_->state.crosshairVisible = visible;
  impl_->changed();
}

void SliceScene::setSize(int widthPx, int heightPx, double scale) {
  SliceState& state = impl_->state;
  if (state.width == widthPx && state.height == heightPx && state.scale == scale) return;
  state.width = widthPx;
  state.height = heightPx;
  state.scale = scale;
  if (impl_->fitted) impl_->fit();
  impl_->changed();
}

void SliceScene::fit() {
  impl_->fit();
  impl_->changed();
}

void SliceScene::showPoint(const Vec3& world) {
  setPositionMm(impl_->normal().dot(world));
}

void SliceScene::setPositionMm(double position) {
  impl_->moveTo(position);
}

double SliceScene::positionMm() const {
  return impl_->normal().dot(impl_->state.center);
}

std::array<double, 2> SliceScene::positionRangeMm() const {
  if (impl_->state.volume == nullptr) return {0.0, 0.0};
  return extentAlong(impl_->state.volume->grid, impl_->normal());
}

double SliceScene::stepMm() const {
  return impl_->state.volume == nullptr ? 1.0 : spacingAlong(impl_->state.volume->grid, impl_->normal());
}

void SliceScene::scroll(int steps) {
  setPositionMm(positionMm() + steps * stepMm());
}

void SliceScene::pan(double dxPx, double dyPx) {
  SliceState& state = impl_->state;
  const SliceAxes axes = axesOf(state.plane);
  state.center -= (dxPx * axes.right + dyPx * axes.down) / state.pixelsPerMm;
  impl_->fitted = false;
  impl_->changed();
}

void SliceScene::zoom(double factor, const DisplayPoint& at) {
  constexpr double kLeast = 0.2, kMost = 60.0;
  SliceState& state = impl_->state;
  const Vec3 fixed = worldFromDisplay(at);
  state.pixelsPerMm = std::clamp(state.pixelsPerMm * factor, kLeast, kMost);
  state.center += fixed - worldFromDisplay(at);
  impl_->fitted = false;
  impl_->changed();
}

void SliceScene::zoom(double factor) {
  zoom(factor, {0.5 * impl_->state.width, 0.5 * impl_->state.height});
}

double SliceScene::pixelsPerMm() const {
  return impl_->state.pixelsPerMm;
}

Vec3 SliceScene::worldFromDisplay(const DisplayPoint& point) const {
  return impl_->state.frame().world(point.x, point.y);
}

DisplayPoint SliceScene::displayFromWorld(const Vec3& world) const {
  return impl_->state.displayFromWorld(world);
}

std::optional<std::string> SliceScene::modelAt(const DisplayPoint& point) const {
  impl_->updateSections();
  const double reach = 5.0 * impl_->state.scale;
  std::optional<std::string> near;
  for (const auto& [id, placed] : impl_->state.models) {
    if (!placed.visible || !placed.model.draggable) continue;
    const std::vector<DisplaySegment> outline = impl_->state.displaySection(placed);
    if (encloses(outline, point)) return id;
    if (passesNear(outline, point, reach)) near = id;
  }
  return near;
}

std::optional<double> SliceScene::huAt(const Vec3& world) const {
  const SliceState& state = impl_->state;
  const bool left = displayFromWorld(world).x < state.borderPx() || state.comparison == nullptr;
  const std::int16_t* voxel = voxelAt(left ? state.volume.get() : state.comparison.get(), world);
  return voxel == nullptr ? std::nullopt : std::optional<double>(*voxel);
}

std::uint8_t SliceScene::labelAt(const Vec3& world) const {
  const std::uint8_t* voxel = voxelAt(impl_->state.labels.get(), world);
  return voxel == nullptr ? std::uint8_t{0} : *voxel;
}

const Picture& SliceScene::picture() {
  if (impl_->outdated) {
    impl_->updateSections();
    impl_->painter.paint(impl_->state, impl_->picture);
    impl_->outdated = false;
  }
  return impl_->picture;
}

}  // namespace coxa
