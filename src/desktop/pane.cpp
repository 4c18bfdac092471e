#include "pane.hpp"

#include "icons.hpp"
#include "slice_view.hpp"
#include "theme.hpp"

#include <QHBoxLayout>
#include <QLabel>
#include <QScrollBar>
#include <QSignalBlocker>
#include <QToolButton>
#include <QVBoxLayout>
#include <cmath>

namespace coxa {
Pane::Pane(const QString& title, const QColor& color, QWidget* view, QWidget* parent)
    : QFrame(parent), view_(view), content_(new QHBoxLayout), maximize_(new QToolButton(this)) {
  auto* marker = new QFrame(this);
  marker->setFixedWidth(lineHeights(this, 0.2));
  marker->setStyleSheet(QStringLiteral("background: %1").arg(color.name()));
  auto* name = new QLabel(title, this);
  setHeading(name, 1.0);
  maximize_->setAccessibleName(tr("Show only the %1 view").arg(title));
  setMaximized(false);
  connect(maximize_, &QToolButton::clicked, this, &Pane::maximizeRequested);

  auto* header = new QHBoxLayout;
  header->setContentsMargins(lineHeights(this, 0.2), 0, 0, 0);
  header->addWidget(marker);
  header->addWidget(name);
  header->addStretch(1);
  header->addWidget(maximize_);
  content_->setSpacing(0);
  content_->addWidget(view, 1);
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(0, 0, 0, 0);
  layout->setSpacing(0);
  layout->addLayout(header);
  layout->addLayout(content_, 1);

  view->setAccessibleName(tr("%1 view").arg(title));
  if (view->focusPolicy() == Qt::NoFocus) view->setFocusPolicy(Qt::StrongFocus);
}

void Pane::addScrollBar(SliceView* slice) {
  slice_ = slice;
  bar_ = new QScrollBar(Qt::Vertical, this);
  bar_->setAccessibleName(tr("Slice position"));
  bar_->setFocusPolicy(Qt::NoFocus);  // the view itself scrolls by keys
  content_->addWidget(bar_);
  connect(bar_, &QScrollBar::valueChanged, this, [this](int value) {
    const double top = slice_->scene().positionRangeMm()[1];
    Q_EMIT scrolledTo(top - value * slice_->scene().stepMm());
  });
}

void Pane::showPosition() {
  const SliceScene& scene = slice_->scene();
  const auto [first, last] = scene.positionRangeMm();
  const QSignalBlocker quiet(bar_);
  bar_->setRange(0, static_cast<int>(std::lround((last - first) / scene.stepMm())));
  bar_->setValue(static_cast<int>(std::lround((last - scene.positionMm()) / scene.stepMm())));
}

void Pane::setMaximized(bool maximized) {
  maximize_->setIcon(icon(maximized ? QStringLiteral("grid") : QStringLiteral("maximize")));
  maximize_->setToolTip(maximized ? tr("Show all views (double click)")
                                  : tr("Give this view the whole space (double click)"));
}

}  // namespace coxa
