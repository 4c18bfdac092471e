#pragma once

#include "coxa/image/picture.hpp"
#include "coxa/implants/posed.hpp"

#include <QObject>
#include <functional>
#include <map>
#include <string>

namespace coxa {

class CaseSession;
class MotionSession;
class PlanSession;
class StructurePresenter;
class Workspace;

/// Puts the planned implants into the views and lets the user drag them; in motion, moves the femur with stem
/// and head and marks what touches.
class ImplantPresenter : public QObject {
  Q_OBJECT
 public:
  ImplantPresenter(CaseSession* session, PlanSession* plan, MotionSession* motion,
                   StructurePresenter* structures, Workspace* workspace);

  /// While moving, the hip is shown as after the operation and nothing can be dragged.
  void setMoving(bool moving);

 private:
  /// A part in the views; its mesh is made only when `product` is not what is shown already.
  struct Part {
    std::string id;
    std::string product;
    RigidTransform world_from_part;
    std::function<TriangleMesh()> mesh;
    Rgb color{};
    bool draggable = false;
  };

  void showPlan();
  void showPart(const Part& part);
  void removeParts();
  void showResectedFemur();
  void showPose();
  void drag(const QString& id, const Vec3& worldDelta);

  CaseSession* session_;
  PlanSession* plan_;
  MotionSession* motion_;
  StructurePresenter* structures_;
  Workspace* workspace_;
  std::map<std::string, std::string> shown_;  ///< product by model id
  bool moving_ = false;
};

}  // namespace coxa
