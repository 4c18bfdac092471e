#pragma once

#include <QFrame>

class QLabel;
class QVBoxLayout;

namespace coxa {

/// What is shown while no case is open: what to do first, and the cases of last time.
class StartPage : public QFrame {
  Q_OBJECT
 public:
  explicit StartPage(QWidget* parent = nullptr);

  void setRecentCases(const QStringList& folders);
  /// Marks the drop area while a folder hovers over the window.
  void setDropping(bool dropping);

 Q_SIGNALS:
  void openDicomRequested();
  void openCaseRequested();
  void recentRequested(const QString& folder);
  void virtualPatientRequested();

 private:
  QWidget* dropArea();
  QWidget* actions();

  QFrame* drop_ = nullptr;
  QLabel* recentTitle_ = nullptr;
  QVBoxLayout* recent_ = nullptr;
};

}  // namespace coxa
