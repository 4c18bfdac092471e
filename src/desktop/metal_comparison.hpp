#pragma once

#include <QWidget>

class QSlider;

namespace coxa {

class CaseSession;
class Workspace;

/// Before and after metal artifact reduction: one slider moves the border between the original CT (left of
/// it) and the corrected one in all slice views. Without a corrected CT there is nothing to compare.
class MetalComparison : public QWidget {
  Q_OBJECT
 public:
  MetalComparison(CaseSession* session, Workspace* workspace, QWidget* parent = nullptr);

  QSlider* slider() const { return slider_; }

 Q_SIGNALS:
  void availableChanged(bool available);

 private:
  void compare();
  void moveBorder();

  CaseSession* session_;
  Workspace* workspace_;
  QSlider* slider_;
};

}  // namespace coxa
