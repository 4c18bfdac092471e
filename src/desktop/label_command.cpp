#include "label_command.hpp"

#include "correction_session.hpp"

namespace coxa {

LabelCommand::LabelCommand(CorrectionSession* session, LabelChange change, const QString& text)
    : QUndoCommand(text), session_(session), change_(std::move(change)) {}

void LabelCommand::undo() {
  session_->apply(change_, true);
  session_->announce(change_);
  applied_ = false;
}

/// Also called when the command is pushed, for an edit that a stroke has made already.
void LabelCommand::redo() {
  if (!applied_) session_->apply(change_, false);
  session_->announce(change_);
  applied_ = true;
}

}  // namespace coxa
