#pragma once

#include "coxa/image/image.hpp"
#include "coxa/image/picture.hpp"
#include "coxa/render/display_point.hpp"
#include "coxa/render/model.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace coxa {

/// The side of the patient that faces the viewer.
enum class StandardView { Anterior, Posterior, Left, Right, Superior, Inferior };

enum class SurfaceColoring { Structure, Uncertainty };

struct SurfaceStyle {
  Rgb color = {232, 220, 192};
  double opacity = 1.0;  ///< 0 to 1
  bool visible = true;
};

/// What lies under a point of the picture: a structure (label value) or a model (id), and where.
struct SceneHit {
  std::optional<std::uint8_t> structure;
  std::optional<std::string> model;
  bool draggable = false;
  Vec3 point = Vec3::Zero();  ///< world
};

/// Surfaces of a patient's structures in 3-D, with implants, contacts and a femur that moves, in parallel
/// projection. World
/// coordinates are LPS mm; display points are device pixels. Knows no window: see GlView (inside a GUI's
/// context) and pictureOf (off screen). Not thread-safe: use it on the thread of its GL context.
class AnatomyScene {
 public:
  AnatomyScene();
  ~AnatomyScene();
  AnatomyScene(const AnatomyScene&) = delete;
  AnatomyScene& operator=(const AnatomyScene&) = delete;

  /// Called after every change that alters the picture.
  void onChanged(std::function<void()> listener);

  // Structures, by label value. Display meshes have at most 12 000 triangles (SurfaceOptions::maxTriangles).
  // The first surface fits the view from anterior.
  void setSurface(std::uint8_t structure, std::shared_ptr<const TriangleMesh> mesh, SurfaceStyle style);
  void setSurfaceStyle(std::uint8_t structure, SurfaceStyle style);
  std::optional<SurfaceStyle> surfaceStyle(std::uint8_t structure) const;
  void clearSurfaces();
  /// Sampled at the vertices (trilinear); `maximum` is the bright end of the colour map (cividis), 0 the
  /// dark.
  void setUncertainty(std::shared_ptr<const ScalarImage> uncertainty, double maximum);
  void setColoring(SurfaceColoring coloring);
  SurfaceColoring coloring() const;

  void setModel(const std::string& id, Model model);  ///< adds or replaces; keeps the pose when it had one
  void setModelPose(const std::string& id, const RigidTransform& world_from_model);
  void setModelVisible(const std::string& id, bool visible);
  void removeModel(const std::string& id);

  /// What moves with the femur in the motion panel: structures and models (stem, head).
  void setFemurGroup(std::set<std::uint8_t> structures, std::set<std::string> models);
  /// Takes the femur group from where it was scanned and planned to where it is shown; identity at rest.
  void setFemurMotion(const RigidTransform& moved_from_world);
  void setContacts(const std::vector<Vec3>& points);  ///< marked in red, world

  // Where one looks.
  void setSize(int widthPx, int heightPx, double scale);  ///< device pixels; `scale` device per logical pixel
  void setView(StandardView view);                        ///< keeps the fit centre, shows all
  void fit();                                             ///< all that is visible, from the same direction
  void orbit(double dxPx, double dyPx);                   ///< trackball about the fit centre
  void pan(double dxPx, double dyPx);
  void zoom(double factor);         ///< larger than 1 enlarges
  void focusOn(const Vec3& world);  ///< makes it the centre of orbit and picture
  /// Less work per frame while the user drags: jagged edges and, where there are many surfaces, coarser ones.
  void setInteracting(bool interacting);
  /// Translucent surfaces in exact order by depth peeling: slow in software, so on demand. Off: all that lie
  /// over one another weigh the same, whatever their order.
  void setExactTranslucency(bool exact);

  /// From the geometry, without drawing: a draggable model unless an opaque surface hides it, else what is
  /// nearest.
  std::optional<SceneHit> pick(const DisplayPoint& point) const;
  DisplayPoint displayFromWorld(const Vec3& world) const;
  /// World vector by which something moves in the plane of the picture when dragged so far.
  Vec3 dragDelta(const DisplayPoint& from, const DisplayPoint& to) const;

  struct Impl;  ///< VTK's side, for the room's sources
  Impl& impl() { return *impl_; }

 private:
  std::unique_ptr<Impl> impl_;
};

/// Draws the scene off screen at the given size. Needs a display (X), for the scene must not be in a GlView.
Picture pictureOf(AnatomyScene& scene, int widthPx, int heightPx, double scale = 1.0);

}  // namespace coxa
