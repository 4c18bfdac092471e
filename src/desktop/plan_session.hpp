#pragma once

#include "background.hpp"

#include "coxa/planning/context.hpp"
#include "coxa/planning/edits.hpp"
#include "coxa/planning/plan.hpp"
#include "coxa/planning/suggest.hpp"

#include <QObject>
#include <QTimer>
#include <QUndoStack>
#include <optional>

namespace coxa {

class CaseSession;

/// Where parts stand against the plan's reference, in the words of a surgeon: mm to lateral, anterior and
/// superior (pelvis, FPP).
struct AnatomicalOffset {
  double lateralMm = 0.0;
  double anteriorMm = 0.0;
  double superiorMm = 0.0;
};

/// The plan of the open case: suggests it, edits it with undo, measures every edit in the background and
/// saves it into the case when the surgeon rests.
class PlanSession : public QObject {
  Q_OBJECT
 public:
  /// What an edit changes. Consecutive edits of one kind are undone together until endGesture().
  enum class Edit { Suggestion, CupPosition, CupSize, CupAngles, StemPosition, Stem, StemVersion, Head };

  PlanSession(CaseSession* session, Catalogue catalogue, QObject* parent = nullptr);

  /// True when landmarks and bones are there, so that a side can be planned.
  bool canPlan() const;
  bool isBusy() const { return busy_; }  ///< suggesting, or preparing the bones
  const std::optional<Plan>& plan() const { return plan_; }
  /// Of the newest plan measured; while dragging it may lag behind `plan` by one computation.
  const std::optional<PlanMeasures>& measures() const { return measures_; }
  const std::optional<PlanContext>& context() const { return context_; }
  /// The bones of the planned side; its CT is not set. Nothing before the context is there.
  std::shared_ptr<const PlanningInput> bones() const { return bones_; }
  const Catalogue& catalogue() const { return catalogue_; }
  QUndoStack* undoStack() { return &undo_; }
  /// True while the case lacks the newest edit.
  bool hasUnsavedEdits() const { return unsaved_; }

  /// A fresh suggestion for that side. An edit, when the side stays; otherwise undo starts anew.
  void suggest(Side side);

  void setCupSize(double outerDiameterMm);
  void setCupOffset(const AnatomicalOffset& offset);
  void setCupAngles(const CupAngles& angles);
  void moveCup(const Vec3& worldDelta);
  void setStem(int size, StemOffset offset);
  void setStemDepth(double depthMm);
  void setStemVersion(double versionDeg);
  void moveStem(const Vec3& worldDelta);
  void setHead(double diameterMm, double neckLengthMm);
  /// The next edit starts a new undo step.
  void endGesture();

  /// Of the cup's centre against the centre of the patient's acetabulum.
  AnatomicalOffset cupOffset() const;
  /// Of the stem along its axis against where the plan began; positive deeper.
  double stemDepth() const;
  std::optional<CupAngles> cupAngles(CupDefinition definition, PelvicPlane plane) const;

  /// Writes the plan into the case now and calls `done` when it is there.
  void save(std::function<void()> done = {});

 Q_SIGNALS:
  void planChanged();   ///< also when it appears or goes
  void planStarted();   ///< one for this side appeared
  void contextReady();  ///< the bones of the plan's side are there
  void measured();
  void busyChanged(bool busy);
  void savedChanged(bool unsaved);
  void failed(const coxa::Error& error);

 private:
  friend class PlanCommand;
  struct Measurement {
    Plan plan;
    PlanMeasures measures;
  };

  void reset();
  void begin();
  void followAnatomy();
  void buildContext(Side side, std::function<void()> done);
  void setBusy(bool busy);
  void startWith(Plan plan);
  void push(Edit edit, const Result<Plan>& changed);
  void apply(const Plan& plan);
  void measureNow();
  void setUnsaved(bool unsaved);
  std::optional<RigidTransform> pelvisFrame() const;

  CaseSession* session_;
  Catalogue catalogue_;
  std::shared_ptr<const PlanningInput> bones_;
  std::optional<PlanContext> context_;
  std::optional<Plan> plan_;
  Vec3 stemReference_ = Vec3::Zero();  ///< the stem's origin when the plan began
  std::optional<PlanMeasures> measures_;
  QUndoStack undo_;
  LatestOnly<Measurement> measuring_{this};
  QTimer saveTimer_;
  int gesture_ = 0;
  int generation_ = 0;  ///< answers for an earlier case or side are dropped
  bool busy_ = false;
  bool unsaved_ = false;
};

}  // namespace coxa
