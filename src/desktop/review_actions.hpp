#pragma once

#include <QList>
#include <QObject>
#include <functional>

class QAction;
class QMenu;

namespace coxa {

class CorrectionPresenter;
class CorrectionSession;
class ReviewSession;
enum class CorrectionTool;

/// Everything one can do while reviewing, with its key. Menu and panel show the same actions.
class ReviewActions : public QObject {
  Q_OBJECT
 public:
  ReviewActions(ReviewSession* review, CorrectionSession* correction, CorrectionPresenter* presenter,
                QObject* parent);

  /// Only while on do the keys work: they are plain letters.
  void setActive(bool active);
  void addTo(QMenu* menu) const;

  QAction* accept;
  QAction* flag;
  QAction* reopen;
  QAction* lock;
  QAction* previousPlace;
  QAction* nextPlace;
  QList<QAction*> tools;  ///< exclusive: look, paint, erase, grow
  QAction* smaller;
  QAction* larger;
  QAction* fill;
  QAction* smooth;
  QAction* save;

 private:
  QAction* add(const char* iconName, const QString& text, const QKeySequence& key,
               std::function<void()> onTriggered);
  QAction* addTool(const char* iconName, const QString& text, const QKeySequence& key, CorrectionTool tool);
  void resizeBrush(double factor);
  void update();

  ReviewSession* review_;
  CorrectionSession* correction_;
  QList<QAction*> all_;
  bool active_ = false;
};

}  // namespace coxa
