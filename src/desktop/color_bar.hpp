#pragma once

#include <QWidget>

namespace coxa {

/// The legend of the uncertainty overlay: the colour map between 0 and its maximum.
class ColorBar : public QWidget {
  Q_OBJECT
 public:
  explicit ColorBar(double maximum, QWidget* parent = nullptr);
  QSize sizeHint() const override;

 protected:
  void paintEvent(QPaintEvent* event) override;

 private:
  double maximum_;
};

}  // namespace coxa
