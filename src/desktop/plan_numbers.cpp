#include "plan_numbers.hpp"

#include "format.hpp"
#include "icons.hpp"
#include "plan_warnings.hpp"
#include "theme.hpp"

#include "coxa/planning/plan.hpp"

#include <QGridLayout>
#include <QLabel>
#include <QVBoxLayout>
#include <optional>

namespace coxa {
namespace {

const QString kUnknown = QStringLiteral("–");

QString millimetres(const std::optional<Measured>& measured) {
  return measured ? PlanNumbers::tr("%1 mm").arg(signedMeasuredText(*measured, 1)) : kUnknown;
}

QString lengths(const std::optional<Measured>& measured) {
  return measured ? PlanNumbers::tr("%1 mm").arg(measuredText(*measured, 1)) : kUnknown;
}

QString percent(const std::optional<Measured>& measured) {
  return measured ? PlanNumbers::tr("%1 %").arg(measuredText(*measured, 0)) : kUnknown;
}

QString degrees(const std::optional<Measured>& measured) {
  return measured ? PlanNumbers::tr("%1°").arg(measuredText(*measured, 1)) : kUnknown;
}

void clear(QVBoxLayout* layout) {
  while (QLayoutItem* item = layout->takeAt(0)) {
    delete item->widget();
    delete item;
  }
}

QWidget* lineWithIcon(const QString& text, const QString& iconName, const QColor& color) {
  auto* line = new QWidget;
  auto* layout = new QHBoxLayout(line);
  layout->setContentsMargins(0, 0, 0, 0);
  auto* picture = new QLabel(line);
  picture->setPixmap(icon(iconName, color).pixmap(lineHeights(line, 1.0)));
  auto* label = new QLabel(text, line);
  label->setWordWrap(true);
  layout->addWidget(picture, 0, Qt::AlignTop);
  layout->addWidget(label, 1);
  return line;
}

}  // namespace

PlanNumbers::PlanNumbers(QWidget* parent) : QWidget(parent) {
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(0, 0, 0, 0);

  auto* headlines = new QGridLayout;
  legLength_ = addHeadline(headlines, 0, tr("Leg length change"));
  offset_ = addHeadline(headlines, 1, tr("Offset change"));
  layout->addLayout(headlines);

  warnings_ = new QVBoxLayout;
  layout->addLayout(warnings_);

  auto* rows = new QGridLayout;
  rows->setColumnStretch(0, 1);
  legLengthOther_ =
      addRow(rows, tr("Leg length against other side"), tr("What remains after the operation."));
  offsetOther_ = addRow(rows, tr("Offset against other side"), tr("What remains after the operation."));
  coverage_ = addRow(rows, tr("Cup covered by bone"), tr("Of the hemisphere, by bone within 5 mm."));
  medialWall_ =
      addRow(rows, tr("Medial wall left"), tr("Bone between the cup and the inside of the pelvis."));
  overhang_ = addRow(rows, tr("Anterior overhang"), tr("Of the cup's rim beyond the anterior bone."));
  stemVersion_ = addRow(rows, tr("Stem version"), tr("Of the neck in the femur frame; positive anteverted."));
  canalFill_ = addRow(rows, tr("Canal fill"), tr("Width of the stem over the width of the canal."));
  layout->addLayout(rows);

  zones_ = new QVBoxLayout;
  layout->addLayout(zones_);
}

QLabel* PlanNumbers::addHeadline(QGridLayout* grid, int column, const QString& caption) {
  auto* name = new QLabel(caption, this);
  setQuiet(name);
  auto* value = new QLabel(kUnknown, this);
  setHeading(value, 1.35);
  value->setAccessibleName(caption);
  grid->addWidget(name, 0, column);
  grid->addWidget(value, 1, column);
  return value;
}

QLabel* PlanNumbers::addRow(QGridLayout* grid, const QString& caption, const QString& toolTip) {
  const int row = grid->rowCount();
  auto* name = new QLabel(caption, this);
  setQuiet(name);
  name->setToolTip(toolTip);
  auto* value = new QLabel(kUnknown, this);
  value->setAccessibleName(caption);
  grid->addWidget(name, row, 0);
  grid->addWidget(value, row, 1, Qt::AlignRight);
  return value;
}

void PlanNumbers::display(const PlanMeasures& m) {
  legLength_->setText(millimetres(m.legLengthChangeMm));
  offset_->setText(millimetres(m.offsetChangeMm));
  legLengthOther_->setText(millimetres(m.legLengthAgainstOtherSideMm));
  offsetOther_->setText(millimetres(m.offsetAgainstOtherSideMm));
  coverage_->setText(percent(m.coveragePercent));
  medialWall_->setText(lengths(m.medialWallMm));
  overhang_->setText(lengths(m.anteriorOverhangMm));
  stemVersion_->setText(degrees(m.stemVersionDeg));
  canalFill_->setText(percent(m.canalFillPercent));

  clear(zones_);
  for (const ZoneStatement& zone : m.zones) {
    const bool kept = zone.probability >= 0.5;
    const QString text =
        (kept ? tr("%1: kept with a probability of %2 %") : tr("%1: probably outside, kept only with %2 %"))
            .arg(QString::fromStdString(zone.text), numberText(100.0 * zone.probability, 0));
    zones_->addWidget(
        lineWithIcon(text, kept ? "check" : "warning", kept ? themeColors().good : themeColors().warning));
  }
  showWarnings(planWarnings(m));
}

void PlanNumbers::showWarnings(const QStringList& warnings) {
  clear(warnings_);
  for (const QString& warning : warnings)
    warnings_->addWidget(lineWithIcon(warning, QStringLiteral("warning"), themeColors().warning));
}

}  // namespace coxa
