#include "motion_panel.hpp"

#include "format.hpp"
#include "icons.hpp"
#include "motion_session.hpp"
#include "motion_words.hpp"
#include "number_spin.hpp"
#include "theme.hpp"

#include <QComboBox>
#include <QFormLayout>
#include <QHeaderView>
#include <QLabel>
#include <QPushButton>
#include <QSignalBlocker>
#include <QSlider>
#include <QStackedWidget>
#include <QTableWidget>
#include <QVBoxLayout>
#include <cmath>

namespace coxa {
namespace {

enum Column { Motion, Required, Reached, ColumnCount };

QTableWidgetItem* cell(const QString& text, Qt::Alignment alignment) {
  auto* item = new QTableWidgetItem(text);
  item->setTextAlignment(alignment | Qt::AlignVCenter);
  item->setToolTip(text);
  return item;
}

QIcon verdictIcon(Verdict verdict) {
  switch (verdict) {
    case Verdict::Met:
      return icon(QStringLiteral("check"), themeColors().good);
    case Verdict::NotMet:
      return icon(QStringLiteral("warning"), themeColors().warning);
    case Verdict::Unknown:
      return icon(QStringLiteral("info"), themeColors().accent);
    case Verdict::NotAsked:
      return {};
  }
  return {};
}

QString limitText(const MotionRow& row) {
  if (!row.startReached) return MotionPanel::tr("start not reached");
  if (!row.contact) return MotionPanel::tr("nothing touches");
  const Contact& contact = row.contact->contact;
  return MotionPanel::tr("%1 touches %2").arg(bodyText(contact.femurBody), bodyText(contact.pelvisBody));
}

QTableWidget* newTable(QWidget* parent) {
  auto* table = new QTableWidget(0, ColumnCount, parent);
  table->setAccessibleName(MotionPanel::tr("Range of motion against the profile"));
  table->setHorizontalHeaderLabels(
      {MotionPanel::tr("Motion"), MotionPanel::tr("Required"), MotionPanel::tr("Reached")});
  table->setEditTriggers(QAbstractItemView::NoEditTriggers);
  table->setSelectionBehavior(QAbstractItemView::SelectRows);
  table->setSelectionMode(QAbstractItemView::SingleSelection);
  table->setTabKeyNavigation(false);
  table->setShowGrid(false);
  table->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  table->verticalHeader()->hide();
  table->horizontalHeader()->setHighlightSections(false);
  table->horizontalHeader()->setSectionResizeMode(Motion, QHeaderView::Stretch);
  for (const int column : {Required, Reached})
    table->horizontalHeader()->setSectionResizeMode(column, QHeaderView::ResizeToContents);
  return table;
}

}  // namespace

MotionPanel::MotionPanel(MotionSession* motion, QWidget* parent)
    : QWidget(parent), motion_(motion), pages_(new QStackedWidget(this)), emptyText_(new QLabel(this)) {
  emptyText_->setWordWrap(true);
  emptyText_->setAlignment(Qt::AlignCenter);
  setQuiet(emptyText_);
  pages_->addWidget(emptyText_);
  pages_->addWidget(motionPage());
  auto* layout = new QVBoxLayout(this);
  layout->addWidget(pages_);
  connect(motion, &MotionSession::changed, this, &MotionPanel::showResult);
  connect(motion, &MotionSession::posed, this, &MotionPanel::showPose);
  showResult();
  showPose();
}

QWidget* MotionPanel::motionPage() {
  auto* page = new QWidget(this);
  auto* layout = new QVBoxLayout(page);
  layout->setContentsMargins(0, 0, 0, 0);
  auto* form = new QFormLayout;
  form->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);
  angles_ = {addAngle(form, tr("&Flexion"), tr("Flexion, degrees; negative is extension"), -40, 150,
                      &JointAngles::flexionDeg),
             addAngle(form, tr("A&dduction"), tr("Adduction, degrees; negative is abduction"), -70, 60,
                      &JointAngles::adductionDeg),
             addAngle(form, tr("&Internal rotation"), tr("Internal rotation, degrees; negative is external"),
                      -90, 90, &JointAngles::internalRotationDeg)};
  layout->addLayout(form);
  layout->addWidget(contactLine());
  layout->addWidget(profileRow());
  table_ = newTable(page);
  connect(table_, &QTableWidget::cellClicked, this, &MotionPanel::goToContact);
  connect(table_, &QTableWidget::cellActivated, this, &MotionPanel::goToContact);
  layout->addWidget(table_, 1);
  return page;
}

