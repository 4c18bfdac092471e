#pragma once

#include "plan_session.hpp"

#include <QUndoCommand>

namespace coxa {

/// One undoable edit of the plan: the plan before and after. Edits of one kind within one gesture, such as
/// the steps of a drag, become one.
class PlanCommand : public QUndoCommand {
 public:
  PlanCommand(PlanSession* session, PlanSession::Edit edit, int gesture, Plan before, Plan after);

  void undo() override;
  void redo() override;
  int id() const override;
  bool mergeWith(const QUndoCommand* newer) override;

 private:
  PlanSession* session_;
  PlanSession::Edit edit_;
  int gesture_;
  Plan before_;
  Plan after_;
};

}  // namespace coxa
