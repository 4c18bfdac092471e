#include "start_page.hpp"

#include "icons.hpp"
#include "theme.hpp"

#include <QDir>
#include <QFileInfo>
#include <QLabel>
#include <QPushButton>
#include <QStyle>
#include <QVBoxLayout>

namespace coxa {

StartPage::StartPage(QWidget* parent) : QFrame(parent) {
  setObjectName(QStringLiteral("startPage"));
  auto* column = new QWidget(this);
  column->setMaximumWidth(lineHeights(this, 34));
  auto* layout = new QVBoxLayout(column);
  layout->setSpacing(lineHeights(this, 0.8));

  auto* title = new QLabel(tr("Plan a hip replacement"), column);
  setHeading(title, 2.0);
  auto* subtitle =
      new QLabel(tr("From a CT to bones, muscles, implants and range of motion, every number with its "
                    "uncertainty."),
                 column);
  subtitle->setWordWrap(true);
  setQuiet(subtitle);
  layout->addStretch(2);
  layout->addWidget(title);
  layout->addWidget(subtitle);
  layout->addWidget(dropArea());
  layout->addWidget(actions());

  recentTitle_ = new QLabel(tr("Recent cases"), column);
  setHeading(recentTitle_);
  layout->addWidget(recentTitle_);
  recent_ = new QVBoxLayout;
  recent_->setSpacing(0);
  layout->addLayout(recent_);
  layout->addStretch(3);
  auto* notice = new QLabel(tr("Research software, not a medical device."), column);
  setQuiet(notice);
  layout->addWidget(notice);

  auto* row = new QHBoxLayout(this);
  row->addStretch(1);
  row->addWidget(column, 8);
  row->addStretch(1);
  setRecentCases({});
}

QWidget* StartPage::dropArea() {
  drop_ = new QFrame(this);
  drop_->setObjectName(QStringLiteral("dropArea"));
  auto* layout = new QVBoxLayout(drop_);
  layout->setContentsMargins(lineHeights(this, 1.5), lineHeights(this, 1.5), lineHeights(this, 1.5),
                             lineHeights(this, 1.5));
  auto* picture = new QLabel(drop_);
  picture->setPixmap(icon(QStringLiteral("drop"), themeColors().quietText).pixmap(lineHeights(this, 2.0)));
  picture->setAlignment(Qt::AlignCenter);
  auto* text = new QLabel(tr("Drop a folder of DICOM files or a case here"), drop_);
  text->setAlignment(Qt::AlignCenter);
  text->setWordWrap(true);
  auto* open = new QPushButton(icon(QStringLiteral("open-dicom"), themeColors().onAccent),
                               tr("Open DICOM folder…"), drop_);
  open->setProperty("primary", true);
  open->setAccessibleName(tr("Open a folder of DICOM files"));
  connect(open, &QPushButton::clicked, this, &StartPage::openDicomRequested);
  layout->addWidget(picture);
  layout->addWidget(text);
  layout->addWidget(open, 0, Qt::AlignCenter);
  return drop_;
}

QWidget* StartPage::actions() {
  auto* row = new QWidget(this);
  auto* layout = new QHBoxLayout(row);
  layout->setContentsMargins(0, 0, 0, 0);
  auto* openCase = new QPushButton(icon(QStringLiteral("open-case")), tr("Open case…"), row);
  openCase->setAccessibleName(tr("Open a case"));
  connect(openCase, &QPushButton::clicked, this, &StartPage::openCaseRequested);
  auto* phantom = new QPushButton(icon(QStringLiteral("patient")), tr("Make a virtual patient…"), row);
  phantom->setAccessibleName(tr("Make a virtual patient for a first try"));
  phantom->setToolTip(tr("A made-up CT for a first try without data of your own"));
  connect(phantom, &QPushButton::clicked, this, &StartPage::virtualPatientRequested);
  layout->addWidget(openCase);
  layout->addWidget(phantom);
  layout->addStretch(1);
  return row;
}

void StartPage::setRecentCases(const QStringList& folders) {
  while (QLayoutItem* item = recent_->takeAt(0)) {
    delete item->widget();
    delete item;
  }
  recentTitle_->setVisible(!folders.isEmpty());
  for (const QString& folder : folders) {
    auto* button =
        new QPushButton(icon(QStringLiteral("recent")), QFileInfo(folder).completeBaseName(), this);
    button->setFlat(true);
    button->setStyleSheet(QStringLiteral("text-align: left"));
    button->setToolTip(QDir::toNativeSeparators(folder));
    button->setAccessibleName(tr("Open recent case %1").arg(button->text()));
    connect(button, &QPushButton::clicked, this, [this, folder] { Q_EMIT recentRequested(folder); });
    recent_->addWidget(button);
  }
}

void StartPage::setDropping(bool dropping) {
  drop_->setProperty("dropping", dropping);
  drop_->style()->unpolish(drop_);
  drop_->style()->polish(drop_);
}

}  // namespace coxa
