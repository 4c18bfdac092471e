#include "anatomy_scene_impl.hpp"

#include "vtk_mesh.hpp"

#include <vtkAnnotatedCubeActor.h>
#include <vtkCamera.h>
#include <vtkMatrix4x4.h>
#include <vtkPointData.h>
#include <vtkPolyData.h>
#include <vtkProperty.h>

namespace coxa {
namespace {

/// Each face names the side of the patient it shows, upright as one reads it in the standard views.
vtkSmartPointer<vtkAnnotatedCubeActor> orientationCube() {
  auto cube = vtkSmartPointer<vtkAnnotatedCubeActor>::New();
  cube->SetXPlusFaceText("L");
  cube->SetXMinusFaceText("R");
  cube->SetYPlusFaceText("P");
  cube->SetYMinusFaceText("A");
  cube->SetZPlusFaceText("S");
  cube->SetZMinusFaceText("I");
  cube->SetZFaceTextRotation(-90.0);
  cube->SetFaceTextScale(0.62);
  cube->GetCubeProperty()->SetColor(0.29, 0.33, 0.39);
  cube->SetTextEdgesVisibility(0);
  for (vtkProperty* face :
       {cube->GetXPlusFaceProperty(), cube->GetXMinusFaceProperty(), cube->GetYPlusFaceProperty(),
        cube->GetYMinusFaceProperty(), cube->GetZPlusFaceProperty(), cube->GetZMinusFaceProperty()}) {
    face->SetColor(1.0, 0.84, 0.4);
    face->SetInterpolationToFlat();
  }
  return cube;
}

void aim(vtkCamera* camera, const OrbitCamera& from, const Vec3& focus, double distance) {
  const Vec3 position = focus + distance * from.axes.col(2);
  const Vec3 up = from.axes.col(1);
  camera->ParallelProjectionOn();
  camera->SetFocalPoint(focus.data());
  camera->SetPosition(position.data());
  camera->SetViewUp(up.data());
}

}  // namespace

ShownMesh::ShownMesh() {
  actor->SetMapper(mapper);
  actor->VisibilityOff();  // until there is a mesh
  mapper->ScalarVisibilityOff();
}

void ShownMesh::setMesh(std::shared_ptr<const TriangleMesh> newMesh) {
  mesh = std::move(newMesh);
  fine = mesh == nullptr ? nullptr : polyDataOf(*mesh);
  coarse = fine == nullptr ? nullptr : coarsened(fine);
  mapper->SetInputData(fine);
  setVisible(visible);
}

void ShownMesh::setColor(Rgb color, double opacity) {
  vtkProperty* property = actor->GetProperty();
  property->SetColor(color[0] / 255.0, color[1] / 255.0, color[2] / 255.0);
  property->SetOpacity(opacity);
  // A translucent body shows its near side only: its far side would tint it twice.
  property->SetBackfaceCulling(opacity < 1.0);
  property->SetAmbient(0.12);
  property->SetDiffuse(0.88);
  property->SetSpecular(0.12);
  property->SetSpecularPower(24.0);
}

void ShownMesh::setVisible(bool shown) {
  visible = shown;
  actor->SetVisibility(shown && mesh != nullptr && !mesh->empty());
}

void ShownMesh::place(const RigidTransform& transform) {
  world_from_mesh = transform;
  actor->SetUserMatrix(matrixOf(transform));
}

AnatomyScene::Impl::Impl() {
  anatomy->SetBackground(0.055, 0.063, 0.075);
  anatomy->SetBackground2(0.125, 0.14, 0.165);
  anatomy->GradientBackgroundOn();
  anatomy->UseFXAAOn();
  marks->SetLayer(1);
  marks->InteractiveOff();
  marks->AddActor(contacts);
  contacts->VisibilityOff();
  corner->SetLayer(2);
  corner->InteractiveOff();
  corner->AddActor(orientationCube());
}

void AnatomyScene::Impl::changed() {
  if (listener) listener();
}

Eigen::AlignedBox3d AnatomyScene::Impl::visibleBounds() const {
  Eigen::AlignedBox3d box;
  const auto extend = [&box](const ShownMesh& shown) {
    if (!shown.actor->GetVisibility()) return;
    const double* b = shown.actor->GetBounds();
    box.extend(Eigen::AlignedBox3d(Vec3(b[0], b[2], b[4]), Vec3(b[1], b[3], b[5])));
  };
  for (const auto& [value, surface] : surfaces) extend(surface);
  for (const auto& [id, model] : models) extend(model);
  return box;
}

void AnatomyScene::Impl::fit() {
  camera.fit(visibleBounds());
}

ShownModel& AnatomyScene::Impl::modelOf(const std::string& id) {
  const auto [entry, added] = models.try_emplace(id);
  if (added) anatomy->AddActor(entry->second.actor);
  return entry->second;
}

void AnatomyScene::Impl::color(ShownSurface& surface) {
  const bool byUncertainty = coloring == SurfaceColoring::Uncertainty && uncertainty != nullptr;
  surface.setColor(surface.style.color, surface.style.opacity);
  surface.setVisible(surface.style.visible);
  surface.mapper->SetScalarVisibility(byUncertainty);
  if (!byUncertainty) return;
  for (vtkPolyData* data : {surface.fine.Get(), surface.coarse.Get()})
    if (data != nullptr && data->GetPointData()->GetScalars() == nullptr)
      colorByUncertainty(data, *uncertainty, uncertaintyMaximum);
}

void AnatomyScene::Impl::chooseDetail(ShownMesh& shown) {
  shown.mapper->SetInputData(coarse ? shown.coarse : shown.fine);
}

std::size_t AnatomyScene::Impl::visibleTriangles() const {
  std::size_t count = 0;
  for (const auto& [value, surface] : surfaces)
    if (surface.actor->GetVisibility()) count += surface.mesh->triangles.size();
  return count;
}

void AnatomyScene::Impl::place(std::uint8_t structure, ShownSurface& surface) {
  surface.place(femurStructures.contains(structure) ? moved_from_world : RigidTransform::Identity());
}

void AnatomyScene::Impl::place(const std::string& id, ShownModel& model) {
  model.place(femurModels.contains(id) ? moved_from_world * model.pose : model.pose);
}

void AnatomyScene::Impl::updateCameras() {
  // Far enough that everything lies before the camera; VTK then sets the clipping planes close to the
  // surfaces.
  constexpr double kDistanceMm = 2000.0;
  aim(anatomy->GetActiveCamera(), camera, camera.focus, kDistanceMm);
  anatomy->GetActiveCamera()->SetParallelScale(0.5 * camera.height / camera.pixelsPerMm);
  anatomy->ResetCameraClippingRange();
  aim(marks->GetActiveCamera(), camera, camera.focus, kDistanceMm);
  marks->GetActiveCamera()->SetParallelScale(0.5 * camera.height / camera.pixelsPerMm);
  marks->ResetCameraClippingRange();

  constexpr double kCubePx = 72.0;
  const double size = kCubePx * scale;
  corner->SetViewport(0.0, 0.0, std::min(1.0, size / camera.width), std::min(1.0, size / camera.height));
  aim(corner->GetActiveCamera(), camera, Vec3::Zero(), 10.0);
  corner->GetActiveCamera()->SetParallelScale(1.0);
  corner->ResetCameraClippingRange();
}

}  // namespace coxa
