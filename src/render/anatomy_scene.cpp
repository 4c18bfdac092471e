#include "coxa/render/anatomy_scene.hpp"

#include "anatomy_scene_impl.hpp"
#include "mesh_ray.hpp"

#include <vtkAppendPolyData.h>
#include <vtkPointData.h>
#include <vtkPolyData.h>
#include <vtkProperty.h>
#include <vtkSphereSource.h>

#include <algorithm>

namespace coxa {

AnatomyScene::AnatomyScene() : impl_(std::make_unique<Impl>()) {}
AnatomyScene::~AnatomyScene() = default;

void AnatomyScene::onChanged(std::function<void()> listener) {
  impl_->listener = std::move(listener);
}

void AnatomyScene::setSurface(std::uint8_t structure, std::shared_ptr<const TriangleMesh> mesh,
                              SurfaceStyle style) {
  const auto [entry, added] = impl_->surfaces.try_emplace(structure);
  ShownSurface& surface = entry->second;
  surface.style = style;
  surface.setMesh(std::move(mesh));
  impl_->color(surface);
  impl_->chooseDetail(surface);
  impl_->place(structure, surface);
  if (added) impl_->anatomy->AddActor(surface.actor);
  if (impl_->fitted) impl_->fit();
  impl_->changed();
}

void AnatomyScene::setSurfaceStyle(std::uint8_t structure, SurfaceStyle style) {
  const auto entry = impl_->surfaces.find(structure);
  if (entry == impl_->surfaces.end()) return;
  entry->second.style = style;
  impl_->color(entry->second);
  impl_->changed();
}

std::optional<SurfaceStyle> AnatomyScene::surfaceStyle(std::uint8_t structure) const {
  const auto entry = impl_->surfaces.find(structure);
  return entry == impl_->surfaces.end() ? std::nullopt : std::optional(entry->second.style);
}

void AnatomyScene::clearSurfaces() {
  for (auto& [value, surface] : impl_->surfaces) impl_->anatomy->RemoveActor(surface.actor);
  impl_->surfaces.clear();
  impl_->changed();
}

void AnatomyScene::setUncertainty(std::shared_ptr<const ScalarImage> uncertainty, double maximum) {
  impl_->uncertainty = std::move(uncertainty);
  impl_->uncertaintyMaximum = maximum;
  for (auto& [value, surface] : impl_->surfaces) {
    for (vtkPolyData* data : {surface.fine.Get(), surface.coarse.Get()})
      if (data != nullptr) data->GetPointData()->SetScalars(nullptr);
    impl_->color(surface);
  }
  impl_->changed();
}

void AnatomyScene::setColoring(SurfaceColoring coloring) {
  impl_->coloring = coloring;
  for (auto& [value, surface] : impl_->surfaces) impl_->color(surface);
  impl_->changed();
}

SurfaceColoring AnatomyScene::coloring() const {
  return impl_->coloring;
}

void AnatomyScene::setModel(const std::string& id, Model model) {
  ShownModel& shown = impl_->modelOf(id);
  shown.model = std::move(model);
  shown.setMesh(shown.model.mesh);
  shown.setColor(shown.model.color, shown.model.opacity);
  shown.actor->GetProperty()->SetSpecular(0.45);  // metal and ceramic shine more than bone
  impl_->chooseDetail(shown);
  impl_->place(id, shown);
  impl_->changed();
}

void AnatomyScene::setModelPose(const std::string& id, const RigidTransform& world_from_model) {
  ShownModel& shown = impl_->modelOf(id);
  shown.pose = world_from_model;
  impl_->place(id, shown);
  impl_->changed();
}

void AnatomyScene::setModelVisible(const std::string& id, bool visible) {
  impl_->modelOf(id).setVisible(visible);
  impl_->changed();
}

void AnatomyScene::removeModel(const std::string& id) {
  const auto entry = impl_->models.find(id);
  if (entry == impl_->models.end()) return;
  impl_->anatomy->RemoveActor(entry->second.actor);
  impl_->models.erase(entry);
  impl_->changed();
}

void AnatomyScene::setFemurGroup(std::set<std::uint8_t> structures, std::set<std::string> models) {
  impl_->femurStructures = std::move(structures);
  impl_->femurModels = std::move(models);
  setFemurMotion(impl_->moved_from_world);
}

void AnatomyScene::setFemurMotion(const RigidTransform& moved_from_world) {
  impl_->moved_from_world = moved_from_world;
  for (auto& [value, surface] : impl_->surfaces) impl_->place(value, surface);
  for (auto& [id, model] : impl_->models) impl_->place(id, model);
  impl_->changed();
}

void AnatomyScene::setContacts(const std::vector<Vec3>& points) {
  constexpr double kRadiusMm = 2.5;
  vtkNew<vtkAppendPolyData> spheres;
  for (const Vec3& point : points) {
    vtkNew<vtkSphereSource> sphere;
    sphere->SetCenter(point.x(), point.y(), point.z());
    sphere->SetRadius(kRadiusMm);
    sphere->SetThetaResolution(16);
    sphere->SetPhiResolution(12);
    spheres->AddInputConnection(sphere->GetOutputPort());
  }
  vtkNew<vtkPolyDataMapper> mapper;
  if (!points.empty()) {
    spheres->Update();
    mapper->SetInputData(spheres->GetOutput());
  }
  impl_->contacts->SetMapper(mapper);
  impl_->contacts->GetProperty()->SetColor(1.0, 0.23, 0.19);
  impl_->contacts->GetProperty()->SetAmbient(0.4);
  impl_->contacts->SetVisibility(!points.empty());
  impl_->changed();
}

void AnatomyScene::setSize(int widthPx, int heightPx, double scale) {
  OrbitCamera& camera = impl_->camera;
  if (camera.width == widthPx && camera.height == heightPx && impl_->scale == scale) return;
  const double grown =
      static_cast<double>(std::min(widthPx, heightPx)) / std::min(camera.width, camera.height);
  camera.width = std::max(widthPx, 1);
  camera.height = std::max(heightPx, 1);
  impl_->scale = scale;
  if (impl_->fitted)
    impl_->fit();
  else
    camera.pixelsPerMm *= grown;
  impl_->changed();
}

void AnatomyScene::setView(StandardView view) {
  impl_->camera.axes = OrbitCamera::axesFor(view);
  fit();
}

void AnatomyScene::fit() {
  impl_->fitted = true;
  impl_->fit();
  impl_->changed();
}

void AnatomyScene::orbit(double dxPx, double dyPx) {
  impl_->camera.orbit(dxPx, dyPx);
  impl_->fitted = false;
  impl_->changed();
}

void AnatomyScene::pan(double dxPx, double dyPx) {
  impl_->camera.pan(dxPx, dyPx);
  impl_->fitted = false;
  impl_->changed();
}

void AnatomyScene::zoom(double factor) {
  constexpr double kLeast = 0.05, kMost = 60.0;
  impl_->camera.pixelsPerMm = std::clamp(impl_->camera.pixelsPerMm * factor, kLeast, kMost);
  impl_->fitted = false;
  impl_->changed();
}

void AnatomyScene::focusOn(const Vec3& world) {
  impl_->camera.focus = impl_->camera.pivot = world;
  impl_->fitted = false;
  impl_->changed();
}

void AnatomyScene::setInteracting(bool interacting) {
  if (impl_->interacting == interacting) return;
  // So many are fluent in software too, for example all bones.
  constexpr std::size_t kFluentTriangles = 100'000;
  impl_->interacting = interacting;
  impl_->coarse = interacting && impl_->visibleTriangles() > kFluentTriangles;
  impl_->anatomy->SetUseFXAA(!interacting);
  for (auto& [value, surface] : impl_->surfaces) impl_->chooseDetail(surface);
  for (auto& [id, model] : impl_->models) impl_->chooseDetail(model);
  impl_->changed();
}

void AnatomyScene::setExactTranslucency(bool exact) {
  impl_->anatomy->SetUseDepthPeeling(exact);
  impl_->changed();
}

std::optional<SceneHit> AnatomyScene::pick(const DisplayPoint& point) const {
  constexpr double kBlocks = 0.95;  // at this opacity nothing is grabbed through a surface
  const Ray ray{impl_->camera.worldFromDisplay(point), -impl_->camera.axes.col(2)};
  struct Found {
    double distance;
    double opacity;
    SceneHit hit;
  };
  std::vector<Found> found;
  const auto look = [&](const ShownMesh& shown, const SceneHit& what) {
    if (!shown.actor->GetVisibility()) return;
    const std::optional<double> distance = firstHit(ray, *shown.mesh, shown.world_from_mesh);
    if (!distance) return;
    found.push_back({*distance, shown.actor->GetProperty()->GetOpacity(), what});
    found.back().hit.point = ray.origin + *distance * ray.direction;
  };
  for (const auto& [value, surface] : impl_->surfaces) look(surface, {value, {}, false, Vec3::Zero()});
  for (const auto& [id, model] : impl_->models) look(model, {{}, id, model.model.draggable, Vec3::Zero()});
  std::sort(found.begin(), found.end(),
            [](const Found& a, const Found& b) { return a.distance < b.distance; });
  for (const Found& candidate : found) {
    if (candidate.hit.draggable) return candidate.hit;
    if (candidate.opacity >= kBlocks) break;
  }
  return found.empty() ? std::nullopt : std::optional(found.front().hit);
}

DisplayPoint AnatomyScene::displayFromWorld(const Vec3& world) const {
  return impl_->camera.displayFromWorld(world);
}

Vec3 AnatomyScene::dragDelta(const DisplayPoint& from, const DisplayPoint& to) const {
  return impl_->camera.worldDelta(to.x - from.x, to.y - from.y);
}

}  // namespace coxa
