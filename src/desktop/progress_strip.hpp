#pragma once

#include <QFrame>

class QLabel;
class QProgressBar;
class QPushButton;

namespace coxa {

/// A strip that shows a long stage: what is being done, how far, how long still, and a way to stop it.
class ProgressStrip : public QFrame {
  Q_OBJECT
 public:
  explicit ProgressStrip(QWidget* parent = nullptr);

  void begin(const QString& title);
  void report(double fraction, double secondsLeft, const QString& message);
  void end();

 Q_SIGNALS:
  void cancelRequested();

 private:
  QLabel* title_;
  QLabel* message_;
  QProgressBar* bar_;
  QLabel* timeLeft_;
  QPushButton* cancel_;
};

}  // namespace coxa
