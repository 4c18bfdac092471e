#include "progress_strip.hpp"

#include "stage_process.hpp"
#include "theme.hpp"

#include <QHBoxLayout>
#include <QLabel>
#include <QProgressBar>
#include <QPushButton>
#include <cmath>

namespace coxa {
namespace {

constexpr int kSteps = 1000;

}  // namespace

ProgressStrip::ProgressStrip(QWidget* parent)
    : QFrame(parent),
      title_(new QLabel(this)),
      message_(new QLabel(this)),
      bar_(new QProgressBar(this)),
      timeLeft_(new QLabel(this)),
      cancel_(new QPushButton(tr("Cancel"), this)) {
  bar_->setRange(0, kSteps);
  bar_->setTextVisible(false);
  bar_->setFixedHeight(lineHeights(this, 0.6));
  bar_->setAccessibleName(tr("Progress"));
  setHeading(title_, 1.0);
  setQuiet(message_);
  setQuiet(timeLeft_);
  timeLeft_->setMinimumWidth(lineHeights(this, 5));
  cancel_->setAccessibleName(tr("Cancel the running analysis"));
  connect(cancel_, &QPushButton::clicked, this, [this] {
    cancel_->setEnabled(false);
    message_->setText(tr("Stopping…"));
    Q_EMIT cancelRequested();
  });
  auto* layout = new QHBoxLayout(this);
  layout->addWidget(title_);
  layout->addWidget(message_, 1);
  layout->addWidget(bar_, 2);
  layout->addWidget(timeLeft_);
  layout->addWidget(cancel_);
  hide();
}

void ProgressStrip::begin(const QString& title) {
  title_->setText(title);
  message_->clear();
  timeLeft_->clear();
  cancel_->setEnabled(true);
  bar_->setRange(0, 0);  // moves without a measure until the first report
  show();
}

void ProgressStrip::report(double fraction, double secondsLeft, const QString& message) {
  bar_->setRange(0, kSteps);
  bar_->setValue(static_cast<int>(std::lround(fraction * kSteps)));
  if (cancel_->isEnabled()) message_->setText(message);
  timeLeft_->setText(timeLeftText(secondsLeft));
}

void ProgressStrip::end() {
  hide();
}

}  // namespace coxa
