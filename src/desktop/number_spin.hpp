#pragma once

#include <QDoubleSpinBox>

namespace coxa {

/// A number to type or step. Reports only what the user does; the wheel changes it only while it has the
/// focus, so that scrolling a panel never changes a plan.
class NumberSpin : public QDoubleSpinBox {
  Q_OBJECT
 public:
  /// `accessibleName` says what the number is and its unit.
  NumberSpin(const QString& accessibleName, double minimum, double maximum, double step, int decimals,
             const QString& suffix, QWidget* parent = nullptr);

  /// Shows a value without reporting it; left alone while the user is typing into it.
  void display(double value);

 Q_SIGNALS:
  void edited(double value);

 protected:
  void wheelEvent(QWheelEvent* event) override;
};

}  // namespace coxa
