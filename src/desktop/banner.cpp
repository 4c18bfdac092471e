#include "banner.hpp"

#include "icons.hpp"
#include "theme.hpp"

#include <QAccessible>
#include <QHBoxLayout>
#include <QLabel>
#include <QStyle>
#include <QToolButton>
#include <QVBoxLayout>

namespace coxa {
namespace {

QLabel* selectableLabel(QWidget* parent) {
  auto* label = new QLabel(parent);
  label->setWordWrap(true);
  label->setTextFormat(Qt::PlainText);
  label->setTextInteractionFlags(Qt::TextSelectableByMouse);
  return label;
}

}  // namespace

Banner::Banner(QWidget* parent)
    : QFrame(parent),
      icon_(new QLabel(this)),
      what_(selectableLabel(this)),
      advice_(selectableLabel(this)),
      close_(new QToolButton(this)) {
  setObjectName(QStringLiteral("banner"));
  setQuiet(advice_);
  close_->setIcon(coxa::icon(QStringLiteral("close")));
  close_->setAccessibleName(tr("Close this message"));
  close_->setToolTip(close_->accessibleName());
  connect(close_, &QToolButton::clicked, this, &QWidget::hide);

  auto* texts = new QVBoxLayout;
  texts->setSpacing(0);
  texts->addWidget(what_);
  texts->addWidget(advice_);
  auto* row = new QHBoxLayout(this);
  row->addWidget(icon_, 0, Qt::AlignVCenter);
  row->addLayout(texts, 1);
  row->addWidget(close_, 0, Qt::AlignTop);
  hide();
}

void Banner::showMessage(Severity severity, const QString& what, const QString& advice,
                         const QString& detail) {
  const ThemeColors& colors = themeColors();
  const bool isError = severity == Severity::Error;
  const bool isWarning = severity == Severity::Warning;
  const QString name = isError ? "error" : isWarning ? "warning" : "info";
  const QColor color = isError ? colors.error : isWarning ? colors.warning : colors.accent;
  icon_->setPixmap(coxa::icon(name, color).pixmap(lineHeights(this, 1.5)));
  what_->setText(what);
  advice_->setText(advice);
  advice_->setVisible(!advice.isEmpty());
  setToolTip(detail);
  setProperty("severity", name);
  style()->unpolish(this);
  style()->polish(this);
  setAccessibleName(text());
  show();
  QAccessibleEvent event(this, QAccessible::Alert);
  QAccessible::updateAccessibility(&event);
}

void Banner::showError(const Error& error) {
  const QString advice = error.code == ErrorCode::Internal
                             ? tr("This is a fault of the program. Save your work and try again.")
                             : QString();
  showMessage(Severity::Error, QString::fromStdString(error.message), advice,
              QString::fromStdString(error.detail));
}

QString Banner::text() const {
  return advice_->text().isEmpty() ? what_->text() : what_->text() + QLatin1Char('\n') + advice_->text();
}

}  // namespace coxa
