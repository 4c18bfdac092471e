#pragma once

#include "orbit_camera.hpp"

#include <vtkActor.h>
#include <vtkNew.h>
#include <vtkPolyDataMapper.h>
#include <vtkRenderer.h>

#include <array>
#include <map>

namespace coxa {

/// A mesh on the screen.
struct ShownMesh {
  std::shared_ptr<const TriangleMesh> mesh;
  vtkSmartPointer<vtkPolyData> fine;
  vtkSmartPointer<vtkPolyData> coarse;  ///< shown while the user drags
  vtkNew<vtkPolyDataMapper> mapper;
  vtkNew<vtkActor> actor;
  RigidTransform world_from_mesh = RigidTransform::Identity();  ///< as shown, femur motion included
  bool visible = true;

  ShownMesh();
  void setMesh(std::shared_ptr<const TriangleMesh> newMesh);
  void setColor(Rgb color, double opacity);
  void setVisible(bool shown);
  void place(const RigidTransform& transform);
};

struct ShownSurface : ShownMesh {
  SurfaceStyle style;
};

struct ShownModel : ShownMesh {
  Model model;
  RigidTransform pose = RigidTransform::Identity();
};

struct AnatomyScene::Impl {
  /// Drawn over one another: the anatomy, marks seen through it, the orientation cube in its corner.
  vtkNew<vtkRenderer> anatomy;
  vtkNew<vtkRenderer> marks;
  vtkNew<vtkRenderer> corner;
  vtkNew<vtkActor> contacts;

  std::map<std::uint8_t, ShownSurface> surfaces;
  std::map<std::string, ShownModel> models;
  std::set<std::uint8_t> femurStructures;
  std::set<std::string> femurModels;
  RigidTransform moved_from_world = RigidTransform::Identity();
  std::shared_ptr<const ScalarImage> uncertainty;
  double uncertaintyMaximum = 1.0;
  SurfaceColoring coloring = SurfaceColoring::Structure;
  bool interacting = false;
  bool coarse = false;

  OrbitCamera camera;
  double scale = 1.0;
  bool fitted = true;  ///< new surfaces fit the view until the user changes it
  std::function<void()> listener;

  Impl();
  std::array<vtkRenderer*, 3> layers() { return {anatomy, marks, corner}; }
  void changed();
  void fit();
  Eigen::AlignedBox3d visibleBounds() const;
  ShownModel& modelOf(const std::string& id);  ///< pose and visibility may come before the mesh
  void color(ShownSurface& surface);
  void chooseDetail(ShownMesh& shown);
  std::size_t visibleTriangles() const;
  void place(std::uint8_t structure, ShownSurface& surface);
  void place(const std::string& id, ShownModel& model);
  /// Brings VTK's cameras to ours; before every drawing.
  void updateCameras();
};

}  // namespace coxa
