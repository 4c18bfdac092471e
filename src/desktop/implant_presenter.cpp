#include "implant_presenter.hpp"

#include "case_session.hpp"
#include "motion_session.hpp"
#include "plan_session.hpp"
#include "scene_view.hpp"
#include "slice_view.hpp"
#include "structure_presenter.hpp"
#include "workspace.hpp"

#include "coxa/implants/meshes.hpp"

namespace coxa {
namespace {

constexpr Rgb kMetal = {150, 190, 225};
constexpr Rgb kPolyethylene = {236, 236, 225};
constexpr Rgb kCeramic = {245, 170, 120};
constexpr Rgb kBone = {242, 230, 200};
constexpr double kFillInSlices = 0.4;
const std::string kResectedFemur = "resected femur";

}  // namespace

ImplantPresenter::ImplantPresenter(CaseSession* session, PlanSession* plan, MotionSession* motion,
                                   StructurePresenter* structures, Workspace* workspace)
    : QObject(workspace),
      session_(session),
      plan_(plan),
      motion_(motion),
      structures_(structures),
      workspace_(workspace) {
  connect(plan, &PlanSession::planChanged, this, &ImplantPresenter::showPlan);
  connect(motion, &MotionSession::changed, this, &ImplantPresenter::showResectedFemur);
  connect(motion, &MotionSession::posed, this, &ImplantPresenter::showPose);
  for (SliceView* view : workspace->slices()) {
    connect(view, &SliceView::modelDragged, this, &ImplantPresenter::drag);
    connect(view, &SliceView::modelDragFinished, plan, &PlanSession::endGesture);
  }
  connect(workspace->sceneView(), &SceneView::modelDragged, this, &ImplantPresenter::drag);
  connect(workspace->sceneView(), &SceneView::modelDragFinished, plan, &PlanSession::endGesture);
}

void ImplantPresenter::showPlan() {
  if (!plan_->plan()) {
    removeParts();
    return;
  }
  const PosedHip& hip = plan_->plan()->hip;
  const RigidTransform world_from_head(Eigen::Translation3d(hip.headCenter()));
  showPart({"cup", hip.cup.id, hip.world_from_cup, [&] { return cupMesh(hip.cup); }, kMetal, true});
  showPart({"liner", hip.liner.id, hip.world_from_cup, [&] { return linerMesh(hip.liner); }, kPolyethylene});
  showPart({"stem", hip.stem.id + hip.head.id, hip.world_from_stem,
            [&] { return joined(stemBodyMesh(hip.stem), stemNeckMesh(hip.stem, hip.head)); }, kMetal, true});
  showPart({"head", hip.head.id, world_from_head, [&] { return headMesh(hip.head); }, kCeramic, true});
}

void ImplantPresenter::showPart(const Part& part) {
  AnatomyScene& anatomy = workspace_->sceneView()->scene();
  if (shown_[part.id] != part.product) {
    shown_[part.id] = part.product;
    const auto mesh = std::make_shared<const TriangleMesh>(part.mesh());
    for (SliceView* view : workspace_->slices())
      view->scene().setModel(part.id, {mesh, part.color, kFillInSlices, part.draggable});
    anatomy.setModel(part.id, {mesh, part.color, 1.0, part.draggable});
  }
  for (SliceView* view : workspace_->slices()) view->scene().setModelPose(part.id, part.world_from_part);
  anatomy.setModelPose(part.id, part.world_from_part);
}

void ImplantPresenter::removeParts() {
  for (const auto& [id, product] : shown_) {
    for (SliceView* view : workspace_->slices()) view->scene().removeModel(id);
    workspace_->sceneView()->scene().removeModel(id);
  }
  shown_.clear();
}

void ImplantPresenter::setMoving(bool moving) {
  if (moving_ == moving) return;
  moving_ = moving;
  showResectedFemur();
  showPose();
}

/// In motion the femur is shown as the operation leaves it, in place of its own surface.
void ImplantPresenter::showResectedFemur() {
  AnatomyScene& scene = workspace_->sceneView()->scene();
  const bool shown = moving_ && motion_->isReady() && plan_->plan();
  if (!shown) {
    scene.removeModel(kResectedFemur);
    structures_->setReplaced(0);
    return;
  }
  const Structure* femur = session_->table().find("femur", plan_->plan()->hip.side);
  scene.setModel(kResectedFemur, {.mesh = motion_->resectedFemur(), .color = kBone});
  scene.setFemurGroup({}, {kResectedFemur, "stem", "head"});
  structures_->setReplaced(femur == nullptr ? 0 : femur->value);
}

void ImplantPresenter::showPose() {
  AnatomyScene& scene = workspace_->sceneView()->scene();
  const bool shown = moving_ && motion_->isReady();
  scene.setFemurMotion(shown ? motion_->femurMotion() : RigidTransform::Identity());
  std::vector<Vec3> points;
  if (shown)
    for (const Contact& contact : motion_->contacts()) points.push_back(contact.point);
  scene.setContacts(points);
}

void ImplantPresenter::drag(const QString& id, const Vec3& worldDelta) {
  if (moving_) return;
  if (id == QLatin1String("cup"))
    plan_->moveCup(worldDelta);
  else
    plan_->moveStem(worldDelta);
}

}  // namespace coxa