MotionPanel::AngleControl MotionPanel::addAngle(QFormLayout* form, const QString& caption,
                                                const QString& accessibleName, int minimum, int maximum,
                                                double JointAngles::*angle) {
  auto* slider = new QSlider(Qt::Horizontal, this);
  slider->setRange(minimum, maximum);
  slider->setPageStep(10);
  slider->setAccessibleName(accessibleName);
  auto* spin = new NumberSpin(accessibleName, minimum, maximum, 1.0, 0, tr("°"), this);
  const auto set = [this, angle](double value) {
    JointAngles angles = motion_->angles();
    angles.*angle = value;
    motion_->setAngles(angles);
  };
  connect(slider, &QSlider::valueChanged, this, set);
  connect(spin, &NumberSpin::edited, this, set);
  auto* row = new QHBoxLayout;
  row->addWidget(slider, 1);
  row->addWidget(spin);
  form->addRow(caption, row);
  static_cast<QLabel*>(form->labelForField(row))->setBuddy(slider);
  return {slider, spin, angle};
}

QWidget* MotionPanel::contactLine() {
  auto* row = new QWidget(this);
  auto* layout = new QHBoxLayout(row);
  layout->setContentsMargins(0, 0, 0, 0);
  contactIcon_ = new QLabel(row);
  contactText_ = new QLabel(row);
  contactText_->setWordWrap(true);
  auto* neutral = new QPushButton(icon(QStringLiteral("reset")), tr("Neutral"), row);
  neutral->setToolTip(tr("Bring the hip back to its neutral position"));
  neutral->setAccessibleName(neutral->toolTip());
  connect(neutral, &QPushButton::clicked, this, [this] { motion_->setAngles({}); });
  layout->addWidget(contactIcon_);
  layout->addWidget(contactText_, 1);
  layout->addWidget(neutral);
  return row;
}

QWidget* MotionPanel::profileRow() {
  auto* row = new QWidget(this);
  auto* layout = new QHBoxLayout(row);
  layout->setContentsMargins(0, 0, 0, 0);
  auto* caption = new QLabel(tr("Re&quired by"), row);
  profile_ = new QComboBox(row);
  profile_->setAccessibleName(tr("Required range of motion"));
  caption->setBuddy(profile_);
  for (const MotionProfile& profile : motionProfiles()) {
    profile_->addItem(QString::fromStdString(profile.name));
    profile_->setItemData(profile_->count() - 1, QString::fromStdString(profile.source), Qt::ToolTipRole);
  }
  connect(profile_, &QComboBox::currentIndexChanged, this,
          [this](int index) { motion_->setProfile(motionProfiles().at(static_cast<std::size_t>(index))); });
  state_ = new QLabel(row);
  setQuiet(state_);
  layout->addWidget(caption);
  layout->addWidget(profile_);
  layout->addWidget(state_, 1);
  return row;
}

void MotionPanel::showResult() {
  pages_->setCurrentIndex(motion_->isReady() ? 1 : 0);
  emptyText_->setText(motion_->isBusy() ? tr("Computing how far the hip moves…")
                                        : tr("Motion needs a plan: see the Plan tab."));
  state_->setText(motion_->isBusy() ? tr("computing…") : QString());
  if (!motion_->result()) return;
  const auto& rows = motion_->result()->rows;
  table_->setRowCount(static_cast<int>(rows.size()));
  for (int row = 0; row < table_->rowCount(); ++row) showRow(row, rows[static_cast<std::size_t>(row)]);
  table_->resizeRowsToContents();
}

void MotionPanel::showRow(int row, const MotionRow& result) {
  auto* motion = cell(directionText(result.direction) + QLatin1Char('\n') + limitText(result), Qt::AlignLeft);
  motion->setIcon(verdictIcon(result.verdict));
  if (const QString verdict = verdictText(result.verdict); !verdict.isEmpty())
    motion->setToolTip(motion->text() + QStringLiteral(": ") + verdict);
  table_->setItem(row, Motion, motion);
  const QString required =
      result.requiredDeg ? numberText(*result.requiredDeg, 0) + QStringLiteral("°") : "–";
  table_->setItem(row, Required, cell(required, Qt::AlignRight));
  table_->setItem(row, Reached,
                  cell(measuredText(result.reachedDeg, 0) + QStringLiteral("°"), Qt::AlignRight));
}

void MotionPanel::showPose() {
  for (const AngleControl& control : angles_) {
    const double value = motion_->angles().*control.angle;
    const QSignalBlocker quiet(control.slider);
    control.slider->setValue(static_cast<int>(std::lround(value)));
    control.spin->display(value);
  }
  const bool touching = !motion_->contacts().empty();
  contactIcon_->setPixmap(
      icon(touching ? "warning" : "check", touching ? themeColors().warning : themeColors().good)
          .pixmap(lineHeights(this, 1.0)));
  QStringList texts;
  for (const Contact& contact : motion_->contacts()) texts << contactText(contact);
  contactText_->setText(touching ? texts.join(QStringLiteral("; ")) : tr("Nothing touches"));
}

/// Shows the hip where that motion ends.
void MotionPanel::goToContact(int row) {
  if (!motion_->result()) return;
  const MotionRow& result = motion_->result()->rows.at(static_cast<std::size_t>(row));
  if (result.contact) motion_->showContact(*result.contact);
}

}  // namespace coxa
