#include "number_spin.hpp"

#include <QSignalBlocker>
#include <QWheelEvent>
#include <cmath>

namespace coxa {

NumberSpin::NumberSpin(const QString& accessibleName, double minimum, double maximum, double step,
                       int decimals, const QString& suffix, QWidget* parent)
    : QDoubleSpinBox(parent) {
  setAccessibleName(accessibleName);
  setDecimals(decimals);
  setRange(minimum, maximum);
  setSingleStep(step);
  setSuffix(suffix);
  setKeyboardTracking(false);
  setFocusPolicy(Qt::StrongFocus);
  setAlignment(Qt::AlignRight);
  connect(this, &QDoubleSpinBox::valueChanged, this, &NumberSpin::edited);
}

void NumberSpin::display(double value) {
  const double resolution = std::pow(10.0, -decimals());
  if (std::abs(this->value() - value) < 0.5 * resolution) return;
  const QSignalBlocker quiet(this);
  setValue(value);
}

void NumberSpin::wheelEvent(QWheelEvent* event) {
  if (hasFocus())
    QDoubleSpinBox::wheelEvent(event);
  else
    event->ignore();
}

}  // namespace coxa
