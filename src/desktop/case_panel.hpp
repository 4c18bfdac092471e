#pragma once

#include <QWidget>

class QFormLayout;
class QLabel;
class QVBoxLayout;

namespace coxa {

class CaseSession;

/// What the case is: its pseudonym, the scan, the results with their origin and age, and what should be known
/// about them.
class CasePanel : public QWidget {
  Q_OBJECT
 public:
  explicit CasePanel(CaseSession* session, QWidget* parent = nullptr);

 private:
  void showCase();
  void showResults();
  void showScan();
  void showNotices();
  QLabel* value(const QString& text);

  CaseSession* session_;
  QLabel* title_;
  QLabel* pseudonym_;
  QFormLayout* results_;
  QFormLayout* scan_;
  QVBoxLayout* notices_;
};

}  // namespace coxa
