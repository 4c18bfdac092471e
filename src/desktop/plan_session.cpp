#include "plan_session.hpp"

#include "case_session.hpp"
#include "plan_command.hpp"

#include "coxa/anatomy/frames.hpp"
#include "coxa/anatomy/surfaces.hpp"
#include "coxa/casefile/contents.hpp"
#include "coxa/planning/plan_file.hpp"

#include <chrono>

namespace coxa {
namespace {

using namespace std::chrono_literals;

constexpr auto kRestBeforeSaving = 1500ms;

Result<TriangleMesh> boneSurface(const StructureTable& table, const LabelMap& labels, const char* kind,
                                 Side side) {
  const Structure* structure = table.find(kind, side);
  if (structure == nullptr) return internalError("The table of structures lacks a bone.", kind);
  return surfaceOf(labels, structure->value);
}

struct PreparedBones {
  std::shared_ptr<const PlanningInput> bones;
  PlanContext context;
};

Result<PreparedBones> prepare(const StructureTable& table, const LabelMap& labels, const Volume& ct,
                              const LandmarkSet& landmarks, Side side) {
  auto hip = boneSurface(table, labels, "hip", side);
  if (!hip) return tl::unexpected(hip.error());
  auto femur = boneSurface(table, labels, "femur", side);
  if (!femur) return tl::unexpected(femur.error());
  PlanningInput input{side, landmarks, std::move(*hip), std::move(*femur), &ct};
  auto context = PlanContext::build(input, Job());
  if (!context) return tl::unexpected(context.error());
  input.ct = nullptr;
  return PreparedBones{std::make_shared<const PlanningInput>(std::move(input)), std::move(*context)};
}

}  // namespace

PlanSession::PlanSession(CaseSession* session, Catalogue catalogue, QObject* parent)
    : QObject(parent), session_(session), catalogue_(std::move(catalogue)) {
  saveTimer_.setSingleShot(true);
  saveTimer_.setInterval(kRestBeforeSaving);
  connect(&saveTimer_, &QTimer::timeout, this, [this] { save(); });
  connect(session, &CaseSession::landmarksLoaded, this, &PlanSession::begin);
  connect(session, &CaseSession::closed, this, &PlanSession::reset);
}

void PlanSession::reset() {
  ++generation_;
  saveTimer_.stop();
  measuring_.clear();
  undo_.clear();
  bones_.reset();
  context_.reset();
  plan_.reset();
  measures_.reset();
  setUnsaved(false);
  setBusy(false);
  Q_EMIT planChanged();
}

bool PlanSession::canPlan() const {
  return session_->landmarks() && session_->segmentation() && session_->ct();
}

/// Keeps the implants where they are in bones and landmarks that were found anew, and measures again.
void PlanSession::followAnatomy() {
  bones_.reset();
  context_.reset();
  setUnsaved(true);
  Q_EMIT planChanged();
  buildContext(plan_->hip.side, [this] { measureNow(); });
}

/// Takes up the case's own plan, if it has one.
void PlanSession::begin() {
  if (plan_) {
    followAnatomy();
    return;
  }
  context_.reset();
  const std::string json = session_->stageJson(Stage::Plan);
  if (json.empty()) {
    Q_EMIT planChanged();
    return;
  }
  auto plan = planFromJson(json, catalogue_);
  if (!plan) {
    Q_EMIT failed(plan.error());
    return;
  }
  startWith(std::move(*plan));
  buildContext(plan_->hip.side, [this] { measureNow(); });
}

void PlanSession::startWith(Plan plan) {
  undo_.clear();
  stemReference_ = plan.hip.world_from_stem.translation();
  plan_ = std::move(plan);
  Q_EMIT planChanged();
  Q_EMIT planStarted();
}

void PlanSession::buildContext(Side side, std::function<void()> done) {
  setBusy(true);
  runInBackground(
      this,
      [table = session_->table(), labels = session_->segmentation()->labels, ct = session_->ctInUse(),
       landmarks = *session_->landmarks(), side] { return prepare(table, *labels, *ct, landmarks, side); },
      [this, generation = generation_, done = std::move(done)](Result<PreparedBones> prepared) {
        if (generation != generation_) return;
        setBusy(false);
        if (!prepared) {
          Q_EMIT failed(prepared.error());
          return;
        }
        bones_ = std::move(prepared->bones);
        context_ = std::move(prepared->context);
        Q_EMIT contextReady();
        done();
      });
}

void PlanSession::suggest(Side side) {
  if (!canPlan() || busy_) return;
  if (!context_ || context_->side() != side) {
    buildContext(side, [this, side] { suggest(side); });
    return;
  }
  setBusy(true);
  runInBackground(
      this, [context = *context_, catalogue = catalogue_] { return suggestPlan(context, catalogue, Job()); },
      [this, generation = generation_](Result<Plan> suggestion) {
        if (generation != generation_) return;
        setBusy(false);
        if (!suggestion) {
          Q_EMIT failed(suggestion.error());
          return;
        }
        endGesture();
        if (plan_ && plan_->hip.side == suggestion->hip.side) {
          push(Edit::Suggestion, suggestion);
          return;
        }
        startWith(std::move(*suggestion));
        setUnsaved(true);
        measureNow();
      });
}

void PlanSession::setBusy(bool busy) {
  if (busy_ == busy) return;
  busy_ = busy;
  Q_EMIT busyChanged(busy);
}

void PlanSession::setCupSize(double outerDiameterMm) {
  push(Edit::CupSize, coxa::setCupSize(*plan_, outerDiameterMm, catalogue_));
}

void PlanSession::setCupOffset(const AnatomicalOffset& offset) {
  const auto frame = pelvisFrame();
  const auto& acetabulum = session_->landmarks()->side(plan_->hip.side).acetabulum;
  if (!frame || !acetabulum) return;
  const Vec3 inHip(offset.lateralMm, offset.anteriorMm, offset.superiorMm);
  const Vec3 inWorld = frame->linear().transpose() * (lateralMirror(plan_->hip.side) * inHip);
  push(Edit::CupPosition, setCupCenter(*plan_, acetabulum->sphere.center + inWorld));
}

void PlanSession::setCupAngles(const CupAngles& angles) {
  push(Edit::CupAngles, setCupOrientation(*plan_, angles, *session_->landmarks()));
}

void PlanSession::moveCup(const Vec3& worldDelta) {
  if (plan_) push(Edit::CupPosition, setCupCenter(*plan_, plan_->hip.cupCenter() + worldDelta));
}

void PlanSession::setStem(int size, StemOffset offset) {
  push(Edit::Stem, setStemSize(*plan_, size, offset, catalogue_));
}

void PlanSession::setStemDepth(double depthMm) {
  const Vec3 axis = plan_->hip.world_from_stem.linear().col(2);
  moveStem(axis * (stemDepth() - depthMm));
}

void PlanSession::setStemVersion(double versionDeg) {
  push(Edit::StemVersion, coxa::setStemVersion(*plan_, versionDeg, *session_->landmarks()));
}

void PlanSession::moveStem(const Vec3& worldDelta) {
  if (!plan_) return;
  const Vec3 origin = plan_->hip.world_from_stem.translation();
  push(Edit::StemPosition, setStemPosition(*plan_, origin + worldDelta));
}

void PlanSession::setHead(double diameterMm, double neckLengthMm) {
  push(Edit::Head, coxa::setHead(*plan_, diameterMm, neckLengthMm, catalogue_));
}

void PlanSession::endGesture() {
  ++gesture_;
}

void PlanSession::push(Edit edit, const Result<Plan>& changed) {
  if (!plan_) return;
  if (!changed) {
    Q_EMIT failed(changed.error());
    return;
  }
  undo_.push(new PlanCommand(this, edit, gesture_, *plan_, *changed));
}

void PlanSession::apply(const Plan& plan) {
  plan_ = plan;
  setUnsaved(true);
  Q_EMIT planChanged();
  measureNow();
}

void PlanSession::measureNow() {
  if (!plan_ || !context_ || context_->side() != plan_->hip.side) return;
  measuring_.request(
      [plan = *plan_, context = *context_] {
        return Measurement{plan, measure(plan, context)};
      },
      [this, generation = generation_](Measurement result) {
        if (generation != generation_) return;
        measures_ = std::move(result.measures);
        Q_EMIT measured();
        if (unsaved_) saveTimer_.start();
      });
}

void PlanSession::setUnsaved(bool unsaved) {
  if (unsaved_ == unsaved) return;
  unsaved_ = unsaved;
  Q_EMIT savedChanged(unsaved);
}

void PlanSession::save(std::function<void()> done) {
  saveTimer_.stop();
  if (!unsaved_ || !plan_ || !context_) {
    if (done) done();
    return;
  }
  setUnsaved(false);
  runInBackground(
      this,
      [target = session_->source(), plan = *plan_, context = *context_]() mutable {
        auto refreshed = target.refresh();
        return refreshed ? putJson(target, Stage::Plan, toJson(plan, measure(plan, context))) : refreshed;
      },
      [this, generation = generation_, done = std::move(done)](Result<void> saved) {
        if (generation != generation_) return;
        if (!saved) {
          setUnsaved(true);
          Q_EMIT failed(saved.error());
          return;
        }
        if (done) done();
      });
}

std::optional<RigidTransform> PlanSession::pelvisFrame() const {
  if (!session_->landmarks()) return {};
  const auto frame = pelvisFromWorld(*session_->landmarks(), PelvicPlane::Functional);
  return frame ? std::optional(*frame) : std::nullopt;
}

AnatomicalOffset PlanSession::cupOffset() const {
  const auto frame = pelvisFrame();
  if (!plan_ || !frame) return {};
  const auto& acetabulum = session_->landmarks()->side(plan_->hip.side).acetabulum;
  if (!acetabulum) return {};
  const Vec3 inHip = lateralMirror(plan_->hip.side) *
                     (frame->linear() * (plan_->hip.cupCenter() - acetabulum->sphere.center));
  return {inHip.x(), inHip.y(), inHip.z()};
}

double PlanSession::stemDepth() const {
  if (!plan_) return 0.0;
  const RigidTransform& stem = plan_->hip.world_from_stem;
  return (stemReference_ - stem.translation()).dot(stem.linear().col(2));
}

std::optional<CupAngles> PlanSession::cupAngles(CupDefinition definition, PelvicPlane plane) const {
  if (!plan_ || !session_->landmarks()) return {};
  const auto angles =
      cupAnglesOf(plan_->hip.cupAxis(), *session_->landmarks(), plan_->hip.side, definition, plane);
  return angles ? std::optional(*angles) : std::nullopt;
}

}  // namespace coxa
