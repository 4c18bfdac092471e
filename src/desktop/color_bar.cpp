#include "color_bar.hpp"

#include "format.hpp"
#include "theme.hpp"

#include "coxa/render/color_maps.hpp"

#include <QLinearGradient>
#include <QPainter>

namespace coxa {

ColorBar::ColorBar(double maximum, QWidget* parent) : QWidget(parent), maximum_(maximum) {
  setAccessibleName(tr("Colours of uncertainty from 0, dark, to %1, bright").arg(numberText(maximum, 2)));
  setToolTip(tr("Variance of the prediction: bright means less sure"));
}

QSize ColorBar::sizeHint() const {
  return {lineHeights(this, 18), lineHeights(this, 1.4)};
}

void ColorBar::paintEvent(QPaintEvent*) {
  const QString low = tr("sure 0");
  const QString high = tr("%1 unsure").arg(numberText(maximum_, 2));
  const QFontMetrics metrics(font());
  const int gap = metrics.height() / 2;
  const QRect bar = rect().adjusted(metrics.horizontalAdvance(low) + gap, metrics.height() / 3,
                                    -metrics.horizontalAdvance(high) - gap, -metrics.height() / 3);
  QLinearGradient gradient(bar.topLeft(), bar.topRight());
  constexpr int kStops = 16;
  for (int n = 0; n <= kStops; ++n) {
    const double t = static_cast<double>(n) / kStops;
    const Rgb color = ColorMap::cividis().at(t);
    gradient.setColorAt(t, QColor(color[0], color[1], color[2]));
  }
  QPainter painter(this);
  painter.fillRect(bar, gradient);
  painter.setPen(themeColors().quietText);
  painter.drawText(rect(), Qt::AlignLeft | Qt::AlignVCenter, low);
  painter.drawText(rect(), Qt::AlignRight | Qt::AlignVCenter, high);
}

}  // namespace coxa
