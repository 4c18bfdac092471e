#include "plan_command.hpp"

namespace coxa {
namespace {

QString editText(PlanSession::Edit edit) {
  using Edit = PlanSession::Edit;
  switch (edit) {
    case Edit::Suggestion:
      return PlanSession::tr("suggestion");
    case Edit::CupPosition:
      return PlanSession::tr("cup position");
    case Edit::CupSize:
      return PlanSession::tr("cup size");
    case Edit::CupAngles:
      return PlanSession::tr("cup angles");
    case Edit::StemPosition:
      return PlanSession::tr("stem position");
    case Edit::Stem:
      return PlanSession::tr("stem size");
    case Edit::StemVersion:
      return PlanSession::tr("stem version");
    case Edit::Head:
      return PlanSession::tr("head");
  }
  return {};
}

}  // namespace

PlanCommand::PlanCommand(PlanSession* session, PlanSession::Edit edit, int gesture, Plan before, Plan after)
    : QUndoCommand(editText(edit)),
      session_(session),
      edit_(edit),
      gesture_(gesture),
      before_(std::move(before)),
      after_(std::move(after)) {}

void PlanCommand::undo() {
  session_->apply(before_);
}

void PlanCommand::redo() {
  session_->apply(after_);
}

int PlanCommand::id() const {
  return static_cast<int>(edit_);
}

bool PlanCommand::mergeWith(const QUndoCommand* newer) {
  const auto* next = static_cast<const PlanCommand*>(newer);  // the stack asks only for equal ids
  if (next->gesture_ != gesture_) return false;
  after_ = next->after_;
  return true;
}

}  // namespace coxa
