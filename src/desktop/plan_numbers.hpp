#pragma once

#include <QWidget>

class QGridLayout;
class QLabel;
class QVBoxLayout;

namespace coxa {

struct PlanMeasures;

/// What a plan achieves, in numbers with their uncertainty: the few that matter most large, the others in a
/// table below, and warnings in words.
class PlanNumbers : public QWidget {
  Q_OBJECT
 public:
  explicit PlanNumbers(QWidget* parent = nullptr);
  void display(const PlanMeasures& measures);

 private:
  QLabel* addHeadline(QGridLayout* grid, int column, const QString& caption);
  QLabel* addRow(QGridLayout* grid, const QString& caption, const QString& toolTip);
  void showWarnings(const QStringList& warnings);

  QLabel* legLength_;
  QLabel* offset_;
  QLabel* coverage_;
  QLabel* legLengthOther_;
  QLabel* offsetOther_;
  QLabel* medialWall_;
  QLabel* overhang_;
  QLabel* stemVersion_;
  QLabel* canalFill_;
  QVBoxLayout* zones_;
  QVBoxLayout* warnings_;
};

}  // namespace coxa
