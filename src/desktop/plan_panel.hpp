#pragma once

#include "coxa/geometry/cup_angles.hpp"
#include "coxa/geometry/types.hpp"

#include <QWidget>

class QButtonGroup;
class QComboBox;
class QLabel;
class QPushButton;
class QStackedWidget;

namespace coxa {

class NumberSpin;
class PlanNumbers;
class PlanSession;

/// Everything of the plan in numbers: what it achieves (large), and cup, stem and head to step or type. Knows
/// only the PlanSession.
class PlanPanel : public QWidget {
  Q_OBJECT
 public:
  explicit PlanPanel(PlanSession* plan, QWidget* parent = nullptr);

 private:
  QWidget* emptyPage();
  QWidget* planPage();
  QWidget* actionRow();
  QWidget* cupSection();
  QWidget* anglesSection();
  QWidget* stemSection();
  QWidget* headSection();
  NumberSpin* spin(const QString& name, double range, double step, const QString& suffix);
  void chooseSide(Side side);
  void fillChoices();
  void showPlan();
  void showAngles();
  void showSpreads();
  CupDefinition definition() const;
  PelvicPlane plane() const;

  PlanSession* plan_;
  QStackedWidget* pages_;
  QLabel* emptyText_ = nullptr;
  QButtonGroup* sides_ = nullptr;
  QPushButton* suggest_ = nullptr;
  PlanNumbers* numbers_ = nullptr;
  NumberSpin* cupSize_ = nullptr;
  NumberSpin* lateral_ = nullptr;
  NumberSpin* anterior_ = nullptr;
  NumberSpin* superior_ = nullptr;
  QComboBox* definition_ = nullptr;
  QComboBox* plane_ = nullptr;
  NumberSpin* inclination_ = nullptr;
  NumberSpin* anteversion_ = nullptr;
  QLabel* inclinationSd_ = nullptr;
  QLabel* anteversionSd_ = nullptr;
  NumberSpin* stemSize_ = nullptr;
  QComboBox* stemOffset_ = nullptr;
  NumberSpin* stemDepth_ = nullptr;
  NumberSpin* stemVersion_ = nullptr;
  QLabel* stemVersionSd_ = nullptr;
  QComboBox* headDiameter_ = nullptr;
  QComboBox* neckLength_ = nullptr;
};

}  // namespace coxa
