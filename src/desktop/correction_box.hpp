#pragma once

#include <QGroupBox>
#include <functional>

class QCheckBox;
class QComboBox;
class QLabel;
class QStackedWidget;

namespace coxa {

class CorrectionSession;
class NumberSpin;
class ReviewActions;
class ReviewSession;
struct CorrectionSettings;

/// The tools that correct the structure under review, and where they may act.
class CorrectionBox : public QGroupBox {
  Q_OBJECT
 public:
  CorrectionBox(ReviewSession* review, CorrectionSession* correction, ReviewActions* actions,
                QWidget* parent);

 private:
  QWidget* toolRow(ReviewActions* actions);
  QWidget* brushPage();
  QWidget* growPage();
  QWidget* scopeForm();
  QWidget* wholeRow(ReviewActions* actions);
  QWidget* saveRow(ReviewActions* actions);
  NumberSpin* spin(const QString& accessibleName, double minimum, double maximum, double step, int decimals,
                   const QString& suffix, std::function<void(CorrectionSettings&, double)> set);
  void change(const std::function<void(CorrectionSettings&)>& edit);
  void fillOver();
  void showSettings();
  void showSaving();

  ReviewSession* review_;
  CorrectionSession* correction_;
  QStackedWidget* toolPages_;
  QComboBox* shape_;
  NumberSpin* radius_;
  NumberSpin* lowHu_;
  NumberSpin* highHu_;
  NumberSpin* growRadius_;
  QComboBox* over_;
  QCheckBox* onlyDoubtful_;
  NumberSpin* smoothing_;
  QLabel* state_;
};

}  // namespace coxa
