#pragma once

#include "coxa/editing/label_change.hpp"

#include <QUndoCommand>

namespace coxa {

class CorrectionSession;

/// One undoable edit of the labels: the voxels it changed, as runs.
class LabelCommand : public QUndoCommand {
 public:
  /// The change is already in the labels.
  LabelCommand(CorrectionSession* session, LabelChange change, const QString& text);

  void undo() override;
  void redo() override;

 private:
  CorrectionSession* session_;
  LabelChange change_;
  bool applied_ = true;
};

}  // namespace coxa
